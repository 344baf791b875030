/**
 * Every error code of the product: its HTTP status and its exit status (sysexits.h).
 * A test holds this table equal to docs/guide/errors.md.
 */
export const ERROR_CODES = {
  usage: { status: 400, exit: 64 },
  config_invalid: { status: 500, exit: 78 },
  state_newer: { status: 500, exit: 78 },
  state_locked: { status: 503, exit: 73 },
  state_unsafe: { status: 500, exit: 78 },
  storage_failed: { status: 503, exit: 70 },
  tool_missing: { status: 503, exit: 69 },
  daemon_unreachable: { status: 503, exit: 69 },
  not_found: { status: 404, exit: 66 },
  gone: { status: 410, exit: 66 },
  conflict: { status: 409, exit: 65 },
  precondition_failed: { status: 412, exit: 65 },
  invalid: { status: 400, exit: 65 },
  too_large: { status: 413, exit: 65 },
  unsupported_media_type: { status: 415, exit: 65 },
  unauthenticated: { status: 401, exit: 77 },
  forbidden: { status: 403, exit: 77 },
  purpose_missing: { status: 403, exit: 77 },
  too_many_requests: { status: 429, exit: 75 },
  method_not_allowed: { status: 405, exit: 64 },
  misdirected: { status: 421, exit: 64 },
  range_not_satisfiable: { status: 416, exit: 65 },
  audit_unavailable: { status: 503, exit: 75 },
  hold_recorded_not_indexed: { status: 503, exit: 75 },
  clip_unavailable: { status: 503, exit: 75 },
  busy: { status: 503, exit: 75 },
  root_refused: { status: 409, exit: 77 },
  internal: { status: 500, exit: 70 },
  verify_failed: { status: 500, exit: 1 },
} as const satisfies Record<string, { status: number; exit: number }>;

export type ErrorCode = keyof typeof ERROR_CODES;
