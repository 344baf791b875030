import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/base/clock.ts';
import {
  AGREEMENT_MS,
  RELEASE_MS,
  UNKNOWN_LENGTH_MS,
  candidateIntervals,
  clipTimes,
  dueMs,
  type TimeEvidence,
} from '../../src/clips/times.ts';

const RETENTION_MS = 14 * DAY_MS;
const NOW_MS = RELEASE_MS + 100 * DAY_MS;

/** Small ranges around one moment, so that evidence meets and nearly meets. */
const near = fc.oneof(
  fc.integer({ min: -40, max: 40 }).map((min) => NOW_MS + min * MINUTE_MS),
  fc.integer({ min: -3, max: 3 }).map((h) => NOW_MS + h * HOUR_MS),
  fc.constantFrom(0, RELEASE_MS - 1, RELEASE_MS, NOW_MS + 400 * DAY_MS),
);
const length = fc.oneof(
  fc.constant(null),
  fc.integer({ min: 0, max: 90 }).map((min) => min * MINUTE_MS),
);
const names: fc.Arbitrary<number[]> = fc.oneof(
  fc.constant<number[]>([]),
  near.map((ms) => [ms]),
  near.map((ms) => [ms, ms + HOUR_MS]),
);

const evidence: fc.Arbitrary<TimeEvidence> = fc
  .record({
    nameStartsMs: names,
    stated: fc.option(fc.integer({ min: 0, max: 90 }).map((min) => min * MINUTE_MS)),
    mtimeMs: near,
    lengthMs: length,
    maxClipMs: fc.constantFrom(null, 10 * MINUTE_MS, HOUR_MS),
    firstSeenFinishedMs: near,
    timesBelievable: fc.boolean(),
    trustNames: fc.boolean(),
  })
  .map(({ stated, ...e }) => ({
    ...e,
    nameEndsMs: stated === null ? [] : e.nameStartsMs.map((start) => start + stated),
  }));

function covers(e: TimeEvidence, fromMs: number, toMs: number): boolean {
  return candidateIntervals(e).some((r) => r.fromMs <= fromMs && toMs <= r.toMs);
}

