/** Whether the terms of a placement or of a change can become a hold. Pure; the sentences say what it should be. */
import { DAY_MS } from '../base/clock.ts';
import { FortnightError } from '../base/errors.ts';
import { CASE_KINDS, LEGAL_GROUNDS, type HoldTerms, type Scope } from './hold.ts';

export const MIN_REASON = 20;
export const MAX_REVIEW_MS = 90 * DAY_MS;
/** A hold names an incident, not an era. */
export const MAX_WINDOW_MS = 366 * DAY_MS;
/** Who needs to know is a few people. */
export const MAX_VIEWERS = 32;

/** A fault and whether it is there; the first that is becomes the answer. */
type Fault = readonly [boolean, string];

export interface TermsAt {
  readonly nowMs: number;
  readonly cameraIds: ReadonlySet<string>;
}

/** Throws `invalid` with the first thing that is wrong. */
export function checkTerms(terms: HoldTerms, at: TermsAt): void {
  demand([
    [terms.caseRef.trim() === '', 'the case reference is empty'],
    [terms.title.trim() === '', 'the title is empty'],
    [!CASE_KINDS.includes(terms.kind), `the kind must be one of ${CASE_KINDS.join(', ')}`],
    [!LEGAL_GROUNDS.includes(terms.ground), `the legal ground must be one of ${LEGAL_GROUNDS.join(', ')}`],
    ...viewerFaults(terms.viewers),
    reasonFault(terms.reason),
  ]);
  checkScope(terms, at);
  checkReview(terms.reviewMs, at.nowMs);
}

/** Throws `invalid` unless the cameras, the window and the end can be a hold's. */
export function checkScope({ cameraIds, window, endMs }: Scope, at: TermsAt): void {
  demand([
    [cameraIds.length === 0, 'no camera is named'],
    [new Set(cameraIds).size !== cameraIds.length, 'a camera is named twice'],
    [!(window.fromMs < window.toMs), 'the window must begin before it ends'],
    [window.toMs - window.fromMs > MAX_WINDOW_MS, 'the window is longer than a year'],
    [window.toMs > at.nowMs + MAX_WINDOW_MS, 'the window ends more than a year from now'],
    [endMs !== null && endMs <= at.nowMs, 'the end has passed already'],
    [endMs !== null && endMs < window.toMs, 'the hold would end before its window does'],
  ]);
  const unknown = cameraIds.find((id) => !at.cameraIds.has(id));
  if (unknown !== undefined) {
    throw new FortnightError('invalid', `there is no camera ${JSON.stringify(unknown)}`, {
      hint: `known cameras: ${[...at.cameraIds].join(', ')}`,
    });
  }
}

export function checkReview(reviewMs: number, nowMs: number): void {
  demand([
    [reviewMs <= nowMs, 'the review date has passed already'],
    [reviewMs > nowMs + MAX_REVIEW_MS, 'the review date is more than 90 days away'],
  ]);
}

export function checkReason(reason: string): void {
  demand([reasonFault(reason)]);
}

/** Throws `invalid` for a title or a list of people that cannot be a case's. */
export function checkCase(change: { readonly title: string; readonly viewers: readonly string[] }): void {
  demand([[change.title.trim() === '', 'the title is empty'], ...viewerFaults(change.viewers)]);
}

function viewerFaults(viewers: readonly string[]): Fault[] {
  return [
    [new Set(viewers).size !== viewers.length, 'a person is named twice'],
    [viewers.length > MAX_VIEWERS, `more than ${String(MAX_VIEWERS)} people are named`],
  ];
}

function reasonFault(reason: string): Fault {
  return [
    reason.trim().length < MIN_REASON,
    `the reason must have at least ${String(MIN_REASON)} characters`,
  ];
}

function demand(faults: readonly Fault[]): void {
  const first = faults.find(([is]) => is);
  if (first !== undefined) throw new FortnightError('invalid', first[1]);
}
