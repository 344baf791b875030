import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlaps, widen } from '../../src/base/range.ts';
import type { Clip } from '../../src/clips/clip.ts';
import type { HoldVersion } from '../../src/holds/hold.ts';
import { decide, deletionReason } from '../../src/retention/decide.ts';
import { holdOver } from '../support/sweeping.ts';

// Small ranges on purpose: with wide random times nothing ever overlaps, and the test would pass without the hold check.
const MINUTE = 60_000;
const moment = fc.integer({ min: 0, max: 20 }).map((n) => n * MINUTE);
const range = fc
  .tuple(moment, fc.integer({ min: 1, max: 5 }))
  .map(([fromMs, n]) => ({ fromMs, toMs: fromMs + n * MINUTE }));
const clip: fc.Arbitrary<Clip> = fc
  .record({
    cameraId: fc.constantFrom('entrance', 'hall'),
    intervals: fc.array(range, { minLength: 1, maxLength: 3 }),
    dueMs: moment,
    state: fc.constantFrom('live', 'deleting', 'recording', 'gone_external'),
  })
  .map((c): Clip => ({
    ...c,
    id: 1,
    rootId: 'nvr',
    kind: 'video',
    startMs: c.intervals[0]!.fromMs,
    endMs: c.intervals[0]!.toMs,
    endFrom: 'name',
    // One that has been growing for more than a day is due as well.
    dueMs: c.state === 'recording' && c.dueMs < 10 * MINUTE ? null : c.dueMs,
    firstSeenMs: 0,
    finishedMs: 0,
    sizeBytes: 1,
    flags: [],
  }));
const hold: fc.Arbitrary<HoldVersion> = fc
  .record({
    cameras: fc.subarray(['entrance', 'hall'], { minLength: 1 }),
    window: range,
    ends: fc.option(moment, { nil: null }),
    coolingOff: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ cameras, window, ends, coolingOff }) =>
    holdOver(cameras, window.fromMs, window.toMs, {
      endsMs: ends,
      releasedMs: ends === null ? null : ends - coolingOff * MINUTE,
    }),
  );

const binding = (c: Clip, h: HoldVersion, now: number): boolean =>
  h.terms.cameraIds.includes(c.cameraId) &&
  c.intervals.some((i) => overlaps(widen(i, MINUTE), h.terms.window)) &&
  (h.endsMs === null || now < h.endsMs);

describe('the decision about a clip', () => {
  it('never deletes what any hold binds, whatever its state and the time', () => {
    fc.assert(
      fc.property(clip, fc.array(hold, { maxLength: 4 }), moment, (c, holds, now) => {
        if (holds.some((h) => binding(c, h, now))) expect(decide(c, holds, now).mayDelete).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('deletes every live clip that is due and that no hold binds', () => {
    fc.assert(
      fc.property(clip, fc.array(hold, { maxLength: 4 }), moment, (c, holds, now) => {
        const free = !holds.some((h) => binding(c, h, now));
        const due = c.state === 'live' && c.dueMs !== null && c.dueMs <= now;
        if (free && due) expect(decide(c, holds, now)).toMatchObject({ mayDelete: true, mayView: false });
      }),
      { numRuns: 2000 },
    );
  });

  it('never deletes before the due moment', () => {
    fc.assert(
      fc.property(clip, fc.array(hold, { maxLength: 4 }), moment, (c, holds, now) => {
        if (c.dueMs === null || c.dueMs > now) expect(decide(c, holds, now).mayDelete).toBe(false);
      }),
    );
  });

  it('shows nothing past its time but what a standing hold keeps', () => {
    fc.assert(
      fc.property(clip, fc.array(hold, { maxLength: 4 }), moment, (c, holds, now) => {
        const past = c.dueMs !== null && c.dueMs <= now;
        const standing = holds.some((h) => h.releasedMs === null && binding(c, h, now));
        if (past && !standing) expect(decide(c, holds, now).mayView).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('shows what a standing hold keeps past its time, finished or still growing', () => {
    fc.assert(
      fc.property(clip, fc.array(hold, { maxLength: 4 }), moment, (c, holds, now) => {
        const there = c.state === 'live' || c.state === 'recording';
        const standing = holds.some((h) => h.releasedMs === null && binding(c, h, now));
        if (there && standing) expect(decide(c, holds, now).mayView).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives at least one reason, and names every hold that binds', () => {
    fc.assert(
      fc.property(clip, fc.array(hold, { maxLength: 4 }), moment, (c, holds, now) => {
        const { reasons } = decide(c, holds, now);
        expect(reasons.length).toBeGreaterThan(0);
        if (c.state === 'gone_external') return;
        const named = reasons.filter((r) => r.code === 'held' || r.code === 'cooling_off').length;
        expect(named).toBe(holds.filter((h) => binding(c, h, now)).length);
      }),
    );
  });

  it('says hold_released only when a hold reached past the due moment', () => {
    const c = fc.sample(
      clip.filter((x) => x.state === 'live'),
      1,
    )[0]!;
    const at = { ...c, cameraId: 'hall', intervals: [{ fromMs: 0, toMs: MINUTE }], dueMs: 5 * MINUTE };
    const early = holdOver(['hall'], 0, MINUTE, { releasedMs: MINUTE, endsMs: 2 * MINUTE });
    const late = holdOver(['hall'], 0, MINUTE, { releasedMs: MINUTE, endsMs: 8 * MINUTE });
    expect(deletionReason(at, decide(at, [early], 10 * MINUTE))).toBe('retention');
    expect(deletionReason(at, decide(at, [late], 10 * MINUTE))).toBe('hold_released');
  });
});
