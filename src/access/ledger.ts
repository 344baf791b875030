/**
 * How this room changes anything: the act and its audit record are one transaction, so both are there or neither is.
 * db/access/ledger.ts implements it; when the transaction cannot be written it throws `audit_unavailable`.
 */
import type { AuditDraft } from '../audit/entry.ts';
import { FortnightError } from '../base/errors.ts';

/** Adds a record to the transaction that is open; returns its sequence number. */
export type Append = (draft: AuditDraft) => number;

export interface Ledger {
  /** Runs `act` in one transaction and returns what it returns, after the commit is durable. `act` is synchronous. */
  commit<T>(act: (append: Append) => T): T;
}

/** Runs `act`; false when its record could not be written. For endings that are made up for later. */
export function ifRecordable(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (error instanceof FortnightError && error.code === 'audit_unavailable') return false;
    throw error;
  }
}
