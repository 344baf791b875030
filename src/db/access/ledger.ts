/** One transaction for an act of the access room and its audit record. */
import Database from 'better-sqlite3';
import type { Ledger } from '../../access/ledger.ts';
import type { AuditLog } from '../../audit/log.ts';
import { FortnightError } from '../../base/errors.ts';
import type { Db } from '../open.ts';

/** `audit` must write to the same database. Commits are durable when they return (synchronous=FULL). */
export function createAccessLedger(db: Db, audit: AuditLog): Ledger {
  return {
    commit: <T>(act: (append: AuditLog['append']) => T): T => {
      try {
        return db.transaction(() => act((draft) => audit.append(draft))).immediate();
      } catch (error) {
        if (!(error instanceof Database.SqliteError)) throw error;
        throw new FortnightError('audit_unavailable', 'the record of this cannot be written', {
          hint: 'the state directory is full, read-only or failing',
          cause: error,
        });
      }
    },
  };
}
