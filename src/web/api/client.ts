/**
 * The one place that calls the API: same origin, the session's cookie, the CSRF token on every change, and RFC 9457
 * problem documents turned into `ApiError`.
 */
import type { Problem } from '../../http/api/index.ts';
import { guessServerTime } from '../state/clock.ts';

const BASE = '/api/v1';

/** What went wrong, with the code of the problem document; `unreachable` when no answer came. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly problem: Problem | undefined;
  constructor(code: string, status: number, problem?: Problem) {
    super(problem?.detail ?? problem?.title ?? code);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.problem = problem;
  }
}

/** The code of any error that reached a component; an abort is `aborted`. */
export function codeOf(error: unknown): string {
  if (error instanceof ApiError) return error.code;
  return isAbort(error) ? 'aborted' : 'other';
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

export interface CallOptions {
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

let csrfToken = '';
let answeredAt = 0;
let onRefusal: (code: string) => void = () => undefined;

/** The token of the session that was just opened or read; empty without one. */
export function keepCsrfToken(token: string): void {
  csrfToken = token;
}

/** Told of every refusal that concerns the whole page: `unauthenticated`, `purpose_missing`, `audit_unavailable`. */
export function listenForRefusals(listener: (code: string) => void): void {
  onRefusal = listener;
}

/** When the server last answered, on the browser's monotonic clock: every answer prolongs the session. */
export function lastAnswerAt(): number {
  return answeredAt;
}

/** The address of a resource, for `src` attributes. */
export function addressOf(path: string): string {
  return `${BASE}${path}`;
}

/** Calls the API; the answer's JSON, or undefined for 204. Throws ApiError, or the abort of `signal`. */
export async function call(method: Method, path: string, options: CallOptions = {}): Promise<unknown> {
  const headers: Record<string, string> = { accept: 'application/json', ...options.headers };
  if (method !== 'GET') headers['x-fortnight-csrf'] = csrfToken;
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(`${BASE}${path}${queryOf(options.query)}`, {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ApiError('unreachable', 0);
  }
  answeredAt = performance.now();
  guessServerTime(response.headers.get('date'));
  if (!response.ok) throw await refusalOf(response);
  return response.status === 204 ? undefined : response.json();
}

/** Why a clip's bytes did not come: a media element does not tell, so one byte is asked for. Undefined: they do come. */
export async function diagnose(address: string): Promise<ApiError | undefined> {
  try {
    const response = await fetch(address, { headers: { range: 'bytes=0-0' }, cache: 'no-store' });
    return response.ok ? undefined : await refusalOf(response);
  } catch {
    return new ApiError('unreachable', 0);
  }
}

async function refusalOf(response: Response): Promise<ApiError> {
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true;
  const problem = isProblem ? ((await response.json()) as Problem) : undefined;
  const error = new ApiError(problem?.code ?? `http_${String(response.status)}`, response.status, problem);
  onRefusal(error.code);
  return error;
}

function queryOf(query: CallOptions['query']): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined) search.set(key, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}
