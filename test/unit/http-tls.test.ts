import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/base/clock.ts';
import { endsAtMs, keyPair } from '../../src/http/tls.ts';
import { makeWorld, NOW_MS } from '../support/http/world.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

let dir: Scratch;
beforeEach(() => {
  dir = scratch();
});
afterEach(() => {
  dir.remove();
});

const own = { tls: undefined, hosts: ['fortnight.test', '192.0.2.7', '[2001:db8::7]'] };

describe('the certificate of our own', () => {
  it('is made at first start for every name of ours, for about two years, and readable by nobody else', async () => {
    const { cert } = await keyPair(own, dir.path, NOW_MS);
    const parsed = new X509Certificate(cert);
    for (const name of ['fortnight.test', 'localhost']) expect(parsed.checkHost(name)).toBe(name);
    for (const ip of ['192.0.2.7', '2001:db8::7', '127.0.0.1', '::1']) expect(parsed.checkIP(ip)).toBe(ip);
    expect(Date.parse(parsed.validFrom)).toBeLessThan(NOW_MS);
    expect(endsAtMs({ cert, key: '' }) - NOW_MS).toBeGreaterThan(720 * DAY_MS);
    expect(statSync(join(dir.path, 'tls')).mode & 0o777).toBe(0o700);
    for (const name of ['key.pem', 'cert.pem'])
      expect(statSync(join(dir.path, 'tls', name)).mode & 0o777).toBe(0o600);
  });

  it('stays the same over starts, so that people who trusted it go on to', async () => {
    const first = await keyPair(own, dir.path, NOW_MS);
    expect(await keyPair(own, dir.path, NOW_MS + 300 * DAY_MS)).toEqual(first);
  });

  it.each([
    ['a name was added', { ...own, hosts: [...own.hosts, 'new.test'] }, NOW_MS],
    ['its end is near', own, NOW_MS + 705 * DAY_MS],
    ['the clock was wrong when it was made', own, NOW_MS - 400 * DAY_MS],
  ])('is made again when %s', async (_, config, wallMs) => {
    const first = await keyPair(own, dir.path, NOW_MS);
    const second = await keyPair(config, dir.path, wallMs);
    expect(second.cert).not.toBe(first.cert);
    expect(Date.parse(new X509Certificate(second.cert).validTo)).toBeGreaterThan(wallMs + 700 * DAY_MS);
  });

  it('is made again when its file is torn', async () => {
    await keyPair(own, dir.path, NOW_MS);
    writeFileSync(join(dir.path, 'tls', 'cert.pem'), '-----BEGIN CERT');
    expect((await keyPair(own, dir.path, NOW_MS)).cert).toContain('END CERTIFICATE');
  });
});

describe('a configured certificate', () => {
  it('is used as it is', async () => {
    const { cert, key } = await keyPair(own, dir.path, NOW_MS);
    const [certFile, keyFile] = [join(dir.path, 'c.pem'), join(dir.path, 'k.pem')];
    writeFileSync(certFile, cert);
    writeFileSync(keyFile, key);
    expect(await keyPair({ ...own, tls: { certFile, keyFile } }, join(dir.path, 'state'), NOW_MS)).toEqual({
      cert,
      key,
    });
  });

  it('that cannot be read is refused before anything listens', async () => {
    const tls = { certFile: join(dir.path, 'none.pem'), keyFile: join(dir.path, 'none.key') };
    await expect(keyPair({ ...own, tls }, dir.path, NOW_MS)).rejects.toMatchObject({
      code: 'config_invalid',
    });
  });
});

describe('the server', () => {
  it('takes a new certificate without a restart', async () => {
    const world = await makeWorld();
    const seen = (): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect({ port: world.port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
          resolve(socket.getPeerX509Certificate()!.fingerprint256);
          socket.destroy();
        });
      });
    try {
      const before = await seen();
      await world.server.reloadCertificate();
      expect(await seen()).toBe(before);
      const file = join(world.dir, 'tls', 'cert.pem');
      writeFileSync(file, readFileSync(file, 'utf8').slice(0, 40));
      await world.server.reloadCertificate();
      expect(await seen()).not.toBe(before);
      expect(world.server.certificateEndsMs()).toBeGreaterThan(NOW_MS);
    } finally {
      await world.close();
    }
  });
});
