import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildImage, cannotRun, startImage, type Built } from '../tools/dockerfile-in-chroot.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

const CONFIG = `
site: { name: Test, controller: Test B.V., contact: test@example.org, timeZone: Europe/Amsterdam, country: NL }
retention: { days: 3 }
cameras:
  - { id: hall, name: Hall, purpose: Testing the image }
sources:
  - { id: nvr, root: /srv/footage, layout: frigate, cameras: { hall: hall } }
http: { port: 0 }
metrics: { enabled: false }
`;

const reason = cannotRun();
let work: Scratch;
let image: Built;

beforeAll(() => {
  work = scratch('fortnight-image-');
  if (reason === undefined) image = buildImage(work.path, () => undefined);
});
afterAll(() => {
  work.remove();
});

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

async function run(command: readonly string[], binds: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const child = startImage(image, command, binds);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (part: Buffer) => (output += part.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, output };
}

describe('the image', () => {
  it('has the program, and the Node of the image runs it', async (ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    expect(await run(['fortnight', 'version'])).toMatchObject({ status: 0 });
  });

  it('runs without root and cannot change itself', async (ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    expect((await run(['id', '-u'])).output.trim()).toBe('10001');
    expect((await run(['touch', '/usr/lib/fortnight/x'])).status).not.toBe(0);
    expect((await run(['touch', '/var/lib/fortnight/x'])).status).toBe(0);
  });

  it('starts the daemon, becomes healthy, and stops when it is told to', async (ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    const etc = join(work.path, 'etc');
    const footage = join(work.path, 'footage');
    mkdirSync(etc);
    mkdirSync(footage);
    chmodSync(footage, 0o777);
    writeFileSync(join(etc, 'fortnight.yaml'), CONFIG);
    const binds = { [etc]: '/etc/fortnight', [footage]: '/srv/footage' };
    expect((await run(image.healthcheck, binds)).status).not.toBe(0);
    const daemon = startImage(image, image.start, binds);
    const ended = once(daemon, 'close') as Promise<[number | null]>;
    await vi.waitFor(
      async () => {
        expect((await run(image.healthcheck, binds)).status).toBe(0);
      },
      { timeout: 60_000, interval: 1000 },
    );
    daemon.kill('SIGTERM');
    expect((await ended)[0]).toBe(0);
  });
});
