import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createJobs, type Jobs } from '../../src/jobs.ts';

const T0 = Date.UTC(2026, 10, 1, 12, 0, 0);
const MINUTE = 60_000;
const DAY = 86_400_000;

const ran: string[] = [];
const failures: string[] = [];
let jobs: Jobs | undefined;

function start(extra: readonly { name: string; at: string; run: () => Promise<unknown> }[] = []): Jobs {
  const note = (name: string) => () => {
    ran.push(name);
    return Promise.resolve();
  };
  jobs = createJobs(
    [
      { name: 'minutely', at: '5 * * * * *', run: note('minutely') },
      { name: 'nightly', at: '0 20 3 * * *', run: note('nightly') },
      ...extra,
    ],
    (job, error) => failures.push(`${job}: ${String(error)}`),
  );
  jobs.start();
  return jobs;
}

const count = (name: string): number => ran.filter((n) => n === name).length;

beforeEach(() => {
  vi.useFakeTimers({ now: T0 });
  ran.length = 0;
  failures.length = 0;
});
afterEach(async () => {
  await jobs?.stop();
  vi.useRealTimers();
});

describe('the jobs', () => {
  it('run at the moments of their expressions', async () => {
    start();
    await vi.advanceTimersByTimeAsync(4999);
    expect(ran).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(ran).toEqual(['minutely']);
    await vi.advanceTimersByTimeAsync(10 * MINUTE);
    expect(count('minutely')).toBe(11);
    await vi.advanceTimersByTimeAsync(DAY);
    expect(count('nightly')).toBe(1);
  });

  it.each([
    ['an hour', 3_600_000],
    ['fifteen days', 15 * DAY],
    ['to 1970', T0],
  ])('go on each minute when the wall clock is set back by %s (F-C3)', async (_what, by) => {
    start();
    await vi.advanceTimersByTimeAsync(MINUTE);
    vi.setSystemTime(T0 - by);
    ran.length = 0;
    await vi.advanceTimersByTimeAsync(10 * MINUTE);
    expect(count('minutely')).toBeGreaterThanOrEqual(9);
    expect(count('minutely')).toBeLessThanOrEqual(11);
  });

  it.each([
    ['an hour', 3_600_000],
    ['thirty days', 30 * DAY],
    ['ten years', 3653 * DAY],
  ])('run once, not once for each minute skipped, when it is set forward by %s (F-C1)', async (_what, by) => {
    start();
    await vi.advanceTimersByTimeAsync(MINUTE);
    vi.setSystemTime(T0 + by);
    ran.length = 0;
    await vi.advanceTimersByTimeAsync(10 * MINUTE);
    expect(count('minutely')).toBeGreaterThanOrEqual(9);
    expect(count('minutely')).toBeLessThanOrEqual(11);
    expect(count('nightly')).toBeLessThanOrEqual(1);
  });

  it('wait for the rest when the wall clock was slewed a little slower', async () => {
    start();
    await vi.advanceTimersByTimeAsync(1000);
    vi.setSystemTime(T0 + 800);
    await vi.advanceTimersByTimeAsync(4100);
    expect(ran).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(ran).toEqual(['minutely']);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(ran).toEqual(['minutely']);
  });

  it('never overlap themselves, and one that fails runs again', async () => {
    let under = 0;
    let most = 0;
    start([
      {
        name: 'slow',
        at: '* * * * * *',
        run: async () => {
          most = Math.max(most, ++under);
          await new Promise((resolve) => setTimeout(resolve, 3500));
          under -= 1;
          throw new Error('disk');
        },
      },
    ]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(most).toBe(1);
    expect(failures.length).toBeGreaterThan(3);
    const stopped = jobs?.stop();
    await vi.advanceTimersByTimeAsync(5000);
    await stopped;
  });

  it('run no more when they are stopped', async () => {
    const all = start();
    await all.stop();
    await vi.advanceTimersByTimeAsync(DAY);
    expect(ran).toEqual([]);
  });

  it('run when asked for, after the run that is under way', async () => {
    const all = start();
    await all.run('nightly');
    expect(ran).toEqual(['nightly']);
    await expect(all.run('unknown')).rejects.toThrow('there is no job');
  });
});