describe('candidate intervals', () => {
  test('hold every reading of the name and the time before the mtime, each for the whole length', () => {
    fc.assert(
      fc.property(evidence, (e) => {
        const known = e.lengthMs !== null && (e.maxClipMs === null || e.lengthMs <= e.maxClipMs);
        const reach = known ? e.lengthMs : (e.maxClipMs ?? UNKNOWN_LENGTH_MS);
        for (const start of e.nameStartsMs) expect(covers(e, start, start + reach)).toBe(true);
        e.nameEndsMs.forEach((end, i) => {
          expect(covers(e, e.nameStartsMs[i]!, end)).toBe(true);
        });
        expect(covers(e, e.mtimeMs - reach, e.mtimeMs)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('are never empty, apart and ascending', () => {
    fc.assert(
      fc.property(evidence, (e) => {
        const ranges = candidateIntervals(e);
        expect(ranges.length).toBeGreaterThan(0);
        ranges.forEach((r, i) => {
          expect(r.fromMs).toBeLessThan(r.toMs);
          if (i > 0) expect(r.fromMs).toBeGreaterThan(ranges[i - 1]!.toMs);
        });
      }),
    );
  });

  test('hold the believed range of the clip whole, so that what is shown is held', () => {
    fc.assert(
      fc.property(evidence, (e) => {
        const { startMs, endMs, intervals } = clipTimes(e);
        expect(intervals.some((r) => r.fromMs <= startMs && endMs < r.toMs)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('hold what lies between the name and the mtime, whatever length a header states', () => {
    fc.assert(
      fc.property(evidence, (e) => {
        const [begun] = e.nameStartsMs;
        const span = begun === undefined ? -1 : e.mtimeMs - begun;
        fc.pre(begun !== undefined && span >= 0 && span <= (e.maxClipMs ?? UNKNOWN_LENGTH_MS));
        expect(covers(e, begun, e.mtimeMs)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the end of a recording', () => {
  test('F-C8: a time in the future never lengthens retention', () => {
    fc.assert(
      fc.property(evidence, (e) => {
        const due = dueMs(clipTimes(e).endMs, e.firstSeenFinishedMs, RETENTION_MS);
        expect(due).toBeLessThanOrEqual(e.firstSeenFinishedMs + RETENTION_MS);
      }),
    );
  });

  test('comes from the name only when a file or a person confirms it, and then from the later reading', () => {
    fc.assert(
      fc.property(evidence, (e) => {
        const { endMs, endFrom, startMs } = clipTimes(e);
        if (endFrom !== 'name') return;
        const known = e.lengthMs !== null && (e.maxClipMs === null || e.lengthMs <= e.maxClipMs);
        const length = known ? e.lengthMs : 0;
        const begun = e.nameStartsMs.at(-1)!;
        const named = Math.max(e.nameEndsMs.at(-1) ?? 0, begun + length);
        const agrees = Math.abs(named - e.mtimeMs) <= AGREEMENT_MS + length;
        expect(e.timesBelievable).toBe(true);
        expect(e.trustNames || agrees).toBe(true);
        // A start without any length is no end: the clip went on until its mtime at most.
        const open = !known && e.nameEndsMs.length === 0 && agrees;
        const end = Math.min(open ? Math.max(named, e.mtimeMs) : named, e.firstSeenFinishedMs);
        expect({ startMs, endMs }).toEqual({ startMs: Math.min(begun, end), endMs: end });
      }),
      { numRuns: 2000 },
    );
  });

  test('before the product’s release it is no time: first seen finished counts', () => {
    fc.assert(
      fc.property(evidence, (e) => {
        const { endMs, endFrom } = clipTimes(e);
        if (endFrom === 'first_seen' || endMs < RELEASE_MS) expect(endMs).toBe(e.firstSeenFinishedMs);
      }),
      { numRuns: 2000 },
    );
  });

  test('nothing written is believed while the clock is in doubt', () => {
    fc.assert(
      fc.property(evidence, (e) => {
        const times = clipTimes({ ...e, timesBelievable: false });
        expect(times).toMatchObject({ endFrom: 'first_seen', endMs: e.firstSeenFinishedMs });
        expect(times.flags).toContain('provisional_time');
      }),
    );
  });

  test('the start is never after the end', () => {
    fc.assert(
      fc.property(evidence, (e) => {
        const { startMs, endMs } = clipTimes(e);
        expect(startMs).toBeLessThanOrEqual(endMs);
      }),
    );
  });
});

describe('single cases', () => {
  const plain: TimeEvidence = {
    nameStartsMs: [NOW_MS - 10_000],
    nameEndsMs: [],
    mtimeMs: NOW_MS,
    lengthMs: 10_000,
    maxClipMs: null,
    firstSeenFinishedMs: NOW_MS + MINUTE_MS,
    timesBelievable: true,
    trustNames: false,
  };

  test('name and mtime agree: the name counts', () => {
    expect(clipTimes(plain)).toMatchObject({
      startMs: NOW_MS - 10_000,
      endMs: NOW_MS,
      endFrom: 'name',
      flags: [],
    });
  });

  test('F-C10: a name from 2019 on a file written today: the mtime counts, and both count for holds', () => {
    const old = Date.UTC(2019, 4, 1);
    const times = clipTimes({ ...plain, nameStartsMs: [old] });
    expect(times).toMatchObject({ endMs: NOW_MS, endFrom: 'mtime', flags: ['time_disagrees'] });
    expect(times.intervals.map((r) => r.fromMs)).toEqual([old, NOW_MS - 10_000]);
  });

  test('F-C11: without a time in the name the mtime counts, and holds look back from it by the longest clip', () => {
    const times = clipTimes({ ...plain, nameStartsMs: [] });
    expect(times).toMatchObject({ endMs: NOW_MS, endFrom: 'mtime' });
    expect(times.intervals.at(-1)?.toMs).toBeGreaterThanOrEqual(NOW_MS);
  });

  test('names are trusted over mtimes that copying reset, when a person said so', () => {
    const start = NOW_MS - 5 * DAY_MS;
    const copied = { ...plain, nameStartsMs: [start], trustNames: true };
    expect(clipTimes(copied)).toMatchObject({ endMs: start + 10_000, endFrom: 'name' });
  });

  test('ten minutes and the length apart still agrees, a millisecond more does not', () => {
    const apart = (ms: number) =>
      clipTimes({ ...plain, mtimeMs: NOW_MS + AGREEMENT_MS + 10_000 + ms }).endFrom;
    expect([apart(0), apart(1)]).toEqual(['name', 'mtime']);
  });

  test('a length above the layout’s maximum is not believed', () => {
    const e = { ...plain, lengthMs: 3_900_000, maxClipMs: 600_000 };
    expect(clipTimes(e).endMs).toBe(NOW_MS);
    expect(clipTimes(e).intervals).toEqual([{ fromMs: NOW_MS - 600_000, toMs: NOW_MS + 590_000 }]);
  });
});
