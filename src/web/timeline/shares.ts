/** How much of each bar of the strip is recorded, over all cameras. Pure; computed once per coverage and step. */
import type { CameraCoverageView, Coverage } from '../../http/api/index.ts';

export interface Bars {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly count: number;
}

/**
 * Per bar, 0 to 1: recorded time of all cameras by the time there was to record: from a camera's first known footage
 * until now. NaN where there was none: nothing is lacking before the first camera recorded.
 */
export function recordedShares(
  coverage: Coverage,
  cameras: readonly CameraCoverageView[],
  bars: Bars,
): Float64Array {
  const shares = new Float64Array(bars.count);
  for (const camera of cameras) for (const span of camera.spans) add(shares, span, bars);
  const begins = cameras.map(firstKnownMs);
  for (let i = 0; i < bars.count; i += 1) {
    const startMs = bars.fromMs + i * bars.stepMs;
    const lengthMs = Math.min(startMs + bars.stepMs, coverage.nowMs) - startMs;
    const begun = begins.filter((beginMs) => beginMs < startMs + lengthMs).length;
    shares[i] = lengthMs <= 0 ? 0 : Math.min(1, (shares[i] ?? 0) / (lengthMs * begun));
  }
  return shares;
}

/** When a camera is first known to have recorded, by its footage or its receipts; Infinity when it never did. */
function firstKnownMs({ spans, gaps }: CameraCoverageView): number {
  const deleted = gaps.filter((gap) => gap.reason === 'deleted');
  return Math.min(Infinity, ...[...spans.slice(0, 1), ...deleted.slice(0, 1)].map((s) => s.fromMs));
}

/** Adds the milliseconds of a span to each bar it touches. */
function add(
  sums: Float64Array,
  span: { fromMs: number; toMs: number },
  { fromMs, stepMs, count }: Bars,
): void {
  const first = Math.max(0, Math.floor((span.fromMs - fromMs) / stepMs));
  for (let i = first; i < count; i += 1) {
    const startMs = fromMs + i * stepMs;
    if (startMs >= span.toMs) return;
    const inside = Math.min(span.toMs, startMs + stepMs) - Math.max(span.fromMs, startMs);
    sums[i] = (sums[i] ?? 0) + Math.max(0, inside);
  }
}

interface Known {
  readonly key: string;
  readonly shares: Float64Array;
}
const known = new WeakMap<Coverage, Known>();

/** The same, remembered for as long as the coverage and the bars stay the same: the strip is drawn at every frame. */
export function sharesOf(coverage: Coverage, cameraIds: readonly string[], bars: Bars): Float64Array {
  const key = JSON.stringify([cameraIds, bars]);
  const before = known.get(coverage);
  if (before?.key === key) return before.shares;
  const cameras = coverage.cameras.filter((c) => cameraIds.includes(c.cameraId));
  const shares = recordedShares(coverage, cameras, bars);
  known.set(coverage, { key, shares });
  return shares;
}
