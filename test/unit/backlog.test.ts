import { describe, expect, it } from 'vitest';
import { BacklogMeter } from '../../src/retention/backlog.ts';

describe('the backlog of a root', () => {
  it('is nothing while a sweep has only what it always has', () => {
    const meter = new BacklogMeter();
    meter.begin('nvr', 999, 0);
    meter.gone('nvr', 64, 10);
    expect(meter.of('nvr', 10)).toBe(null);
  });

  it('says how many clips are left, how fast they go and how long it takes (F-S32)', () => {
    const meter = new BacklogMeter();
    meter.begin('nvr', 500_000, 0);
    expect(meter.of('nvr', 0)).toEqual({ left: 500_000, perSecond: 0, leftMs: null });
    for (let s = 1; s <= 10; s += 1) meter.gone('nvr', 1000, s * 1000);
    expect(meter.of('nvr', 10_000)).toEqual({ left: 490_000, perSecond: 1000, leftMs: 490_000 });
  });

  it('tells the speed of the last minute, also when it has stopped', () => {
    const meter = new BacklogMeter();
    meter.begin('nvr', 100_000, 0);
    for (let s = 1; s <= 100; s += 1) meter.gone('nvr', s <= 40 ? 100 : 10, s * 1000);
    expect(meter.of('nvr', 100_000)?.perSecond).toBe(10);
    expect(meter.of('nvr', 300_000)).toMatchObject({ perSecond: 0, leftMs: null });
  });

  it('is counted anew by each sweep, and ends with the last clip', () => {
    const meter = new BacklogMeter();
    meter.begin('nvr', 2000, 0);
    meter.begin('nvr', 3000, 1000);
    expect(meter.of('nvr', 1000)?.left).toBe(3000);
    meter.gone('nvr', 3000, 2000);
    expect(meter.of('nvr', 2000)).toBe(null);
    meter.begin('nvr', 5000, 3000);
    meter.begin('nvr', 0, 4000);
    expect(meter.of('nvr', 4000)).toBe(null);
  });
});
