/**
 * Errors as RFC 9457 problem documents, in one place. The user gets a code and a sentence; the cause goes to the log.
 * Nothing of a request is echoed, no stack, path or version is told.
 */
import { z } from 'zod';
import type { ErrorCode } from '../base/error-codes.ts';
import { FortnightError } from '../base/errors.ts';
import { limitSentence } from '../base/limit-sentence.ts';
import type { Problem } from './api/index.ts';

type Details = Partial<Pick<Problem, 'reason' | 'atMs' | 'errors' | 'holdId'>>;

/** A refusal with what the problem document or its headers say besides the code. */
export class Refusal extends FortnightError {
  readonly details: Details;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    code: ErrorCode,
    message: string,
    extra: { details?: Details; headers?: Readonly<Record<string, string>>; cause?: unknown } = {},
  ) {
    super(code, message, { cause: extra.cause });
    this.details = extra.details ?? {};
    this.headers = extra.headers ?? {};
  }
}

/** Failures of ours whose sentence helps the user; of the others only the code is told. */
const SPOKEN: readonly ErrorCode[] = [
  'audit_unavailable',
  'clip_unavailable',
  'busy',
  'hold_recorded_not_indexed',
];

const RETRY_AFTER_S = '2';

export interface ProblemAnswer {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  /** What the operator must see; undefined when the request was at fault. */
  readonly fault: unknown;
}

export function answerOf(error: unknown): ProblemAnswer {
  const known = translate(error);
  const status = known.httpStatus;
  const ours = status >= 500;
  const spoken = !ours || SPOKEN.includes(known.code);
  const problem: Problem = {
    type: `urn:fortnight:problem:${known.code}`,
    title: known.code.replaceAll('_', ' '),
    status,
    code: known.code,
    ...(spoken ? { detail: known.message } : {}),
    ...detailsOf(known),
  };
  return { problem, headers: headersOf(known), fault: ours ? error : undefined };
}

function detailsOf(error: FortnightError): Details {
  if (error instanceof Refusal) return error.details;
  return 'holdId' in error && typeof error.holdId === 'string' ? { holdId: error.holdId } : {};
}

function headersOf(error: FortnightError): Readonly<Record<string, string>> {
  if (error instanceof Refusal) return error.headers;
  if ('retryAfterS' in error && typeof error.retryAfterS === 'number')
    return { 'retry-after': String(error.retryAfterS) };
  const waits = error.code === 'busy' || error.code === 'too_many_requests';
  return waits ? { 'retry-after': RETRY_AFTER_S } : {};
}

/** Errors of others become ours here and nowhere else. */
function translate(error: unknown): FortnightError {
  if (error instanceof FortnightError) return error;
  if (error instanceof z.ZodError) return invalid(error);
  const type = error instanceof Error && 'type' in error ? String(error.type) : '';
  switch (type) {
    case 'entity.parse.failed':
      return new FortnightError('invalid', 'the body is not JSON');
    case 'request.size.invalid':
    case 'request.aborted':
      return new FortnightError('invalid', 'the body is not complete');
    case 'entity.too.large':
      return new FortnightError('too_large', 'the body is too large');
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new FortnightError('unsupported_media_type', 'the body must be JSON in UTF-8');
    default:
      return new FortnightError('internal', 'an unexpected error', { cause: error });
  }
}

const MAX_NAMED_FIELDS = 20;

function invalid(error: z.ZodError): Refusal {
  const errors = error.issues.slice(0, MAX_NAMED_FIELDS).flatMap((issue) => {
    const at = issue.path.map(String).filter(isFieldName).join('.');
    if (issue.code !== 'unrecognized_keys')
      return [{ field: at, message: limitSentence(issue) ?? issue.message }];
    // The name came from the request: it is repeated only when it can be nothing but a name.
    return issue.keys
      .slice(0, MAX_NAMED_FIELDS)
      .map((key) => ({ field: isFieldName(key) ? key : at, message: 'unknown field' }));
  });
  return new Refusal('invalid', 'the request is not valid', { details: { errors } });
}

function isFieldName(name: string): boolean {
  return /^[A-Za-z0-9_]{1,40}$/.test(name);
}
