/**
 * A hold: a rule over cameras and a time window that keeps footage past its fourteen days. Pure.
 * A hold lives in immutable versions; the highest version counts. It may reach into the future. Placing and widening bind
 * at once; whatever lessens it is asked for by one person and granted by another.
 */
import { MINUTE_MS } from '../base/clock.ts';
import { overlaps, widen, type TimeRange } from '../base/range.ts';

export type CaseKind =
  'legal_claim' | 'legal_duty' | 'police_order' | 'access_request' | 'restriction_request';
export const CASE_KINDS: readonly CaseKind[] = [
  'legal_claim',
  'legal_duty',
  'police_order',
  'access_request',
  'restriction_request',
];

/** Legal grounds a hold may rest on; the texts are in the catalogue. */
export type LegalGround =
  | 'gdpr_17_3_e' // establishment, exercise or defence of legal claims
  | 'gdpr_17_3_b' // legal obligation
  | 'gdpr_18_1_c' // restriction: the data subject needs it for a claim
  | 'gdpr_18_1' // restriction asked by the data subject
  | 'gdpr_15' // access request under way
  | 'criminal_procedure'; // order of police or prosecutor
export const LEGAL_GROUNDS: readonly LegalGround[] = [
  'gdpr_17_3_e',
  'gdpr_17_3_b',
  'gdpr_18_1_c',
  'gdpr_18_1',
  'gdpr_15',
  'criminal_procedure',
];

/** What a case says of itself. Every version of a hold carries a copy, so that a journal or a mirror needs nothing else. */
export interface CaseTerms {
  /** The reference people know it by, of the insurer, the court or the police. */
  readonly caseRef: string;
  readonly title: string;
  readonly kind: CaseKind;
  readonly ground: LegalGround;
  /** User names of those who need to know: they alone see its held footage past its time, and only when they are security. */
  readonly viewers: readonly string[];
}

/** What a hold binds. */
export interface Scope {
  readonly cameraIds: readonly string[];
  readonly window: TimeRange;
  /** When it ends by itself, as by a release at that moment; null: only people end it. */
  readonly endMs: number | null;
}

/** What a placement says; validated (`terms.ts`) before it becomes a version. */
export interface HoldTerms extends CaseTerms, Scope {
  readonly reason: string;
  /** When a person must look again; an overdue review never releases. */
  readonly reviewMs: number;
}

/** Which version of a case a hold carries, and who made that version. */
export interface CaseMark {
  /** UUID. */
  readonly id: string;
  readonly version: number;
  readonly by: string;
  readonly atMs: number;
}

/** What made a version. */
export const HOLD_ACTS = [
  'placed',
  'confirmed',
  'widened',
  'asked', // for a release or a narrowing
  'refused',
  'withdrawn', // a request, or a release that was cooling off
  'narrowed',
  'reviewed',
  'case_changed',
  'released',
] as const;
export type HoldAct = (typeof HOLD_ACTS)[number];

/** A request that waits for a second person. */
export interface Pending {
  readonly what: 'release' | 'narrowing';
  /** What would be left; of a release: what there is. */
  readonly to: Scope;
  readonly reason: string;
  readonly by: string;
  readonly atMs: number;
  /** When it takes effect without a second person; null: never. */
  readonly effectiveMs: number | null;
}

/** What a narrowing gave up: it binds as after a release until `endsMs`. */
export interface Leaving {
  readonly cameraIds: readonly string[];
  readonly window: TimeRange;
  readonly sinceMs: number;
  readonly endsMs: number;
}

/** One immutable version of a hold. `releasedMs` set: the hold was released by this version. */
export interface HoldVersion {
  readonly holdId: string;
  readonly version: number;
  readonly act: HoldAct;
  readonly case: CaseMark;
  readonly terms: HoldTerms;
  /** User name of who made this version, and when (UTC ms, retention clock). */
  readonly by: string;
  readonly atMs: number;
  /** The reason given for this act; empty for a confirmation. */
  readonly why: string;
  /** Who placed or last widened it, and when: a second person confirms that. */
  readonly boundBy: string;
  readonly boundMs: number;
  readonly confirmedBy: string | null;
  readonly confirmedMs: number | null;
  readonly pending: Pending | null;
  readonly leaving: readonly Leaving[];
  /** Who asked for what this version grants; null when it grants nothing. */
  readonly askedBy: string | null;
  readonly releasedMs: number | null;
  readonly releaseReason: string | null;
  /** Moment the hold ends: release or `terms.endMs`, + cooling-off; null while nothing ends it. */
  readonly endsMs: number | null;
}

/** Doubt about a clip's times is resolved in favour of the hold by this much (I1). */
export const HOLD_MARGIN_MS = MINUTE_MS;

/** Whether a version still binds at `nowMs`: it stands until its end (release + cooling-off) has passed. */
export function binds(version: HoldVersion, nowMs: number): boolean {
  return version.endsMs === null || nowMs < version.endsMs;
}

/** Whether it keeps footage for people to use: neither released nor at its own end. A hold that binds may be cooling off. */
export function stands(version: HoldVersion, nowMs: number): boolean {
  const { endMs } = version.terms;
  return version.releasedMs === null && (endMs === null || nowMs < endMs);
}

/**
 * A version as the decisions take it: itself, and what it gave up by narrowing as if that were a hold of its own that
 * was released then.
 */
export function partsOf(version: HoldVersion): readonly HoldVersion[] {
  const given = version.leaving.map(({ cameraIds, window, sinceMs, endsMs }) => ({
    ...version,
    terms: { ...version.terms, cameraIds, window },
    leaving: [],
    releasedMs: sinceMs,
    releaseReason: version.why,
    endsMs,
  }));
  return [version, ...given];
}

/** Whether the hold's cameras and window touch one of the clip's candidate intervals, widened by the margin. */
export function covers(
  terms: Pick<HoldTerms, 'cameraIds' | 'window'>,
  clip: { cameraId: string; intervals: readonly TimeRange[] },
): boolean {
  if (!terms.cameraIds.includes(clip.cameraId)) return false;
  return clip.intervals.some((i) => overlaps(widen(i, HOLD_MARGIN_MS), terms.window));
}
