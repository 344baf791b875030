/** A session: one browser of one signed-in person, for at most twelve hours. */
import { HOUR_MS, MINUTE_MS } from '../base/clock.ts';
import type { Account } from './account.ts';
import type { Purpose } from './purpose.ts';

export const IDLE_MS = 30 * MINUTE_MS;
export const ABSOLUTE_MS = 12 * HOUR_MS;
export const MAX_SESSIONS_PER_ACCOUNT = 5;

/** Why a session was closed; stands in the audit. */
export type SessionEnd =
  | 'logout'
  | 'idle'
  | 'absolute'
  | 'replaced'
  | 'too_many'
  | 'password_changed'
  | 'role_changed'
  | 'account_disabled';

export interface Session {
  /** Public id, for the audit. The cookie's value is never kept, only its hash. */
  readonly id: string;
  readonly account: Account;
  /** Every change must repeat it: a foreign page can send the cookie, but not read this. */
  readonly csrf: string;
  readonly createdMs: number;
  readonly peer: string;
  /** Last use; by a clock that never steps back. */
  usedMs: number;
  purpose: Purpose | undefined;
  /** Last use under the purpose. */
  purposeMs: number;
}

/** Where sessions outlive a restart; db/access/sessions.ts implements it. Changes run inside the ledger's transaction. */
export interface SessionStore {
  /** Sessions with their token hashes (32 bytes), of accounts that exist. */
  all(): { readonly tokenHash: Buffer; readonly session: Session }[];
  insert(tokenHash: Buffer, session: Session): void;
  /** Notes use and purpose of a session; a session that is gone is left alone. */
  update(session: Session): void;
  remove(id: string): void;
}

/** When the session ends without further use. */
export function endsMs(session: Session): number {
  return Math.min(session.usedMs + IDLE_MS, session.createdMs + ABSOLUTE_MS);
}

/** Why the session is over at `nowMs`; undefined while it lives. */
export function expiry(session: Session, nowMs: number): 'idle' | 'absolute' | undefined {
  if (nowMs >= session.createdMs + ABSOLUTE_MS) return 'absolute';
  return nowMs >= session.usedMs + IDLE_MS ? 'idle' : undefined;
}
