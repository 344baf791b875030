/**
 * Errors the operator or the user can act on.
 *
 * Each carries a code (stable, documented in docs/guide/errors.md), a sentence, a hint, and keeps its cause.
 * Foreign errors are translated where they enter; everything else is a defect and ends the daemon.
 */
import { ERROR_CODES, type ErrorCode } from './error-codes.ts';

export class FortnightError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  constructor(code: ErrorCode, message: string, extra: { hint?: string; cause?: unknown } = {}) {
    super(message, extra.cause === undefined ? undefined : { cause: extra.cause });
    this.name = 'FortnightError';
    this.code = code;
    this.hint = extra.hint;
  }
  /** Exit status of a command that ends with this error (sysexits.h). */
  get exitCode(): number {
    return ERROR_CODES[this.code].exit;
  }
  /** HTTP status of an answer that reports this error. */
  get httpStatus(): number {
    return ERROR_CODES[this.code].status;
  }
}

/** The errno name of a system error (`ENOENT`, ...), or undefined for anything else. */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  const { code } = error;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}
