/** Copies that are read again: what is no longer what was hashed is found, said, and made anew. */
import { chmodSync, existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { breathe } from '../../src/base/delay.ts';
import { systemFiles } from '../../src/base/file-calls.ts';
import { silentLog } from '../../src/base/log.ts';
import { createCopyStore } from '../../src/db/holds/copies.ts';
import { createReadingStore } from '../../src/db/holds/readings.ts';
import { HoldSet } from '../../src/holds/hold-set.ts';
import type { Preserver } from '../../src/holds/keep/preserver.ts';
import { READ_AGAIN_MS, Verifier } from '../../src/holds/keep/verifier.ts';
import { copyDiskOn } from '../support/copy-disk.ts';
import { DAY, T0, makeFootage, type Footage } from '../support/footage.ts';
import { preserverOn } from '../support/preserving.ts';
import { holdOver } from '../support/sweeping.ts';

const START = T0 - 20 * DAY;
let f: Footage;
let nowMs: number;
let said: number;
let preserver: Preserver;
let verifier: Verifier;
let id: number;

beforeEach(async () => {
  f = makeFootage();
  [nowMs, said] = [T0, 0];
  const set = new HoldSet();
  set.add(holdOver(['entrance'], START, START + 3_600_000));
  const disk = copyDiskOn(f, () => systemFiles);
  const common = { disk, nowMs: () => nowMs, log: silentLog };
  preserver = preserverOn(f, { ...common, set });
  verifier = new Verifier({
    ...common,
    store: createReadingStore(f.db),
    roots: () => ['nvr'],
    onFound: () => (said += 1),
  });
  id = f.add('cam/1.mp4', { startMs: START + 60_000, endMs: START + 70_000, sizeBytes: 100_000 });
  await preserver.run();
});
afterEach(() => {
  f.close();
});

const copy = (): string => {
  const { dir, name } = createCopyStore(f.db).places(id)[0]!;
  return f.path(join(dir, name));
};
const row = (): unknown => f.db.prepare('SELECT state, found, read_ms FROM copy').get();
const original = (): Buffer => readFileSync(f.path('cam/1.mp4'));

/** As a disk does that loses a bit: nothing but the content tells. */
function flipOneBit(): void {
  const path = copy();
  const content = readFileSync(path);
  content[50_000]! ^= 1;
  const { atime, mtime } = systemFiles.statSync(path);
  chmodSync(path, 0o600);
  writeFileSync(path, content);
  utimesSync(path, atime, mtime);
}

describe('a copy', () => {
  it('is read again after thirty days of the retention clock, and not before', async () => {
    nowMs += READ_AGAIN_MS - 1;
    await verifier.run();
    expect(row()).toEqual({ state: 1, found: null, read_ms: null });
    nowMs += 1;
    await verifier.run();
    expect(row()).toEqual({ state: 1, found: null, read_ms: nowMs });
    nowMs += DAY;
    await verifier.run();
    expect(row()).toMatchObject({ read_ms: nowMs - DAY });
    expect(said).toBe(0);
  });

  it('that lost a bit is found, said, and made anew from the original', async () => {
    flipOneBit();
    nowMs += READ_AGAIN_MS;
    await verifier.run();
    expect([row(), said]).toEqual([{ state: 1, found: 4, read_ms: nowMs }, 1]);
    await preserver.run();
    expect(row()).toEqual({ state: 1, found: null, read_ms: null });
    expect(readFileSync(copy())).toEqual(original());
  });

  it('that lost a bit is kept, and stays said, when there is nothing better', async () => {
    flipOneBit();
    rmSync(f.path('cam/1.mp4'));
    nowMs += READ_AGAIN_MS;
    await verifier.run();
    await preserver.run();
    expect(row()).toMatchObject({ state: 1, found: 4 });
    expect(existsSync(copy())).toBe(true);
  });

  it('that somebody removed is found and made anew', async () => {
    rmSync(copy());
    nowMs += READ_AGAIN_MS;
    await verifier.run();
    expect(said).toBe(1);
    await preserver.run();
    expect(readFileSync(copy())).toEqual(original());
  });

  it('that somebody only touched is what it was, and is played again', async () => {
    utimesSync(copy(), 1, 1);
    nowMs += READ_AGAIN_MS;
    await verifier.run();
    expect([said, createCopyStore(f.db).places(id)[0]?.mtimeNs]).toEqual([0, 1_000_000_000n]);
  });
});

it('a clip that goes waits for the reading of its copy', async () => {
  const reading = Promise.withResolvers<readonly never[]>();
  nowMs += READ_AGAIN_MS;
  const slow = new Verifier({
    store: createReadingStore(f.db),
    disk: { readCopies: () => reading.promise },
    roots: () => ['nvr'],
    onFound: () => undefined,
    nowMs: () => nowMs,
    log: silentLog,
  });
  const running = slow.run();
  let over = false;
  const waiting = slow.over([id]).then(() => (over = true));
  await breathe();
  expect(over).toBe(false);
  reading.resolve([]);
  await waiting;
  await running;
});
