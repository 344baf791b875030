/**
 * One record of the audit and its place in the chain. Pure, so that a verifier needs nothing else.
 *
 * hash = SHA-256 over (format, seq, times, kind, payload hash, previous hash); payload hash = SHA-256(salt, payload).
 * Expiry erases payload and salt: the chain still verifies, and nobody can guess what stood there.
 */
import { createHash, randomBytes } from 'node:crypto';
import { canonicalJson, type Json } from '../base/canonical-json.ts';

/** What happened. Each kind has an own retention class (expire.ts, with "Who may look, and the record of who did"). */
export type AuditKind =
  | 'daemon_start'
  | 'daemon_stop'
  | 'clock_step'
  | 'clock_confirmed'
  | 'config_changed'
  | 'login'
  | 'logout'
  | 'session_closed'
  | 'password_changed'
  | 'account_created'
  | 'account_changed'
  | 'purpose_stated'
  | 'view_start'
  | 'view_end'
  | 'access_denied'
  | 'audit_read'
  | 'hold_placed'
  | 'hold_confirmed'
  | 'hold_widened'
  | 'hold_asked'
  | 'hold_refused'
  | 'hold_withdrawn'
  | 'hold_narrowed'
  | 'hold_reviewed'
  | 'hold_released'
  | 'case_changed'
  | 'hold_recovered'
  | 'deletion_intent'
  | 'deletion_done'
  | 'root_state'
  | 'root_adopted'
  | 'holds_confirmed'
  | 'disk_replaced'
  | 'breaker_tripped'
  | 'breaker_reset'
  | 'clips_missing'
  | 'clip_returned'
  | 'drill'
  | 'state_restored'
  | 'unowned_rule'
  | 'unowned_intent'
  | 'unowned_done'
  | 'stray_intent'
  | 'stray_done';

/** What a room hands to the log. `actor` is a user name, or `system`, or `console` for the command line. */
export interface AuditDraft {
  readonly kind: AuditKind;
  readonly actor: string;
  readonly payload: { readonly [key: string]: Json };
}

export interface AuditRecord {
  readonly seq: number;
  /** Wall clock when written, UTC ms; may be wrong when the clock was (clock_step records say so). */
  readonly wallMs: number;
  readonly bootId: string;
  readonly bootMs: number;
  readonly kind: AuditKind;
  /** Canonical JSON of { actor, ...payload }; null when expired. */
  readonly payload: string | null;
  readonly salt: Buffer | null;
  readonly payloadHash: Buffer;
  readonly prevHash: Buffer;
  readonly hash: Buffer;
}

export const GENESIS: Buffer = createHash('sha256').update('fortnight audit v1').digest();

/** Makes the record that follows `prev` (undefined for the first). */
export function nextRecord(
  prev: { readonly seq: number; readonly hash: Buffer } | undefined,
  at: { readonly wallMs: number; readonly bootId: string; readonly bootMs: number },
  draft: AuditDraft,
): AuditRecord {
  const payload = canonicalJson({ ...draft.payload, actor: draft.actor });
  const salt = newSalt();
  const open = {
    seq: (prev?.seq ?? 0) + 1,
    ...at,
    kind: draft.kind,
    payload,
    salt,
    payloadHash: hashPayload(salt, payload),
    prevHash: prev?.hash ?? GENESIS,
  };
  return { ...open, hash: hashRecord(open) };
}

const SALT_BYTES = 16;
let salts = Buffer.alloc(0);

/** Drawn by the hundred: one by one they would cost more than both hashes of a record. */
function newSalt(): Buffer {
  if (salts.length === 0) salts = randomBytes(100 * SALT_BYTES);
  const salt = salts.subarray(0, SALT_BYTES);
  salts = salts.subarray(SALT_BYTES);
  return salt;
}

export function hashPayload(salt: Buffer, payload: string): Buffer {
  return createHash('sha256').update(salt).update(payload, 'utf8').digest();
}

export function hashRecord(r: Omit<AuditRecord, 'hash' | 'payload' | 'salt'>): Buffer {
  const head = canonicalJson(['fortnight audit v1', r.seq, r.wallMs, r.bootId, r.bootMs, r.kind]);
  return createHash('sha256').update(head, 'utf8').update(r.payloadHash).update(r.prevHash).digest();
}
