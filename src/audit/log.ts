/**
 * The single writer of the audit. `append` runs inside the transaction of the act it records: both are there or
 * neither is. The store keeps the head of the chain; there is no way to change or remove a record.
 */
import type { Clock } from '../base/clock.ts';
import { nextRecord, type AuditDraft, type AuditRecord } from './entry.ts';

export interface AuditStore {
  head(): { readonly seq: number; readonly hash: Buffer } | undefined;
  insert(record: AuditRecord): void;
  /** Records with `seq` in [fromSeq, toSeq], ascending, at most `limit`. */
  read(fromSeq: number, toSeq: number, limit: number): AuditRecord[];
}

export interface AuditLog {
  /** Adds a record to the open transaction; returns its sequence number. Throws when it cannot be written. */
  append(draft: AuditDraft): number;
}

export function createAuditLog(
  store: AuditStore,
  clock: Clock,
  onAppend: (kind: AuditDraft['kind']) => void,
): AuditLog {
  return {
    append(draft) {
      const at = { wallMs: clock.wallMs(), bootId: clock.bootId(), bootMs: clock.bootMs() };
      const record = nextRecord(store.head(), at, draft);
      store.insert(record);
      onAppend(draft.kind);
      return record.seq;
    },
  };
}
