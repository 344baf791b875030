import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStatusFigures } from '../../src/db/clips/status.ts';
import { T0, makeFootage, type Footage } from '../support/footage.ts';

const HOUR = 3_600_000;
let f: Footage;
let receipts = 0;
beforeEach(() => {
  f = makeFootage();
  receipts = 0;
});
afterEach(() => {
  f.close();
});

function ended(atMs: number, outcome = 'deleted'): void {
  receipts += 1;
  f.db
    .prepare(
      `INSERT INTO receipt (clip_id, camera_n, start_ms, end_ms, due_ms, size_bytes, outcome, reason, path_hash,
         intent_seq, terminal_seq, at_ms)
       VALUES (?, 1, 0, 1, 1, 1, ?, 'retention', x'00', 1, 2, ?)`,
    )
    .run(receipts, outcome, atMs);
}

describe('deletions by hour', () => {
  it('are those of the last 48 hours, the current one last, and only what went', () => {
    ended(T0 - 48 * HOUR);
    ended(T0 - 47 * HOUR);
    ended(T0 - HOUR);
    ended(T0 - HOUR, 'failed');
    ended(T0, 'already_gone');
    ended(T0, 'deleted_recovered');
    const hours = createStatusFigures(f.db).deletedPerHour(T0 + HOUR / 2);
    expect(hours).toHaveLength(48);
    expect([hours[0], hours[46], hours[47]]).toEqual([1, 1, 2]);
    expect(hours.reduce((a, b) => a + b)).toBe(4);
  });

  it('follow what is deleted, and the hours that pass', () => {
    const figures = createStatusFigures(f.db);
    expect(figures.deletedPerHour(T0).at(-1)).toBe(0);
    ended(T0 + 1000);
    expect(figures.deletedPerHour(T0 + 2000).at(-1)).toBe(1);
    ended(T0 + HOUR);
    expect(figures.deletedPerHour(T0 + HOUR).slice(-2)).toEqual([1, 1]);
    expect(figures.deletedPerHour(T0 + 48 * HOUR).slice(0, 2)).toEqual([1, 0]);
    expect(figures.deletedPerHour(T0 + 100 * HOUR).every((clips) => clips === 0)).toBe(true);
  });

  it('count each receipt once, however many there are (F-S32)', () => {
    const figures = createStatusFigures(f.db);
    for (let i = 0; i < 10; i += 1) ended(T0);
    expect(figures.deletedPerHour(T0).at(-1)).toBe(10);
    // Nothing removes receipts: it shows that they are not looked at again.
    f.db.exec('DELETE FROM receipt WHERE id < 10');
    ended(T0);
    expect(figures.deletedPerHour(T0).at(-1)).toBe(11);
  });
});
