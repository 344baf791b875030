/** What happens to a process: signals, defects, memory, a second one, a disk that fails under it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Daemon, command, writeSite, type Site } from '../support/daemon.ts';
import { HANG_MS } from '../support/hang.ts';
import { CREDENTIALS, addUser } from './whole-life.ts';
import { makeScene, type Scene } from './scene.ts';
import { straceMissing } from './strace.ts';

const LIMIT = { timeout: HANG_MS };
const DAY = 86_400_000;
let scene: Scene;
let site: Site;
let running: Daemon[];

beforeEach(() => {
  scene = makeScene(tmpdir(), { footage: false });
  site = writeSite(join(scene.log, '..'), scene.places);
  running = [];
});
afterEach(async () => {
  for (const daemon of running) daemon.kill('SIGKILL');
  await Promise.all(running.map((d) => d.ended));
  scene.remove();
});

function start(options?: ConstructorParameters<typeof Daemon>[1], at = site): Promise<Daemon> {
  const daemon = new Daemon(at, options);
  running.push(daemon);
  return daemon.started();
}

/** A daemon that suffers this on SIGUSR2. */
function misfortune(kind: string): { node: string[] } {
  const preload = new URL('../support/misfortune.mjs', import.meta.url);
  return { node: ['--import', `${preload.href}?${kind}`] };
}

/** Clips of one day that is long over. */
function record(clips: number): void {
  const dir = join(site.footage, 'entrance');
  mkdirSync(dir, { recursive: true });
  const midnight = Math.floor(Date.now() / DAY) * DAY - 20 * DAY;
  for (let i = 0; i < clips; i += 1) {
    const at = new Date(midnight + i * 10_000);
    const name = at
      .toISOString()
      .replace(/[-:]|\.\d+Z$/g, '')
      .replace('T', '_');
    const file = join(dir, `${name}.mp4`);
    writeFileSync(file, 'footage');
    utimesSync(file, at, at);
  }
}

const left = (): number => readdirSync(join(site.footage, 'entrance')).length;

async function expectWhole(): Promise<void> {
  const again = await start();
  await again.call('reconcile', {});
  expect((await again.stop()).status).toBe(0);
  expect(command(site, ['check'])).toMatchObject({ status: 0 });
}

describe('a daemon', () => {
  it(
    'F-P10: told to end during a sweep, finishes its batch and ends within a second or two, with nothing half done',
    LIMIT,
    async () => {
      record(1500);
      const daemon = await start();
      await addUser(daemon);
      await daemon.call('reconcile', {});
      await daemon.call('roots.adopt', { ...CREDENTIALS, rootId: 'nvr', trustNames: false });
      const sweep = daemon.call('retention.sweep', {}).catch(() => undefined);
      await daemon.line('"event":"deletion_ended"');
      expect(await daemon.stop()).toEqual({ status: 0, signal: null });
      await sweep;
      expect(left()).toBeGreaterThan(0);
      expect(left()).toBeLessThan(1500);
      expect(command(site, ['check'])).toMatchObject({ status: 0 });
    },
  );

  it(
    'F-P11: reads its certificate again on SIGHUP, does not mind SIGPIPE, ends in order on SIGINT',
    LIMIT,
    async () => {
      const daemon = await start();
      for (const signal of ['SIGHUP', 'SIGPIPE'] as const) daemon.kill(signal);
      await daemon.call('status', {});
      daemon.kill('SIGINT');
      expect(await daemon.ended).toEqual({ status: 0, signal: null });
    },
  );

  it(
    'F-P11: whose end hangs, ends at once when it is told a second time, and loses nothing',
    LIMIT,
    async () => {
      const daemon = await start(misfortune('hang'));
      daemon.kill('SIGUSR2');
      await daemon.line('misfortune hang');
      daemon.kill('SIGTERM');
      await daemon.line('"event":"stopping"');
      daemon.kill('SIGTERM');
      expect(await daemon.ended).toEqual({ status: 143, signal: null });
      await expectWhole();
    },
  );

  it.each([
    ['rejection', 'nobody looked at this'],
    ['exception', 'nobody caught this'],
  ])(
    'F-P14: ends with 1 and says why after an unhandled %s, and starts again',
    LIMIT,
    async (kind, message) => {
      const daemon = await start(misfortune(kind));
      daemon.kill('SIGUSR2');
      expect((await daemon.ended).status).toBe(1);
      expect(daemon.output).toContain(message);
      await expectWhole();
    },
  );

  it(
    'F-P12: that runs out of memory is gone at once, and starts again with everything it had acknowledged',
    LIMIT,
    async () => {
      const { node } = misfortune('heap');
      const daemon = await start({ node: ['--max-old-space-size=96', ...node] });
      await addUser(daemon);
      daemon.kill('SIGUSR2');
      expect((await daemon.ended).signal).toBe('SIGABRT');
      const again = await start();
      await expect(addUser(again)).rejects.toMatchObject({ code: 'conflict' });
      await again.stop();
      await expectWhole();
    },
  );

  it(
    'F-P16: leaves a second one outside, also over a copy of its state directory, before anything is touched',
    LIMIT,
    async () => {
      const daemon = await start();
      const second = new Daemon(site);
      expect((await second.ended).status).toBe(73);
      const copy = join(site.state, '..', 'copy');
      cpSync(site.state, copy, { recursive: true, filter: (path) => !path.endsWith('.sock') });
      const before = readFileSync(join(site.footage, '.fortnight', 'marker.json'));
      const third = new Daemon(writeSite(copy, { state: copy, footage: site.footage }));
      expect((await third.ended).status).toBe(73);
      expect(readFileSync(join(site.footage, '.fortnight', 'marker.json'))).toEqual(before);
      await daemon.call('status', {});
    },
  );
});

