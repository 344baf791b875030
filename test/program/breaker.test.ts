import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

const start = T0 - 20 * DAY;
const add = (name: string, i: number): number =>
  f.add(name, { startMs: start + i * 10_000, endMs: start + (i + 1) * 10_000 });
const rows = (): number => (f.db.prepare('SELECT count(*) AS n FROM clip').get() as { n: number }).n;

describe('the breaker', () => {
  it('parks itself when a sweep would take far more than time explains, and goes on after a day', async () => {
    for (let i = 0; i < 100; i += 1) add(`cam/${String(i)}.mp4`, i);
    f.db.prepare('UPDATE root SET last_sweep_ms = ?').run(T0 - 60_000);
    await s.sweeper.sweep();
    expect(rows()).toBe(100);
    expect(s.said).toEqual(['breaker open 100']);
    f.clock.advance(DAY);
    await s.sweeper.sweep();
    expect(rows()).toBe(0);
  });

  it('F-S32: does not park itself when the box was off for three weeks', async () => {
    for (let i = 0; i < 100; i += 1) add(`cam/${String(i)}.mp4`, i);
    f.db.prepare('UPDATE root SET last_sweep_ms = ?').run(T0 - 21 * DAY);
    await s.sweeper.sweep();
    expect(rows()).toBe(0);
  });

  it('does not count clips whose deletion was refused before', async () => {
    for (let i = 0; i < 100; i += 1) add(`cam/${String(i)}.mp4`, i);
    f.db.prepare('UPDATE clip SET fail_count = 1').run();
    f.db.prepare('UPDATE root SET last_sweep_ms = ?').run(T0 - 60_000);
    await s.sweeper.sweep();
    expect(rows()).toBe(0);
  });
});
