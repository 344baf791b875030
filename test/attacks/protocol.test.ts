/** Attacks on headers, TLS and HTTP itself: section F of the list of faults and attacks. */
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchangeRaw, Client, watcher, type Reply } from '../support/http/client.ts';
import { makeWorld, type World } from '../support/http/world.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.close());

const HOST = 'Host: localhost\r\n';
const LOGIN = 'POST /api/v1/session HTTP/1.1\r\n';
const JSON_TYPE = 'Content-Type: application/json\r\n';

describe('F protocol', () => {
  it.each([
    [
      'both a length and chunks',
      `${LOGIN}${HOST}${JSON_TYPE}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['two lengths', `${LOGIN}${HOST}${JSON_TYPE}Content-Length: 5\r\nContent-Length: 6\r\n\r\n{"a":1`],
    ['chunks', `${LOGIN}${HOST}${JSON_TYPE}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`],
    [
      'chunk extensions',
      `${LOGIN}${HOST}${JSON_TYPE}Transfer-Encoding: chunked\r\n\r\n2;x=y\r\n{}\r\n0\r\n\r\n`,
    ],
    ['an unknown transfer coding', `${LOGIN}${HOST}${JSON_TYPE}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['bare line feeds', `GET /api/v1/site HTTP/1.1\n${HOST.replace('\r', '')}\n`],
    ['a folded header', `GET /api/v1/site HTTP/1.1\r\n${HOST}X-A: b\r\n c\r\n\r\n`],
    ['a space before the colon', `GET /api/v1/site HTTP/1.1\r\n${HOST}X-A : b\r\n\r\n`],
    ['a NUL in a header', `GET /api/v1/site HTTP/1.1\r\n${HOST}X-A: b\0c\r\n\r\n`],
    ['a made-up method', `FOO /api/v1/site HTTP/1.1\r\n${HOST}\r\n`],
    ['no version', 'GET /api/v1/site\r\n\r\n'],
  ])('A-F1 %s: 400, and the connection closes', async (_, text) => {
    const second = `GET /api/v1/site HTTP/1.1\r\n${HOST}\r\n`;
    const answer = await exchangeRaw(world.port, text + second);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer.match(/HTTP\/1\.1 \d{3}/g)).toHaveLength(1);
    expect(answer.toLowerCase()).toContain('connection: close');
    expect(answer.toLowerCase()).toContain('strict-transport-security: ');
  });

  it('A-F2 TRACE echoes nothing, CONNECT connects nothing', async () => {
    const trace = await exchangeRaw(
      world.port,
      `TRACE /api/v1/site HTTP/1.1\r\n${HOST}X-Secret: 1\r\nConnection: close\r\n\r\n`,
    );
    expect(trace).toMatch(/^HTTP\/1\.1 405 /);
    expect(trace).not.toContain('X-Secret');
    expect(await exchangeRaw(world.port, `CONNECT evil.example:443 HTTP/1.1\r\n${HOST}\r\n`)).not.toContain(
      '200',
    );
  });

  it.each(['h2c', 'websocket'])('A-F2 an upgrade to %s is not taken up', async (to) => {
    const text = `GET /api/v1/site HTTP/1.1\r\n${HOST}Connection: Upgrade, close\r\nUpgrade: ${to}\r\nSec-WebSocket-Key: x\r\n\r\n`;
    const answer = await exchangeRaw(world.port, text);
    expect(answer).not.toContain('101');
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  const handshake = (options: object): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(
        { port: world.port, host: '127.0.0.1', rejectUnauthorized: false, ...options },
        () => {
          resolve(`${String(socket.getProtocol())} ${socket.getCipher().name}`);
          socket.destroy();
        },
      );
      socket.on('error', () => {
        resolve('refused');
      });
    });

  it('A-F3 TLS 1.2 and 1.3 only, with forward secrecy and authenticated encryption only', async () => {
    expect(await handshake({ minVersion: 'TLSv1.3' })).toMatch(/^TLSv1\.3 /);
    expect(await handshake({ maxVersion: 'TLSv1.2' })).toMatch(/^TLSv1\.2 ECDHE-.*(GCM|POLY1305)/);
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' };
    expect(await handshake(old)).toBe('refused');
    for (const ciphers of [
      'AES128-GCM-SHA256',
      'ECDHE-ECDSA-AES128-SHA256',
      'AES256-SHA',
      'ECDHE-ECDSA-AES256-SHA',
    ])
      expect(await handshake({ maxVersion: 'TLSv1.2', ciphers: `${ciphers}:@SECLEVEL=0` })).toBe('refused');
  });

  it('A-F3 and D7: every answer carries the security headers, whatever its status', async () => {
    const clip = world.addClip(Buffer.from('footage'));
    const viewer = await watcher(world.port);
    const media = `/api/v1/clips/${String(clip.id)}/media`;
    const stranger = new Client(world.port);
    const replies: [number, Reply][] = [
      [200, await stranger.get('/api/v1/site')],
      [206, await viewer.get(media, { headers: { range: 'bytes=0-1' } })],
      [416, await viewer.get(media, { headers: { range: 'bytes=99-' } })],
      [401, await stranger.get('/api/v1/status')],
      [403, await viewer.get('/api/v1/accounts')],
      [404, await stranger.get('/nothing')],
      [405, await stranger.ask('POST', '/api/v1/site')],
      [
        415,
        await stranger.ask('POST', '/api/v1/session', { raw: 'x', headers: { 'content-type': 'text/html' } }),
      ],
      [421, await stranger.get('/', { headers: { host: 'evil.example' } })],
    ];
    for (const [status, { status: got, headers }] of replies) {
      expect(got).toBe(status);
      expect(headers['strict-transport-security']).toMatch(/^max-age=\d{8}/);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['x-powered-by']).toBeUndefined();
      expect(headers['server']).toBeUndefined();
    }
  });

  it('A-F4 errors are problem documents and tell nothing of the inside', async () => {
    const hall = await new Client(world.port).enter('facility');
    const echo = '<img src=x onerror=alert(1)>';
    const replies = [
      await hall.get(`/${'x'.repeat(40)}`),
      await hall.get(`/api/v1/coverage?from=${encodeURIComponent(echo)}&to=1`),
      await hall.get(`/api/v1/coverage?${encodeURIComponent(echo)}=1`),
      await hall.ask('POST', '/api/v1/holds', { body: { [echo]: echo, caseRef: echo } }),
      await hall.ask('POST', '/api/v1/holds', { raw: `{"caseRef":${echo}` }),
      await hall.get('/api/v1/cameras/nowhere/coverage?from=1&to=2'),
    ];
    for (const { status, headers, bytes, json } of replies) {
      expect([400, 404]).toContain(status);
      expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
      expect([json['status'], json['type']]).toEqual([
        status,
        `urn:fortnight:problem:${String(json['code'])}`,
      ]);
      expect(bytes.toString()).not.toMatch(/onerror|node_modules|src\/|\.ts|at \w+ \(|SELECT|sqlite/i);
    }
  });

  it('A-F4 a defect of ours is a code and nothing more', async () => {
    const viewer = await watcher(world.port);
    world.clips.clip = () => {
      throw new TypeError('secret at /srv/footage');
    };
    const reply = await viewer.get('/api/v1/clips/1');
    expect([reply.status, reply.json['code']]).toEqual([500, 'internal']);
    expect(reply.bytes.toString()).not.toContain('secret');
  });

  it('A-G4 bombs of JSON and of parameters are refused quickly', async () => {
    const client = await new Client(world.port).enter('facility');
    const nested = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
    const manyKeys = JSON.stringify(
      Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`k${String(i)}`, 1])),
    );
    for (const raw of [nested, manyKeys])
      expect((await client.ask('POST', '/api/v1/holds', { raw })).status).toBe(400);
    expect((await client.ask('POST', '/api/v1/holds', { raw: ' '.repeat(70_000) })).status).toBe(413);
    const query = Array.from({ length: 200 }, (_, i) => `a${String(i)}=1`).join('&');
    expect((await client.get(`/api/v1/holds?${query}`)).status).toBe(400);
    expect((await client.get('/api/v1/coverage?from=0&to=253402300799999')).status).toBe(400);
  });
});
