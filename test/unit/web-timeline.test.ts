/** The timeline's arithmetic: scale, ticks, what is there at a moment. */
import { describe, expect, test } from 'vitest';
import type { Coverage } from '../../src/http/api/index.ts';
import { counting } from '../../src/web/texts/count.ts';
import { textsOf } from '../../src/web/texts/index.ts';
import { createTimeFormat } from '../../src/web/time/format.ts';
import { createZone, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/web/time/zone.ts';
import { beforeCut, inkOf, momentAt, nextFootage, spanAt } from '../../src/web/timeline/footage.ts';
import {
  following,
  FOLLOW_AT,
  NARROWEST_MS,
  showing,
  timeAt,
  widthOf,
  within,
  xOf,
  zoomed,
} from '../../src/web/timeline/scale.ts';
import { recordedShares } from '../../src/web/timeline/shares.ts';
import { boundsOf, stripOf, type Scene } from '../../src/web/timeline/scene.ts';
import { snap } from '../../src/web/timeline/snap.ts';
import { ticksIn, tickSteps } from '../../src/web/timeline/ticks.ts';

const zone = createZone('Europe/Amsterdam');
const NOW = Date.UTC(2026, 10, 20, 13, 5);
const CUT = NOW - 14 * DAY_MS;
const view = (fromMs: number, lengthMs: number): { fromMs: number; toMs: number } => ({
  fromMs,
  toMs: fromMs + lengthMs,
});

const coverage: Coverage = {
  fromMs: CUT - DAY_MS,
  toMs: NOW + DAY_MS,
  nowMs: NOW,
  cutMs: CUT,
  cameras: [
    {
      cameraId: 'hall',
      spans: [
        view(CUT - 5 * HOUR_MS, HOUR_MS),
        { fromMs: CUT - MINUTE_MS, toMs: NOW - 3 * HOUR_MS },
        { fromMs: NOW - 2 * HOUR_MS, toMs: NOW },
      ],
      gaps: [
        { ...view(CUT - DAY_MS, 19 * HOUR_MS), reason: 'deleted' },
        { ...view(NOW - 3 * HOUR_MS, HOUR_MS), reason: 'none' },
        { fromMs: NOW, toMs: NOW + DAY_MS, reason: 'future' },
      ],
      holds: [
        { ...view(CUT - 5 * HOUR_MS, HOUR_MS), holdId: 'a', caseRef: 'Z-1', state: 'standing' },
        { ...view(CUT - MINUTE_MS, MINUTE_MS), holdId: 'b', caseRef: 'Z-2', state: 'cooling_off' },
      ],
    },
  ],
};

describe('the scale', () => {
  test('a pixel and its moment belong together', () => {
    const v = view(NOW, 6 * HOUR_MS);
    expect(timeAt(v, 1200, xOf(v, 1200, NOW + HOUR_MS))).toBeCloseTo(NOW + HOUR_MS, 3);
  });
  test('zooming keeps the moment under the pointer', () => {
    const v = view(NOW, 6 * HOUR_MS);
    const at = timeAt(v, 1200, 900);
    expect(timeAt(zoomed(v, 0.3, 900 / 1200), 1200, 900)).toBeCloseTo(at, 3);
  });
  test('a view is never narrower than 8 s, wider than its bounds, or far in the future', () => {
    const bounds = { fromMs: CUT, nowMs: NOW, widestMs: 15 * DAY_MS };
    expect(widthOf(within(view(NOW - HOUR_MS, 1), bounds))).toBe(NARROWEST_MS);
    expect(widthOf(within(view(0, 900 * DAY_MS), bounds))).toBe(15 * DAY_MS);
    expect(within(view(NOW + 9 * DAY_MS, HOUR_MS), bounds).toMs).toBeLessThanOrEqual(NOW + 0.35 * HOUR_MS);
    expect(within(view(CUT - 9 * DAY_MS, HOUR_MS), bounds).fromMs).toBe(CUT);
  });
  test('while playing, the paper moves once the needle has come to its line', () => {
    const v = view(NOW, HOUR_MS);
    expect(following(v, NOW + 0.5 * HOUR_MS)).toBe(v);
    const moved = following(v, NOW + HOUR_MS);
    expect(xOf(moved, 1000, NOW + HOUR_MS)).toBeCloseTo(1000 * FOLLOW_AT, 3);
  });
  test('a moment in sight moves nothing, one out of sight comes to the middle', () => {
    const v = view(NOW, HOUR_MS);
    expect(showing(v, NOW + MINUTE_MS)).toBe(v);
    expect(xOf(showing(v, NOW - DAY_MS), 1000, NOW - DAY_MS)).toBeCloseTo(500, 3);
  });
});

describe('the ruler', () => {
  test.each([
    [15 * DAY_MS, DAY_MS],
    [6 * HOUR_MS, 30 * MINUTE_MS],
    [10 * MINUTE_MS, MINUTE_MS],
    [MINUTE_MS, 5 * SECOND_MS],
    [8 * SECOND_MS, SECOND_MS],
  ])('a view of %i ms has large ticks every %i ms', (width, large) => {
    expect(tickSteps(view(NOW, width), 1256).largeMs).toBe(large);
  });
  test('days begin at midnight of the site, over both changes of the clock', () => {
    for (const from of [Date.UTC(2026, 2, 25), Date.UTC(2026, 9, 20)]) {
      const ticks = ticksIn(view(from, 10 * DAY_MS), DAY_MS, zone);
      expect(ticks).toHaveLength(10);
      for (const t of ticks) expect(zone.toLocal(t) % DAY_MS).toBe(0);
    }
  });
  test('the hour that comes twice has a tick each time, the one that does not come has none', () => {
    const autumn = ticksIn(view(Date.UTC(2026, 9, 24, 22), 25 * HOUR_MS), HOUR_MS, zone);
    const spring = ticksIn(view(Date.UTC(2026, 2, 28, 23), 23 * HOUR_MS), HOUR_MS, zone);
    expect([autumn.length, spring.length]).toEqual([25, 23]);
    expect(new Set(autumn).size).toBe(25);
  });
});

describe('a moment of a camera', () => {
  test.each([
    ['there', NOW - HOUR_MS],
    ['gap', NOW - 2.5 * HOUR_MS],
    ['future', NOW + 1],
    ['past', CUT - DAY_MS - 1],
    ['deleted', CUT - 12 * HOUR_MS],
    ['there', CUT - 4.5 * HOUR_MS],
    ['there', CUT],
  ])('is %s at %i', (kind, ms) => {
    expect(momentAt(coverage, 'hall', ms).kind).toBe(kind);
  });
  test('past its time under a released hold it is not shown', () => {
    expect(momentAt(coverage, 'hall', CUT - 1).kind).toBe('deleted');
  });
  test('a gap is named with its from and to', () => {
    expect(momentAt(coverage, 'hall', NOW - 2.5 * HOUR_MS)).toEqual({
      kind: 'gap',
      span: { fromMs: NOW - 3 * HOUR_MS, toMs: NOW - 2 * HOUR_MS },
    });
  });
  test('before the first footage ever nothing was deleted: it is a gap without a beginning', () => {
    const first = CUT + 2 * DAY_MS;
    const hall = {
      cameraId: 'hall',
      spans: [{ fromMs: first, toMs: NOW }],
      gaps: [{ fromMs: coverage.fromMs, toMs: first, reason: 'none' as const }],
      holds: [],
    };
    const young = { ...coverage, cameras: [hall] };
    for (const ms of [CUT - HOUR_MS, CUT + HOUR_MS])
      expect(momentAt(young, 'hall', ms)).toEqual({ kind: 'gap', span: { fromMs: null, toMs: first } });
    expect(beforeCut(hall, CUT)).toBe('none');
  });
  test('a gap of the recorder stays one when the fortnight has passed over it', () => {
    const [hall] = coverage.cameras;
    const gap = { ...view(CUT - 3 * HOUR_MS, HOUR_MS), reason: 'none' as const };
    const old = { ...coverage, cameras: [{ ...hall!, gaps: [hall!.gaps[0]!, gap] }] };
    expect(momentAt(old, 'hall', CUT - 2.5 * HOUR_MS).kind).toBe('gap');
    expect(beforeCut(hall!, CUT)).toBe('deleted');
  });
  test('footage that is due is told as deleted, up to the cut, whether or not the sweep was there', () => {
    expect(momentAt(coverage, 'hall', CUT - 1)).toEqual({
      kind: 'deleted',
      span: { fromMs: CUT - MINUTE_MS, toMs: CUT },
    });
  });
  test('the next footage is what may be seen, never what is merely on the disk', () => {
    expect(nextFootage(coverage, 'hall', NOW - 2.5 * HOUR_MS)).toBe(NOW - 2 * HOUR_MS);
    expect(nextFootage(coverage, 'hall', CUT - 4 * HOUR_MS)).toBe(CUT);
    expect(nextFootage(coverage, 'hall', CUT - DAY_MS)).toBe(CUT - 5 * HOUR_MS);
    expect(nextFootage(coverage, 'elsewhere', NOW)).toBeUndefined();
  });
  test('spans are half open', () => {
    const spans = [view(0, 10), view(10, 10), view(30, 5)];
    expect([
      spanAt(spans, 0),
      spanAt(spans, 10),
      spanAt(spans, 20),
      spanAt(spans, 34),
      spanAt(spans, 35),
    ]).toEqual([spans[0], spans[1], undefined, spans[2], undefined]);
  });
  test('ink fades over the last day and ends at the cut', () => {
    expect([inkOf(CUT + 2 * DAY_MS, CUT), inkOf(CUT, CUT), inkOf(CUT - 1, CUT)]).toEqual([1, 0, 0]);
    expect(inkOf(CUT + DAY_MS - 1, CUT)).toBeCloseTo(0.82, 3);
    expect(inkOf(CUT + 1, CUT)).toBeCloseTo(0.22, 3);
  });
});

describe('the bars of the strip', () => {
  test('show the share that is recorded, also of clips far shorter than a bar', () => {
    const bars = { fromMs: 0, stepMs: 1000, count: 4 };
    const camera = {
      cameraId: 'hall',
      spans: [view(100, 200), view(900, 1100), view(3000, 500)],
      gaps: [],
      holds: [],
    };
    const until = { ...coverage, nowMs: 3500 };
    expect([...recordedShares(until, [camera], bars)]).toEqual([0.3, 1, 0, 1]);
    expect([...recordedShares(until, [camera, { ...camera, spans: [] }], bars)]).toEqual([0.3, 1, 0, 1]);
    const begun = { ...camera, spans: [view(0, 100)] };
    expect([...recordedShares(until, [camera, begun], bars)]).toEqual([0.2, 0.5, 0, 0.5]);
  });
  test('lack nothing before a camera has recorded for the first time', () => {
    const bars = { fromMs: 0, stepMs: 1000, count: 4 };
    const late = { cameraId: 'hall', spans: [view(2000, 2000)], gaps: [], holds: [] };
    const until = { ...coverage, nowMs: 4000 };
    expect([...recordedShares(until, [late], bars)]).toEqual([NaN, NaN, 1, 1]);
    const gone = { ...late, gaps: [{ ...view(0, 1000), reason: 'deleted' as const }] };
    expect([...recordedShares(until, [gone], bars)]).toEqual([0, 0, 1, 1]);
  });
});

describe('the scene', () => {
  const words = {
    language: 'en' as const,
    texts: textsOf('en'),
    time: createTimeFormat('en', zone),
    number: String,
    counted: counting('en'),
  };
  const scene: Scene = {
    words,
    coverage,
    cameras: [],
    view: view(NOW - 6 * HOUR_MS, 6 * HOUR_MS),
    needleMs: null,
    shown: [],
    marks: null,
    marked: [],
    hoverX: null,
    hotCamera: null,
    namesInside: false,
  };
  test('the strip is the fortnight and the day it is in', () => {
    const strip = stripOf(scene);
    expect(zone.toLocal(strip.fromMs) % DAY_MS).toBe(0);
    expect(strip.fromMs).toBeLessThanOrEqual(CUT);
    expect(strip.toMs).toBeGreaterThan(NOW);
  });
  test('footage kept by an old hold stays within reach', () => {
    const old = {
      ...coverage,
      cameras: coverage.cameras.map((c) => ({
        ...c,
        holds: [
          { ...view(NOW - 40 * DAY_MS, HOUR_MS), holdId: 'c', caseRef: 'Z-3', state: 'standing' as const },
        ],
      })),
    };
    expect(boundsOf({ ...scene, coverage: old }).fromMs).toBeLessThan(NOW - 40 * DAY_MS);
  });
  test('a mark snaps to the end of a gap within six pixels, and not beyond', () => {
    const msPerPx = (6 * HOUR_MS) / 1200;
    const end = NOW - 2 * HOUR_MS;
    expect(snap(scene, 1200, end + 5 * msPerPx)).toBe(end);
    expect(snap(scene, 1200, end + 9 * msPerPx)).toBe(end + 9 * msPerPx);
  });
});
