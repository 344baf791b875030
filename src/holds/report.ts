/** The truth about a window: what is there, what is missing, what is deleted already, what is still to come. */
import { breathe } from '../base/delay.ts';
import { clamp, lengthMs, subtract, widen, type TimeRange } from '../base/range.ts';
import type { ClipReader, Receipt } from '../clips/store.ts';
import { MAX_RECEIPTS, type CameraCoverage, type CoverageReport } from './coverage-report.ts';
import { HOLD_MARGIN_MS } from './hold.ts';

export type ReportReader = Pick<
  ClipReader,
  'coverage' | 'covered' | 'receipts' | 'receiptCount' | 'deletedSpans'
>;

export interface ReportQuery {
  readonly cameraIds: readonly string[];
  readonly window: TimeRange;
  readonly nowMs: number;
}

/** Looks the window up, camera by camera; others go on in between. */
export async function reportCoverage(
  reader: ReportReader,
  query: ReportQuery,
  flight: {
    readonly rescued: number;
    readonly outcomeUnknown: readonly number[];
    /** Clips that have a second name by now. */
    readonly pinned: number;
  },
): Promise<CoverageReport> {
  const cameras: CameraCoverage[] = [];
  const receipts: Receipt[] = [];
  let clips = 0;
  let bytes = 0;
  let deletedClips = 0;
  for (const cameraId of query.cameraIds) {
    const covered = reader.covered(cameraId, widen(query.window, HOLD_MARGIN_MS));
    clips += covered.clips;
    bytes += covered.bytes;
    deletedClips += reader.receiptCount(cameraId, query.window);
    receipts.push(...reader.receipts(cameraId, query.window, MAX_RECEIPTS - receipts.length));
    const removed = reader.deletedSpans(cameraId, query.window);
    cameras.push(
      cameraCoverage(cameraId, query, { spans: reader.coverage(cameraId, query.window), removed }),
    );
    await breathe();
  }
  return {
    clips,
    bytes,
    rescued: flight.rescued,
    outcomeUnknown: flight.outcomeUnknown,
    // While clips come and go, more may be pinned than are covered by this look.
    notPinned: Math.max(0, clips - flight.pinned),
    percent: share(
      cameras.flatMap((c) => c.covered),
      pastOf(query),
      query.cameraIds.length,
    ),
    cameras,
    deletedClips,
    receipts,
  };
}

function cameraCoverage(
  cameraId: string,
  query: ReportQuery,
  found: { readonly spans: readonly TimeRange[]; readonly removed: readonly TimeRange[] },
): CameraCoverage {
  const past = pastOf(query);
  const covered = within(found.spans, past);
  const missing = past === undefined ? [] : subtract(past, covered);
  const deleted = missing.flatMap((gap) => within(found.removed, gap));
  return {
    cameraId,
    covered,
    gaps: missing.flatMap((gap) => subtract(gap, deleted)),
    deleted,
    future: futureOf(query),
    percent: share(covered, past, 1),
  };
}

function pastOf({ window, nowMs }: ReportQuery): TimeRange | undefined {
  return clamp(window, { fromMs: 0, toMs: nowMs });
}

function futureOf({ window, nowMs }: ReportQuery): TimeRange[] {
  const future = clamp(window, { fromMs: nowMs, toMs: Number.MAX_SAFE_INTEGER });
  return future === undefined ? [] : [future];
}

function within(ranges: readonly TimeRange[], window: TimeRange | undefined): TimeRange[] {
  return window === undefined ? [] : ranges.flatMap((r) => clamp(r, window) ?? []);
}

/** Share of the past part that is there, in per cent, rounded down to a tenth: 100 means all of it. */
function share(covered: readonly TimeRange[], past: TimeRange | undefined, cameras: number): number | null {
  if (past === undefined) return null;
  return Math.floor((lengthMs(covered) / (lengthMs([past]) * cameras)) * 1000) / 10;
}
