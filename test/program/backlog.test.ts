import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeBacklog } from '../support/backlog.ts';
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

const HOUR = 3_600_000;

describe('a backlog after three weeks off (F-S32)', () => {
  it('goes in one sweep, the oldest hour first, and does not trip the breaker', async () => {
    makeBacklog(f, { clips: 1500, startMs: T0 - 30 * DAY });
    f.db.prepare('UPDATE root SET last_sweep_ms = ?').run(T0 - 21 * DAY);
    const { deleted } = await s.sweeper.sweep();
    expect(deleted).toBe(1500);
    expect(s.said.filter((line) => line.startsWith('breaker'))).toEqual([]);
    const hours = s.outcomes.map((o) => Math.floor((o.clip.dueMs ?? 0) / HOUR));
    expect(hours).toEqual([...hours].sort((a, b) => a - b));
  });

  it('lets everything else have its turn between two batches', async () => {
    makeBacklog(f, { clips: 1500, startMs: T0 - 30 * DAY });
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    await s.sweeper.sweep();
    clearInterval(timer);
    expect(turns).toBeGreaterThan(10);
  });
});
