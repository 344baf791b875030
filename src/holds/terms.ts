/** Whether the terms of a placement can become a hold. Pure; the sentences name the field and what it should be. */
import { DAY_MS } from '../base/clock.ts';
import { FortnightError } from '../base/errors.ts';
import { CASE_KINDS, LEGAL_GROUNDS, type HoldTerms } from './hold.ts';

export const MIN_REASON = 20;
export const MAX_REVIEW_MS = 90 * DAY_MS;
/** A hold names an incident, not an era. */
export const MAX_WINDOW_MS = 366 * DAY_MS;

/** Throws `invalid` with the first thing that is wrong. */
export function checkTerms(
  terms: HoldTerms,
  at: { readonly nowMs: number; readonly cameraIds: ReadonlySet<string> },
): void {
  const { window } = terms;
  const wrong: readonly (readonly [boolean, string])[] = [
    [terms.caseRef.trim() === '', 'the case reference is empty'],
    [terms.title.trim() === '', 'the title is empty'],
    [!CASE_KINDS.includes(terms.kind), `the kind must be one of ${CASE_KINDS.join(', ')}`],
    [!LEGAL_GROUNDS.includes(terms.ground), `the legal ground must be one of ${LEGAL_GROUNDS.join(', ')}`],
    [
      terms.reason.trim().length < MIN_REASON,
      `the reason must have at least ${String(MIN_REASON)} characters`,
    ],
    [terms.cameraIds.length === 0, 'no camera is named'],
    [new Set(terms.cameraIds).size !== terms.cameraIds.length, 'a camera is named twice'],
    [!(window.fromMs < window.toMs), 'the window must begin before it ends'],
    [window.toMs - window.fromMs > MAX_WINDOW_MS, 'the window is longer than a year'],
    [window.toMs > at.nowMs + MAX_WINDOW_MS, 'the window ends more than a year from now'],
    [terms.reviewMs <= at.nowMs, 'the review date has passed already'],
    [terms.reviewMs > at.nowMs + MAX_REVIEW_MS, 'the review date is more than 90 days away'],
  ];
  const first = wrong.find(([is]) => is);
  if (first !== undefined) throw new FortnightError('invalid', first[1]);
  const unknown = terms.cameraIds.find((id) => !at.cameraIds.has(id));
  if (unknown !== undefined) {
    throw new FortnightError('invalid', `there is no camera ${JSON.stringify(unknown)}`, {
      hint: `known cameras: ${[...at.cameraIds].join(', ')}`,
    });
  }
}
