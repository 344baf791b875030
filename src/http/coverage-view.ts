/** Coverage of one camera as people see it: footage, gaps with their reason, holds. */
import { clamp, subtract, type TimeRange } from '../base/range.ts';
import { binds, stands } from '../holds/hold.ts';
import type { CameraCoverageView } from './api/index.ts';
import type { HttpDeps } from './deps.ts';

type Gap = CameraCoverageView['gaps'][number];

export function cameraCoverage(
  deps: HttpDeps,
  cameraId: string,
  at: { readonly window: TimeRange; readonly nowMs: number },
): CameraCoverageView {
  const { window, nowMs } = at;
  const past = clamp(window, { fromMs: 0, toMs: nowMs });
  const seen = past === undefined ? [] : deps.clips.coverage(cameraId, past);
  const spans = seen.flatMap((s) => clampedSpan(s, window));
  return {
    cameraId,
    spans,
    gaps: gapsOf(deps, { cameraId, spans, ...at }),
    holds: bandsOf(deps, cameraId, at),
  };
}

const NONE: ReadonlySet<number> = new Set();

/** What follows a growing clip up to now is left a gap: whether its camera still records is told with the cameras. */
function gapsOf(
  deps: HttpDeps,
  at: { cameraId: string; spans: readonly TimeRange[]; window: TimeRange; nowMs: number },
): Gap[] {
  const { cameraId, spans, window, nowMs } = at;
  const gaps: Gap[] = [];
  const past = clamp(window, { fromMs: 0, toMs: nowMs });
  if (past !== undefined) {
    const empty = subtract(past, spans);
    const deleted = empty.length === 0 ? [] : deps.cameras.deletedSpans(cameraId, past);
    const growing = empty.length === 0 ? NONE : deps.cameras.growingEndsMs(cameraId, deps.clock.wallMs());
    for (const gap of empty) {
      gaps.push(
        ...deleted.flatMap((d) => clampedSpan(d, gap)).map((d) => ({ ...d, reason: 'deleted' as const })),
      );
      for (const g of subtract(gap, deleted)) {
        gaps.push({ ...g, reason: growing.has(g.fromMs) && g.toMs < past.toMs ? 'recording' : 'none' });
      }
    }
  }
  const future = clamp(window, { fromMs: nowMs, toMs: Number.MAX_SAFE_INTEGER });
  if (future !== undefined) gaps.push({ ...future, reason: 'future' });
  return gaps.sort((a, b) => a.fromMs - b.fromMs);
}

function bandsOf(
  deps: HttpDeps,
  cameraId: string,
  at: { window: TimeRange; nowMs: number },
): CameraCoverageView['holds'] {
  return deps.holds
    .inForce()
    .filter((h) => h.terms.cameraIds.includes(cameraId) && binds(h, at.nowMs))
    .flatMap((h) =>
      clampedSpan(h.terms.window, at.window).map((band) => ({
        ...band,
        holdId: h.holdId,
        caseRef: h.terms.caseRef,
        state: stands(h, at.nowMs) ? ('standing' as const) : ('cooling_off' as const),
      })),
    );
}

function clampedSpan(span: TimeRange, window: TimeRange): TimeRange[] {
  const inside = clamp(span, window);
  return inside === undefined ? [] : [inside];
}
