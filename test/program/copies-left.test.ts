/** Copies that cannot be made although something lies under their name: the daemon ended before it could say so. */
import { appendFileSync, existsSync, readFileSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemFiles } from '../../src/base/file-calls.ts';
import { createCopyStore } from '../../src/db/holds/copies.ts';
import { HoldSet } from '../../src/holds/hold-set.ts';
import type { CopyStore } from '../../src/holds/keep/copies.ts';
import { copyDiskOn } from '../support/copy-disk.ts';
import { DAY, T0, makeFootage, type Footage } from '../support/footage.ts';
import { preserverOn } from '../support/preserving.ts';
import { holdOver, makeSweeping } from '../support/sweeping.ts';

const START = T0 - 20 * DAY;
const ASKED = 0;
const MADE = 1;
let f: Footage;
let store: CopyStore;
let set: HoldSet;
let id: number;
let content: Buffer;

beforeEach(async () => {
  f = makeFootage();
  store = createCopyStore(f.db);
  set = new HoldSet();
  set.add(holdOver(['entrance'], START, START + 3_600_000));
  id = f.add('cam/1.mp4', { startMs: START + 60_000, endMs: START + 70_000, sizeBytes: 100_000 });
  content = readFileSync(source());
  const ended = { ...store, answered: () => undefined };
  await preserverOn(f, { set, store: ended }).run();
  expect([states(), onDisk()]).toEqual([[ASKED], [expect.stringMatching(/\.copy$/)]]);
});
afterEach(() => {
  f.close();
});

const source = (): string => f.path('cam/1.mp4');
const states = (): unknown[] => f.db.prepare('SELECT state FROM copy').pluck().all();
const onDisk = (): string[] => readdirSync(f.path('.fortnight/copies'));
function expectCopied(): void {
  const { dir, name } = store.places(id)[0]!;
  expect(readFileSync(f.path(join(dir, name)))).toEqual(content);
  const sha256 = f.db.prepare('SELECT sha256 FROM copy').pluck().get();
  expect(sha256).toEqual(createHash('sha256').update(content).digest());
}

it('is the copy when the recorder took the original away meanwhile', async () => {
  rmSync(source());
  await preserverOn(f, { set }).run();
  expect(states()).toEqual([MADE]);
  expectCopied();
});

it('is the copy when there is no room for another, and none is missing', async () => {
  const room: unknown[] = [];
  const onRoom = (rootId: string, missing: object): unknown => room.push({ rootId, ...missing });
  await preserverOn(f, { set, keepFreeBytes: () => Number.MAX_SAFE_INTEGER, onRoom }).run();
  expect(room).toEqual([{ rootId: 'nvr', clips: 0, bytes: 0 }]);
  expectCopied();
});

it('is no copy of a clip that grew, and goes with it all the same', async () => {
  appendFileSync(source(), 'more');
  f.db.prepare('UPDATE clip SET size_bytes = size_bytes + 4').run();
  rmSync(source());
  await preserverOn(f, { set }).run();
  expect([states(), store.places(id)]).toEqual([[ASKED], []]);
  await makeSweeping(f).sweeper.sweep();
  expect([onDisk(), states()]).toEqual([[], []]);
});

it('that cannot be read goes with its clip', async () => {
  rmSync(source());
  const openSync: typeof systemFiles.openSync = (path, flags, mode) => {
    if (String(path).endsWith('.copy')) throw Object.assign(new Error('i/o error'), { code: 'EIO' });
    return systemFiles.openSync(path, flags, mode);
  };
  await preserverOn(f, { set, disk: copyDiskOn(f, () => ({ ...systemFiles, openSync })) }).run();
  expect([states(), onDisk()]).toEqual([[ASKED], [expect.stringMatching(/\.copy$/)]]);
  await makeSweeping(f).sweeper.sweep();
  expect([onDisk(), states()]).toEqual([[], []]);
});

it('is no more than what was altered where that is known', async () => {
  await preserverOn(f, { set }).run();
  f.db.prepare('UPDATE copy SET found = 4').run();
  truncateSync(source());
  await preserverOn(f, { set }).run();
  expect(f.db.prepare('SELECT state, found FROM copy').all()).toEqual([{ state: MADE, found: 4 }]);
  expect(existsSync(source())).toBe(true);
});
