/**
 * Preserving held clips against `cp` of the same files: copies with their SHA-256, made durable, with their rows in the
 * index; not the decode, which follows in the background. Both sides include making their files durable: `cp` is
 * followed by one fsync of each file and of the directory (`sync FILE...`). The sources have been read before either; runs
 * alternate, and before each of them nothing waits to be written. Same file system for all of it; medians. `cp` copies the
 * bytes also where the file system could share them (`--reflink=never`): sharing reads nothing, and proves nothing.
 */
import { execFileSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import {
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { after } from '../../src/base/delay.ts';
import { newId } from '../../src/base/ids.ts';
import { createRootClient, type RootClient } from '../../src/disk/root-client.ts';
import { HoldSet } from '../../src/holds/hold-set.ts';
import type { Preserver } from '../../src/holds/keep/preserver.ts';
import { DAY, T0, makeFootage, type Footage } from '../support/footage.ts';
import { preserverOn } from '../support/preserving.ts';
import { holdOver } from '../support/sweeping.ts';
import { MIB, took, type Bench, type Group, type Measured } from './bench.ts';
import { median } from './figures.ts';

const CLIPS = 160;
const CLIP_BYTES = 5 * MIB;
/** Pairs of runs; in each other pair the other one begins. */
const PAIRS = 5;
const START = T0 - DAY;

export const preserving: Group = {
  name: 'preserving',
  figures: ['preserve-vs-cp'],
  run: measurePreserving,
};

async function measurePreserving(bench: Bench): Promise<Measured> {
  const count = Math.ceil(CLIPS * bench.scale);
  const f = makeFootage({ dir: bench.dir('preserving') });
  const client = createRootClient({
    address: () => f.address,
    spawn: () =>
      new Worker(new URL('../../src/root-worker.ts', import.meta.url), { trackUnmanagedFds: false }),
    after,
    failing: () => undefined,
  });
  try {
    record(f, count);
    const preserver = preserverOver(f, client);
    const times = { cp: [] as number[], preserve: [] as number[] };
    const byCp = async (): Promise<void> => void times.cp.push(await cp(f));
    const byPreserver = async (): Promise<void> =>
      void times.preserve.push(await preserve(f, { preserver, count }));
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const [first, second] = pair % 2 === 0 ? [byCp, byPreserver] : [byPreserver, byCp];
      await first();
      await second();
      // The first pair begins threads, and makes the machine give memory: it is not counted.
      if (pair === 0) [times.cp, times.preserve] = [[], []];
    }
    const bytes = count * CLIP_BYTES;
    const [cpMs, preserveMs] = [median(times.cp), median(times.preserve)];
    const speed = (ms: number): string => `${(bytes / 1000 / ms).toFixed(0)} MB/s`;
    const list = (all: readonly number[]): string => all.map((ms) => ms.toFixed(0)).join(', ');
    bench.say(
      `preserving: ${String(count)} clips of ${String(CLIP_BYTES / MIB)} MiB, copied, hashed and made durable: ` +
        `${list(times.preserve)} ms (${speed(preserveMs)}); cp and sync: ${list(times.cp)} ms (${speed(cpMs)})`,
    );
    return { 'preserve-vs-cp': cpMs / preserveMs };
  } finally {
    await client.stop();
    f.close();
  }
}

/** Clips of bytes that no file system can make smaller, all under one hold. */
function record(f: Footage, count: number): void {
  const content = randomFillSync(Buffer.alloc(CLIP_BYTES));
  for (let n = 0; n < count; n += 1) {
    const startMs = START + n * 10_000;
    const path = `cam/${String(n)}.mp4`;
    f.add(path, { startMs, endMs: startMs + 10_000, sizeBytes: CLIP_BYTES });
    const { atime, mtime } = statSync(f.path(path));
    content.writeUInt32BE(n);
    writeFileSync(f.path(path), content);
    utimesSync(f.path(path), atime, mtime);
  }
  // As the index knows them: with the times they have now.
  for (const name of readdirSync(f.path('cam'))) {
    const { mtimeNs } = statSync(f.path(join('cam', name)), { bigint: true });
    f.db.prepare('UPDATE clip SET mtime_ns = ? WHERE name = ?').run(mtimeNs, name);
    readFileSync(f.path(join('cam', name)));
  }
}

function preserverOver(f: Footage, disk: RootClient): Preserver {
  const set = new HoldSet();
  set.add(holdOver(['entrance'], START, START + DAY));
  return preserverOn(f, { disk, set, nowMs: () => T0 });
}

async function preserve(
  f: Footage,
  { preserver, count }: { readonly preserver: Preserver; readonly count: number },
): Promise<number> {
  const ms = await took(() => preserver.run());
  const made = f.db.prepare('SELECT count(*) FROM copy WHERE state = 1').pluck().get() as number;
  if (made !== count) throw new Error(`${String(made)} of ${String(count)} were preserved`);
  f.db.exec('DELETE FROM copy');
  putAside(f, f.path('.fortnight/copies'));
  return ms;
}

async function cp(f: Footage): Promise<number> {
  const to = f.path('.fortnight/by-cp');
  mkdirSync(to);
  const names = readdirSync(f.path('cam'));
  const ms = await took(() => {
    execFileSync('cp', ['--reflink=never', ...names.map((name) => f.path(join('cam', name))), to]);
    execFileSync('sync', [...names.map((name) => join(to, name)), to]);
  });
  putAside(f, to);
  return ms;
}

/** Removed at the end: a disk that is told of freed blocks works on that while the next run is measured. */
function putAside(f: Footage, dir: string): void {
  renameSync(dir, f.path(join('.fortnight', newId())));
  execFileSync('sync');
}
