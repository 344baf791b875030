/** Holds and cases in the words of the API. Pure. */
import { confirmByMs } from '../holds/acts.ts';
import type { CoverageReport } from '../holds/coverage-report.ts';
import { binds, stands, type HoldTerms, type HoldVersion, type Scope } from '../holds/hold.ts';
import type { Case as DomainCase } from '../holds/hold-set.ts';
import type { PreservedReport } from '../holds/keep/preserved.ts';
import type {
  Case,
  CaseDetail,
  CaseHoldRequest,
  Hold,
  HoldCoverage,
  HoldDetail,
  HoldPreservation,
  HoldRequest,
} from './api/index.ts';

/** `first` is version 1: it says who placed the hold. */
export function holdView(current: HoldVersion, first: HoldVersion, nowMs: number): Hold {
  const { terms, releasedMs, releaseReason, endsMs, confirmedBy, confirmedMs } = current;
  const { caseRef, title, kind, ground, viewers, reason, reviewMs } = terms;
  const state = stateOf(current, nowMs);
  const confirmBy = confirmByMs(current, nowMs);
  return {
    id: current.holdId,
    version: current.version,
    act: current.act,
    caseId: current.case.id,
    caseVersion: current.case.version,
    ...{ caseRef, title, kind, ground, reason, reviewMs },
    viewers: [...viewers],
    ...scopeView(terms),
    setBy: first.by,
    setMs: first.atMs,
    confirmedBy,
    confirmedMs,
    confirmByMs: confirmBy,
    unconfirmedOverdue: confirmBy !== null && confirmBy <= nowMs,
    state,
    reviewOverdue: state === 'standing' && reviewMs <= nowMs,
    pending: pendingView(current.pending),
    leaving: current.leaving
      .filter((l) => nowMs < l.endsMs)
      .map(({ cameraIds, window, endsMs: until }) => ({
        ...{ cameraIds: [...cameraIds], ...window },
        endsMs: until,
      })),
    releaseAskedBy: releasedMs === null ? null : current.askedBy,
    releasedBy: releasedMs === null ? null : current.by,
    releasedMs,
    releaseReason,
    endsMs,
  };
}

export function historyView(versions: readonly HoldVersion[]): HoldDetail['versions'] {
  return versions.map((v) => ({
    version: v.version,
    act: v.act,
    by: v.by,
    atMs: v.atMs,
    released: v.releasedMs !== null,
    reason: v.why,
    ...scopeView(v.terms),
    reviewMs: v.terms.reviewMs,
  }));
}

export function caseView(known: DomainCase, holds: readonly HoldVersion[]): Case {
  const { mark, caseRef: ref, title, kind, ground, viewers } = known;
  return {
    ...mark,
    ...{ ref, title, kind, ground },
    viewers: [...viewers],
    holds: holds.filter((h) => h.case.id === mark.id).map((h) => h.holdId),
  };
}

/** Everything that was done under a case, oldest first, and of it what made another version of the case. */
export function caseHistory(versions: readonly HoldVersion[]): Pick<CaseDetail, 'versions' | 'history'> {
  const done = [...versions].sort((a, b) => a.atMs - b.atMs || a.version - b.version);
  const made = new Map(done.toReversed().map((v) => [v.case.version, v]));
  return {
    versions: [...made.values()].toReversed().map((v) => ({
      version: v.case.version,
      ...{ title: v.terms.title, viewers: [...v.terms.viewers], by: v.by, atMs: v.atMs, reason: v.why },
    })),
    history: done.map(({ holdId, version, act, by, atMs, why, pending }) => ({
      ...{ holdId, version, act, by, atMs },
      asked: act === 'asked' ? (pending?.what ?? null) : null,
      reason: why,
    })),
  };
}

export function scopeOf(asked: Pick<HoldRequest, 'cameraIds' | 'fromMs' | 'toMs' | 'endMs'>): Scope {
  const { fromMs, toMs, cameraIds, endMs = null } = asked;
  return { cameraIds: [...new Set(cameraIds)], window: { fromMs, toMs }, endMs };
}

export function termsOf(request: HoldRequest): HoldTerms {
  const { caseRef, title, kind, ground, viewers = [], reason, reviewMs } = request;
  return {
    ...scopeOf(request),
    ...{ caseRef, title, kind, ground, reason, reviewMs },
    viewers: [...new Set(viewers)],
  };
}

/** Of a hold under a case that is there: what it says of the case is the case's. */
export function termsUnder(known: DomainCase, { reason, reviewMs, ...scope }: CaseHoldRequest): HoldTerms {
  const { caseRef, title, kind, ground, viewers } = known;
  return { ...scopeOf(scope), ...{ caseRef, title, kind, ground, viewers, reason, reviewMs } };
}

export function coverageView(report: CoverageReport): HoldCoverage {
  return structuredClone(report) as HoldCoverage;
}

export function preservationView(report: PreservedReport): HoldPreservation {
  return { ...report, flaws: report.flaws.map((flaw) => ({ ...flaw })) };
}

function scopeView({
  cameraIds,
  window,
  endMs,
}: Scope): Pick<Hold, 'cameraIds' | 'fromMs' | 'toMs' | 'endMs'> {
  return { cameraIds: [...cameraIds], fromMs: window.fromMs, toMs: window.toMs, endMs };
}

function pendingView(pending: HoldVersion['pending']): Hold['pending'] {
  if (pending === null) return null;
  const { to, ...rest } = pending;
  return { ...rest, ...scopeView(to) };
}

function stateOf(version: HoldVersion, nowMs: number): Hold['state'] {
  if (stands(version, nowMs)) return 'standing';
  return binds(version, nowMs) ? 'cooling_off' : 'ended';
}