/** Makes a call of a running daemon fail from now on, on this path only. Resolves when strace is attached. */
async function fail(daemon: Daemon, calls: string, path: string): Promise<ChildProcess> {
  const args = ['-f', '-o', scene.log, '-p', String(daemon.pid), '-P', path];
  const child = spawn('strace', [...args, '-e', `trace=${calls}`, '-e', `inject=${calls}:error=EIO`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (text: Buffer) => {
      if (text.includes('attached')) resolve();
    });
    child.once('exit', () => {
      reject(new Error('strace did not attach'));
    });
  });
  return child;
}

describe('F-P8: an fsync that fails', () => {
  it(
    'below the state directory ends the daemon with 70, and it starts again with what was acknowledged',
    LIMIT,
    async (ctx) => {
      const missing = straceMissing();
      if (missing !== undefined) return ctx.skip(missing);
      const daemon = await start();
      await fail(daemon, 'fsync,fdatasync', join(site.state, 'index.db-wal'));
      await addUser(daemon).catch(() => undefined);
      expect((await daemon.ended).status).toBe(70);
      // It was not tried again.
      expect(readFileSync(scene.log, 'latin1').match(/INJECTED/g)).toHaveLength(1);
      await expectWhole();
    },
  );

  it(
    'F-S12: and an unlink that fails on a root claim nothing, and leave the rest of the daemon as it is',
    LIMIT,
    async (ctx) => {
      const missing = straceMissing();
      if (missing !== undefined) return ctx.skip(missing);
      record(3);
      const daemon = await start();
      await addUser(daemon);
      await daemon.call('reconcile', {});
      // Before the adoption: the daemon's own sweep may come at any moment after it.
      const strace = await fail(daemon, 'fsync', join(site.footage, 'entrance'));
      await daemon.call('roots.adopt', { ...CREDENTIALS, rootId: 'nvr', trustNames: false });
      await daemon.call('retention.sweep', {});
      const status = await daemon.call('status', {});
      expect(status).toMatchObject({ blocked: [{ rootId: 'nvr', reason: 'root_failing' }] });
      strace.kill('SIGINT');
      expect((await daemon.stop()).status).toBe(0);
      expect(existsSync(site.state)).toBe(true);
    },
  );
});

describe('F-P17: a command', () => {
  const READING = [['check'], ['audit', 'verify']];
  const THROUGH_THE_DAEMON = [['status'], ['holds', 'list'], ['users', 'list'], ['retention', 'plan']];

  it(
    'that goes through the daemon says so when none runs, and one that only reads does its work',
    LIMIT,
    async () => {
      const daemon = await start();
      for (const args of [...READING, ...THROUGH_THE_DAEMON])
        expect({ args, ...command(site, args) }).toMatchObject({ args, status: 0 });
      await daemon.stop();
      for (const args of READING) expect({ args, ...command(site, args) }).toMatchObject({ args, status: 0 });
      for (const args of THROUGH_THE_DAEMON)
        expect({ args, ...command(site, args) }).toMatchObject({ args, status: 69 });
    },
  );
});
