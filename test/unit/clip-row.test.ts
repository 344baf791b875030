import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR_MS } from '../../src/base/clock.ts';
import { merge } from '../../src/base/range.ts';
import type { ClipFlag } from '../../src/clips/clip.ts';
import {
  bitsToFlags,
  coverClass,
  COVER_CLASS_MS,
  flagsToBits,
  intToState,
  packIntervals,
  stateToInt,
  unpackIntervals,
} from '../../src/db/clips/clip-row.ts';

const FLAGS: ClipFlag[] = [
  'unreadable',
  'truncated',
  'time_disagrees',
  'undatable',
  'ambiguous_hour',
  'gap_hour',
  'provisional_time',
  'overlong',
  'lost_once',
  'missing',
];

test('every set of flags survives its way through the bits', () => {
  fc.assert(
    fc.property(fc.subarray(FLAGS), (flags) => {
      expect(bitsToFlags(flagsToBits(flags))).toEqual(flags);
    }),
  );
});

test('the numbers of the states are those the schema documents', () => {
  expect((['recording', 'live', 'deleting', 'gone_external'] as const).map(stateToInt)).toEqual([0, 1, 2, 3]);
  expect(() => intToState(4)).toThrow('unknown state');
});

test('candidate intervals survive their columns, and the envelope holds them all', () => {
  const range = fc
    .tuple(fc.integer({ min: 0, max: 10 * HOUR_MS }), fc.integer({ min: 1, max: 60 * HOUR_MS }))
    .map(([fromMs, length]) => ({ fromMs, toMs: fromMs + length }));
  fc.assert(
    fc.property(fc.array(range, { minLength: 1, maxLength: 4 }), (ranges) => {
      const intervals = merge(ranges);
      const packed = packIntervals(intervals);
      const row = {
        cover_from_ms: packed.coverFromMs,
        cover_to_ms: packed.coverToMs,
        intervals: packed.intervals,
      };
      expect(unpackIntervals(row)).toEqual(intervals);
      for (const i of intervals) {
        expect(i.fromMs).toBeGreaterThanOrEqual(packed.coverFromMs);
        expect(i.toMs).toBeLessThanOrEqual(packed.coverToMs);
      }
      expect(packed.coverToMs - packed.coverFromMs).toBeLessThanOrEqual(
        COVER_CLASS_MS[packed.coverClass] ?? -1,
      );
    }),
  );
});

test('an envelope exactly as long as its class allows is still in it', () => {
  expect([0, 2 * HOUR_MS, 2 * HOUR_MS + 1, 49 * HOUR_MS, 49 * HOUR_MS + 1].map(coverClass)).toEqual([
    0, 0, 1, 1, 2,
  ]);
});
