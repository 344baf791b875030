/** The composer's form: what is typed, what is wrong with it, and the request it makes. Pure. */
import type { HoldRequest } from '../../../http/api/index.ts';
import type { TimeFormat } from '../../time/format.ts';
import { parseMoment } from '../../time/parse.ts';
import { addDays, DAY_MS } from '../../time/zone.ts';
import type { Span } from '../../timeline/footage.ts';

export const KINDS = [
  'legal_claim',
  'legal_duty',
  'police_order',
  'access_request',
  'restriction_request',
] as const satisfies readonly HoldRequest['kind'][];
export const GROUNDS = [
  'gdpr_17_3_e',
  'gdpr_17_3_b',
  'gdpr_18_1_c',
  'gdpr_18_1',
  'gdpr_15',
  'criminal_procedure',
] as const satisfies readonly HoldRequest['ground'][];

/** The ground that most often goes with a kind; a person may choose another. */
export const USUAL_GROUND: Readonly<Record<HoldRequest['kind'], HoldRequest['ground']>> = {
  legal_claim: 'gdpr_17_3_e',
  legal_duty: 'gdpr_17_3_b',
  police_order: 'criminal_procedure',
  access_request: 'gdpr_15',
  restriction_request: 'gdpr_18_1',
};

export const LATEST_REVIEW_DAYS = 90;
export const USUAL_REVIEW_DAYS = 28;
export const LEAST_REASON = 20;
export const LEAST_TITLE = 3;

export interface HoldForm {
  readonly caseRef: string;
  readonly title: string;
  readonly kind: HoldRequest['kind'];
  readonly ground: HoldRequest['ground'];
  readonly reason: string;
  /** Day of the review, as typed. */
  readonly review: string;
  /** As typed, in the site's zone; the window of the timeline follows when they can be read. */
  readonly from: string;
  readonly to: string;
  /** When it ends by itself, as typed; empty: only people end it. */
  readonly end: string;
  readonly cameraIds: readonly string[];
  /** User names of those who may see it past its time. */
  readonly viewers: readonly string[];
}

/** The form in another language: what could be read is written anew. */
export function translated(form: HoldForm, from: TimeFormat, to: TimeFormat): HoldForm {
  const again = (text: string, write: (ms: number) => string): string => {
    const ms = parseMoment(text, from);
    return ms === undefined ? text : write(ms);
  };
  return {
    ...form,
    review: again(form.review, to.fullDay),
    from: again(form.from, to.fullMoment),
    to: again(form.to, to.fullMoment),
    end: again(form.end, to.fullMoment),
  };
}

/** What a preview needs: a camera, both ends of the window, and these in order. */
export type Missing = 'cameras' | 'from' | 'to' | 'order';
export type WrongField = Missing | 'caseRef' | 'title' | 'reason' | 'review' | 'end';

export function emptyForm(window: Span, nowMs: number, format: TimeFormat): HoldForm {
  const review = addDays(format.zone, nowMs, USUAL_REVIEW_DAYS);
  return {
    caseRef: '',
    title: '',
    kind: 'legal_claim',
    ground: USUAL_GROUND.legal_claim,
    reason: '',
    review: format.fullDay(review),
    from: format.fullMoment(window.fromMs),
    to: format.fullMoment(window.toMs),
    end: '',
    cameraIds: [],
    viewers: [],
  };
}

/** The window as typed, at its widest in the autumn hour; undefined while it cannot be read or ends before it begins. */
export function windowOf(form: Pick<HoldForm, 'from' | 'to'>, format: TimeFormat): Span | undefined {
  const fromMs = parseMoment(form.from, format);
  const toMs = parseMoment(form.to, format, 'last');
  return fromMs === undefined || toMs === undefined || toMs <= fromMs ? undefined : { fromMs, toMs };
}

/** What keeps a preview from being asked for; each end by itself, their order only where both can be read. */
export function missingOf(form: Pick<HoldForm, 'from' | 'to' | 'cameraIds'>, format: TimeFormat): Missing[] {
  const fromMs = parseMoment(form.from, format);
  const toMs = parseMoment(form.to, format, 'last');
  const missing: Missing[] = form.cameraIds.length === 0 ? ['cameras'] : [];
  if (fromMs === undefined) missing.push('from');
  if (toMs === undefined) missing.push('to');
  if (fromMs !== undefined && toMs !== undefined && toMs <= fromMs) missing.push('order');
  return missing;
}

/** What keeps the form from being sent. */
export function wrongFields(form: HoldForm, nowMs: number, format: TimeFormat): ReadonlySet<WrongField> {
  const wrong = new Set<WrongField>();
  if (form.caseRef.trim() === '') wrong.add('caseRef');
  if (form.title.trim().length < LEAST_TITLE) wrong.add('title');
  if (form.reason.trim().length < LEAST_REASON) wrong.add('reason');
  for (const what of missingOf(form, format)) wrong.add(what);
  const reviewMs = parseMoment(form.review, format);
  if (reviewMs === undefined || !isReview(reviewMs, nowMs)) wrong.add('review');
  const endMs = endOf(form, format);
  if (endMs === undefined || (endMs !== null && !isEnd(endMs, parseMoment(form.to, format, 'last'), nowMs)))
    wrong.add('end');
  return wrong;
}

/** A review lies ahead, and not too far. */
export function isReview(reviewMs: number, nowMs: number): boolean {
  return reviewMs > nowMs && reviewMs <= nowMs + LATEST_REVIEW_DAYS * DAY_MS;
}

/** The end as typed; null for none, undefined while it cannot be read. */
export function endOf(form: Pick<HoldForm, 'end'>, format: TimeFormat): number | null | undefined {
  return form.end.trim() === '' ? null : parseMoment(form.end, format, 'last');
}

/** A hold ends by itself only after the end of its window, where that can be read, and in the future. */
export function isEnd(endMs: number, toMs: number | undefined, nowMs: number): boolean {
  return endMs > nowMs && endMs >= (toMs ?? -Infinity);
}

/** The request of a form without wrong fields; undefined otherwise. */
export function requestOf(form: HoldForm, nowMs: number, format: TimeFormat): HoldRequest | undefined {
  const window = windowOf(form, format);
  const reviewMs = parseMoment(form.review, format);
  const endMs = endOf(form, format);
  if (window === undefined || reviewMs === undefined || endMs === undefined) return undefined;
  if (wrongFields(form, nowMs, format).size > 0) return undefined;
  return {
    ...window,
    cameraIds: [...form.cameraIds],
    caseRef: form.caseRef.trim(),
    title: form.title.trim(),
    kind: form.kind,
    ground: form.ground,
    reason: form.reason.trim(),
    reviewMs,
    endMs,
    viewers: [...form.viewers],
  };
}
