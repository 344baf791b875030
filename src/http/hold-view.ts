/** Holds in the words of the API. Pure but for reading the hold's first version. */
import type { CoverageReport } from '../holds/coverage-report.ts';
import { binds, type HoldTerms, type HoldVersion } from '../holds/hold.ts';
import type { Hold, HoldCoverage, HoldRequest } from './api/index.ts';

/** `first` is version 1: it says who placed the hold. */
export function holdView(current: HoldVersion, first: HoldVersion, nowMs: number): Hold {
  const { terms, releasedMs, releaseReason, endsMs } = current;
  const { window, cameraIds, ...words } = terms;
  const state = stateOf(current, nowMs);
  return {
    id: current.holdId,
    version: current.version,
    ...words,
    cameraIds: [...cameraIds],
    fromMs: window.fromMs,
    toMs: window.toMs,
    setBy: first.by,
    setMs: first.atMs,
    state,
    reviewOverdue: state === 'standing' && terms.reviewMs <= nowMs,
    releasedBy: releasedMs === null ? null : current.by,
    releasedMs,
    releaseReason,
    endsMs,
  };
}

export function termsOf(request: HoldRequest): HoldTerms {
  const { fromMs, toMs, cameraIds, ...words } = request;
  return { ...words, cameraIds: [...new Set(cameraIds)], window: { fromMs, toMs } };
}

export function coverageView(report: CoverageReport): HoldCoverage {
  return structuredClone(report) as HoldCoverage;
}

function stateOf(version: HoldVersion, nowMs: number): Hold['state'] {
  if (version.releasedMs === null) return 'standing';
  return binds(version, nowMs) ? 'cooling_off' : 'ended';
}
