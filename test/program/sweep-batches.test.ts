import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { everyRecord } from '../../src/audit/verify.ts';
import { createAuditStore } from '../../src/db/audit.ts';
import { MAX_BATCH } from '../../src/retention/batches.ts';
import { DAY, T0, makeFootage, type Footage } from '../support/footage.ts';
import { makeSweeping, type Sweeping } from '../support/sweeping.ts';

let f: Footage;
let s: Sweeping;
beforeEach(() => {
  f = makeFootage();
  s = makeSweeping(f);
});
afterEach(() => {
  f.close();
});

/** Due clips of one directory, all of one hour. */
const addDue = (count: number): void => {
  const start = T0 - 20 * DAY;
  for (let i = 0; i < count; i += 1)
    f.add(`cam/${String(i)}.mp4`, { startMs: start + i * 1000, endMs: start + (i + 1) * 1000 });
};
const receipts = (): Record<string, unknown>[] =>
  f.db.prepare('SELECT * FROM receipt ORDER BY id').all() as Record<string, unknown>[];

describe('a sweep of many batches', () => {
  it('unlinks nothing more once a directory could not be made durable', async () => {
    addDue(3 * MAX_BATCH);
    s.durableFailure = 'EIO';
    await s.sweeper.sweep();
    expect(readdirSync(f.path('cam'))).toHaveLength(2 * MAX_BATCH);
    expect(receipts()).toEqual([]);
    s.durableFailure = undefined;
    expect((await s.sweeper.sweep()).deleted).toBe(3 * MAX_BATCH);
    expect(receipts().map((r) => r['outcome'])).toEqual([
      ...Array<string>(MAX_BATCH).fill('deleted_recovered'),
      ...Array<string>(2 * MAX_BATCH).fill('deleted'),
    ]);
  });

  it('begins a batch while the one before it is concluded, and ends each intent once', async () => {
    addDue(4 * MAX_BATCH);
    await s.sweeper.sweep();
    const records = [...everyRecord(createAuditStore(f.db))].map((r) => r.kind);
    expect(records.slice(0, 3)).toEqual(['deletion_intent', 'deletion_intent', 'deletion_done']);
    const ended = new Set(receipts().map((r) => `${String(r['intent_seq'])} ${String(r['terminal_seq'])}`));
    expect(ended.size).toBe(4);
    expect(records.filter((k) => k === 'deletion_done')).toHaveLength(4);
  });
});
