/** The index itself in trouble. */
import { closeSync, copyFileSync, fstatSync, openSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import { DAY, T0, makeFootage } from '../support/footage.ts';
import { makeSweeping } from '../support/sweeping.ts';
import { startWhole, type Whole } from '../support/whole.ts';

test('F-D16: while a backup tool holds the index nothing is deleted, and what was due goes with the next sweep', async () => {
  const f = makeFootage();
  const s = makeSweeping(f);
  f.add('cam/a.mp4', { startMs: T0 - 20 * DAY, endMs: T0 - 20 * DAY + 10_000 });
  const tool = new Database(f.db.name);
  f.db.pragma('busy_timeout = 50');
  tool.exec('BEGIN IMMEDIATE');
  await expect(s.sweeper.sweep()).rejects.toMatchObject({ code: 'SQLITE_BUSY' });
  const receipts = f.db.prepare('SELECT count(*) FROM receipt').pluck();
  expect([readdirSync(f.path('cam')), receipts.get()]).toEqual([['a.mp4'], 0]);
  tool.exec('ROLLBACK');
  expect((await s.sweeper.sweep()).deleted).toBe(1);
  expect([readdirSync(f.path('cam')), receipts.get()]).toEqual([[], 1]);
  tool.close();
  f.close();
});

const NOW = Date.UTC(2026, 10, 20, 12);
let w: Whole;
let due: string;
const start = async (): Promise<void> => {
  w = await startWhole({ clock: new SimulatedClock(NOW) });
  due = w.record('nvr', NOW - 20 * DAY);
  await w.app.rooms.ingest.reconcile('nvr', { full: true });
};

const index = (): string => join(w.dir, 'state', 'index.db');

/** Every page but the first is written over. */
function damage(): void {
  copyFileSync(index(), `${index()}.whole`);
  const fd = openSync(index(), 'r+');
  const { size } = fstatSync(fd);
  writeSync(fd, Buffer.alloc(size - 4096, 0x5a), 0, size - 4096, 4096);
  closeSync(fd);
}

test('F-D2: over a damaged index no start succeeds and nothing is deleted; with a whole one it goes on', async () => {
  await start();
  await expect(w.restart({}, damage)).rejects.toMatchObject({ code: 'storage_failed' });
  expect(w.has('nvr', due)).toBe(true);
  copyFileSync(`${index()}.whole`, index());
  await w.restart();
  await w.job('sweep');
  expect(w.has('nvr', due)).toBe(false);
  await w.close();
});
