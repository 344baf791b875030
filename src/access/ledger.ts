/**
 * How this room changes anything: the act and its audit record are one transaction, so both are there or neither is.
 * db/access-ledger.ts implements it; when the transaction cannot be written it throws `audit_unavailable`.
 */
import type { AuditDraft } from '../audit/entry.ts';

/** Adds a record to the transaction that is open; returns its sequence number. */
export type Append = (draft: AuditDraft) => number;

export interface Ledger {
  /** Runs `act` in one transaction and returns what it returns, after the commit is durable. `act` is synchronous. */
  commit<T>(act: (append: Append) => T): T;
}
