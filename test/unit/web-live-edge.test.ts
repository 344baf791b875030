/** Near now: what is being recorded, or was when it was last looked at, is never told as a gap. */
import { describe, expect, test } from 'vitest';
import type { Coverage } from '../../src/http/api/index.ts';
import { onwards } from '../../src/web/review/onwards.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/web/time/zone.ts';
import {
  isLiveEdge,
  momentSince,
  nextFootage,
  toldGaps,
  type Moment,
} from '../../src/web/timeline/footage.ts';

const NOW = Date.UTC(2026, 10, 20, 22, 5, 50);
const CUT = NOW - 14 * DAY_MS;

type Gap = Coverage['cameras'][number]['gaps'][number];

/** As it is told when the next clip has begun and the one before was last looked at 14 s before that. */
function toldBetween(reason: Gap['reason']): Coverage {
  const gap = { fromMs: NOW - 20_000, toMs: NOW - 6000, reason };
  const hall = {
    cameraId: 'hall',
    spans: [
      { fromMs: CUT - DAY_MS, toMs: gap.fromMs },
      { fromMs: gap.toMs, toMs: NOW - 2000 },
    ],
    gaps: [
      gap,
      { fromMs: NOW - 2000, toMs: NOW, reason: 'none' as const },
      { fromMs: NOW, toMs: NOW + DAY_MS, reason: 'future' as const },
    ],
    holds: [],
  };
  return { fromMs: CUT - DAY_MS, toMs: NOW + DAY_MS, nowMs: NOW, cutMs: CUT, cameras: [hall] };
}

/** What a moment is when `passedMs` have gone by since the coverage was told. */
function momentOf(of: { coverage: Coverage; atMs: number; passedMs?: number; recording?: boolean }): Moment {
  const { coverage, atMs, passedMs = 0, recording = true } = of;
  return momentSince(
    coverage,
    { id: 'hall', recording },
    { ms: NOW + atMs, nowMs: NOW + passedMs, cutMs: CUT + passedMs },
  );
}

describe('the live edge', () => {
  test('is the gap that ends now, not one of hours', () => {
    expect(isLiveEdge({ fromMs: NOW - MINUTE_MS, toMs: NOW }, NOW)).toBe(true);
    expect(isLiveEdge({ fromMs: NOW - MINUTE_MS, toMs: NOW - 30_000 }, NOW)).toBe(false);
    expect(isLiveEdge({ fromMs: NOW - 3 * HOUR_MS, toMs: NOW }, NOW)).toBe(false);
  });
  test('what lacks up to the answer is on its way, of a camera that is recording', () => {
    const coverage = toldBetween('none');
    expect(momentOf({ coverage, atMs: -1000, passedMs: 8000 }).kind).toBe('recording');
    expect(momentOf({ coverage, atMs: -1000, recording: false }).kind).toBe('gap');
  });
  test('what has come since the answer is no gap, whether or not the camera is recording', () => {
    const coverage = toldBetween('none');
    expect(momentOf({ coverage, atMs: 3000, passedMs: 8000 }).kind).toBe('recording');
    expect(momentOf({ coverage, atMs: 3000, passedMs: 8000, recording: false }).kind).toBe('future');
    expect(momentOf({ coverage, atMs: 9000, passedMs: 8000 }).kind).toBe('future');
  });
});

describe('between a clip that was growing when it was last looked at and the next one', () => {
  test('nothing is known yet: no gap is told, in the picture or on the timeline', () => {
    const coverage = toldBetween('recording');
    for (const passedMs of [0, 8000])
      expect(momentOf({ coverage, atMs: -14_000, passedMs }).kind).toBe('recording');
    const told = { nowMs: NOW, recording: true };
    expect(toldGaps(coverage.cameras[0]!, told)).toEqual([]);
    expect(toldGaps(coverage.cameras[0]!, { ...told, recording: false })).toHaveLength(1);
  });
  test('playback waits, and passes over nothing', () => {
    const coverage = toldBetween('recording');
    const next = nextFootage(coverage, 'hall', NOW - 14_000);
    expect(next).toBe(NOW - 6000);
    expect(onwards([momentOf({ coverage, atMs: -14_000 })], () => [next!])).toEqual({ is: 'wait' });
  });
  test('an answer that knows its end says that it is a gap', () => {
    const coverage = toldBetween('none');
    const moment = momentOf({ coverage, atMs: -14_000, passedMs: 8000 });
    expect(moment).toEqual({ kind: 'gap', span: { fromMs: NOW - 20_000, toMs: NOW - 6000 } });
    expect(onwards([moment], () => [NOW - 6000])).toEqual({ is: 'skip', toMs: NOW - 6000 });
    expect(toldGaps(coverage.cameras[0]!, { nowMs: NOW, recording: true })).toEqual([
      { fromMs: NOW - 20_000, toMs: NOW - 6000, reason: 'none' },
    ]);
  });
});

describe('playback', () => {
  const there: Moment = { kind: 'there', holds: [] };
  const gap: Moment = { kind: 'gap', span: { fromMs: 0, toMs: 9 } };
  test('goes on where any shown camera has footage', () => {
    expect(onwards([gap, { kind: 'recording' }, there], () => [9])).toEqual({ is: 'there' });
  });
  test('skips to the footage that comes first, and ends where none does', () => {
    expect(onwards([gap, gap], () => [9, 7])).toEqual({ is: 'skip', toMs: 7 });
    expect(onwards([gap], () => [])).toEqual({ is: 'end' });
  });
});
