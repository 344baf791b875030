/** What is there at a moment, by the coverage the server told. Pure. */
import type { CameraCoverageView, Coverage } from '../../http/api/index.ts';
import { DAY_MS } from '../time/zone.ts';

export type HoldBand = CameraCoverageView['holds'][number];
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface GapSpan {
  readonly fromMs: number | null;
  readonly toMs: number;
}

/** What a moment of a camera is. Absence always has a reason. */
export type Moment =
  | { readonly kind: 'there'; readonly holds: readonly HoldBand[] }
  /** Nothing was recorded. `fromMs` null: nobody knows since when, the coverage does not reach back that far. */
  | { readonly kind: 'gap'; readonly span: GapSpan }
  /** By its receipts, or because it was due. */
  | { readonly kind: 'deleted'; readonly span: Span }
  | { readonly kind: 'future' }
  /** Before all the coverage tells of: whatever was recorded then has gone. */
  | { readonly kind: 'past' }
  /** In a clip that is being written, or was when it was last looked at: what is recorded of it is not known yet. */
  | { readonly kind: 'recording' };

const includes = (span: Span, ms: number): boolean => ms >= span.fromMs && ms < span.toMs;

/** The last span that begins at or before `ms`; spans are sorted. */
function lastBegun<T extends Span>(spans: readonly T[], ms: number): T | undefined {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.fromMs ?? Infinity) <= ms) low = middle + 1;
    else high = middle;
  }
  return spans[low - 1];
}

export function spanAt<T extends Span>(spans: readonly T[], ms: number): T | undefined {
  const span = lastBegun(spans, ms);
  return span !== undefined && includes(span, ms) ? span : undefined;
}

export function holdsAt(camera: CameraCoverageView, ms: number): HoldBand[] {
  return camera.holds.filter((h) => includes(h, ms));
}

/** Longer than this no recorder writes at one clip without being late. */
const LIVE_EDGE_MS = 65 * 60_000;

/** Whether a gap is the clip that a recording camera is writing now. */
export function isLiveEdge(gap: GapSpan, nowMs: number): boolean {
  return gap.toMs >= nowMs - 1000 && gap.fromMs !== null && gap.fromMs > nowMs - LIVE_EDGE_MS;
}

/**
 * `coverage` gives now and the cut: footage before the cut is gone unless a standing hold keeps it. Where neither
 * footage nor a receipt is known nothing was recorded, before the cut too.
 */
export function momentAt(coverage: Coverage, cameraId: string, ms: number): Moment {
  const camera = coverage.cameras.find((c) => c.cameraId === cameraId);
  if (ms >= coverage.nowMs) return { kind: 'future' };
  if (ms < coverage.fromMs) return { kind: 'past' };
  if (camera === undefined) return { kind: 'gap', span: { fromMs: null, toMs: coverage.toMs } };
  const footage = spanAt(camera.spans, ms);
  if (footage !== undefined) {
    const keeping = holdsAt(camera, ms).filter((h) => h.state === 'standing');
    if (ms >= coverage.cutMs || keeping.length > 0) return { kind: 'there', holds: keeping };
    return { kind: 'deleted', span: { ...footage, toMs: Math.min(footage.toMs, coverage.cutMs) } };
  }
  return absentAt(coverage, camera, ms);
}

/** A moment without footage, by the gap it lies in. */
function absentAt(coverage: Coverage, camera: CameraCoverageView, ms: number): Moment {
  const gap = spanAt(camera.gaps, ms);
  switch (gap?.reason) {
    case undefined:
      return { kind: 'gap', span: { fromMs: ms, toMs: ms } };
    case 'none':
      return { kind: 'gap', span: gapSpan(gap, coverage) };
    case 'deleted':
      return { kind: 'deleted', span: gap };
    case 'recording':
      return { kind: 'recording' };
    case 'future':
      // It has come since the coverage was told, which cannot say what it is.
      return { kind: 'future' };
  }
}

/**
 * The same by a coverage that was told some time ago: `at` is what now and the cut have become. Of a camera that is
 * recording, what lacks up to the moment of the answer and what has come since are on their way.
 */
export function momentSince(
  coverage: Coverage,
  camera: { readonly id: string; readonly recording: boolean },
  at: { readonly ms: number; readonly nowMs: number; readonly cutMs: number },
): Moment {
  const { ms, nowMs, cutMs } = at;
  const moment = momentAt({ ...coverage, nowMs, cutMs }, camera.id, ms);
  if (!camera.recording || ms >= nowMs) return moment;
  if (moment.kind === 'gap' && isLiveEdge(moment.span, coverage.nowMs)) return { kind: 'recording' };
  return moment.kind === 'future' ? { kind: 'recording' } : moment;
}

/** The gaps that are told as such: nothing was recorded or it was deleted; not what is being recorded or has not come. */
export function toldGaps(
  camera: CameraCoverageView,
  { nowMs, recording }: { readonly nowMs: number; readonly recording: boolean },
): CameraCoverageView['gaps'] {
  const coming = (gap: Span): boolean => recording && isLiveEdge(gap, nowMs);
  return camera.gaps.filter((g) => g.reason === 'deleted' || (g.reason === 'none' && !coming(g)));
}

/** A gap as it can be told: one that begins with the coverage may have begun before it. */
export function gapSpan({ fromMs, toMs }: Span, coverage: Span): GapSpan {
  return { fromMs: fromMs <= coverage.fromMs ? null : fromMs, toMs };
}

/** What became of the time before the cut: footage of it was deleted, or nothing was recorded. */
export function beforeCut(camera: CameraCoverageView, cutMs: number): 'deleted' | 'none' {
  const recorded = camera.spans.some((s) => s.fromMs < cutMs);
  const deleted = camera.gaps.some((g) => g.reason === 'deleted' && g.fromMs < cutMs);
  return recorded || deleted ? 'deleted' : 'none';
}

/** When the next footage of the camera begins after `ms` that may still be seen; undefined when there is none. */
export function nextFootage(coverage: Coverage, cameraId: string, ms: number): number | undefined {
  const camera = coverage.cameras.find((c) => c.cameraId === cameraId);
  for (const span of camera?.spans ?? []) {
    if (span.toMs <= ms) continue;
    const from = Math.max(span.fromMs, ms);
    if (from >= coverage.cutMs) return from;
    const kept = camera?.holds.find((h) => h.state === 'standing' && h.toMs > from && h.fromMs < span.toMs);
    if (kept !== undefined && kept.fromMs < coverage.cutMs) return Math.max(from, kept.fromMs);
    if (span.toMs > coverage.cutMs) return coverage.cutMs;
  }
  return undefined;
}

/** How strong footage is drawn: whole until it falls due within a day, then from 82 to 22 per cent, then not at all. */
export function inkOf(ms: number, cutMs: number): number {
  const leftMs = ms - cutMs;
  if (leftMs <= 0) return 0;
  return leftMs >= DAY_MS ? 1 : 0.22 + 0.6 * (leftMs / DAY_MS);
}

/** The parts of `spans` inside a window. */
export function clipTo(spans: readonly Span[], window: Span): Span[] {
  return spans
    .filter((s) => s.toMs > window.fromMs && s.fromMs < window.toMs)
    .map((s) => ({ fromMs: Math.max(s.fromMs, window.fromMs), toMs: Math.min(s.toMs, window.toMs) }));
}
