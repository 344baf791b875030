/**
 * A hold: a rule over cameras and a time window that keeps footage past its fourteen days. Pure.
 * A hold lives in immutable versions; the highest version counts. It may reach into the future.
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

/** What a placement says about the case and the window; validated (`holds.ts`) before it becomes a version. */
export interface HoldTerms {
  readonly caseRef: string;
  readonly title: string;
  readonly kind: CaseKind;
  readonly ground: LegalGround;
  readonly reason: string;
  readonly cameraIds: readonly string[];
  readonly window: TimeRange;
  /** When a person must look again; an overdue review never releases. */
  readonly reviewMs: number;
}

/** One immutable version of a hold. `releasedMs` set: the hold was released by this version. */
export interface HoldVersion {
  readonly holdId: string;
  readonly version: number;
  readonly terms: HoldTerms;
  /** User name of who made this version, and when (UTC ms, retention clock). */
  readonly by: string;
  readonly atMs: number;
  readonly releasedMs: number | null;
  readonly releaseReason: string | null;
  /** Moment the hold ends: release + cooling-off; null while it stands. */
  readonly endsMs: number | null;
}

/** Doubt about a clip's times is resolved in favour of the hold by this much (I1). */
export const HOLD_MARGIN_MS = MINUTE_MS;

/** Whether a version still binds at `nowMs`: it stands until its end (release + cooling-off) has passed. */
export function binds(version: HoldVersion, nowMs: number): boolean {
  return version.endsMs === null || nowMs < version.endsMs;
}

/** Whether the hold's cameras and window touch one of the clip's candidate intervals, widened by the margin. */
export function covers(
  terms: HoldTerms,
  clip: { cameraId: string; intervals: readonly TimeRange[] },
): boolean {
  if (!terms.cameraIds.includes(clip.cameraId)) return false;
  return clip.intervals.some((i) => overlaps(widen(i, HOLD_MARGIN_MS), terms.window));
}
