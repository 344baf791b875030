/**
 * Failures of the state directory's disk. After an fsync that failed the kernel may have dropped the pages and would
 * say yes to the next: nothing may be written over it, the daemon must start anew from what is on the disk (F-P8).
 */
import Database from 'better-sqlite3';
import { errnoOf } from '../base/errors.ts';
import type { Db } from './open.ts';

/** SQLite's words for a disk that failed or gave back something else than was written. */
export function isStorageFailure(error: unknown): boolean {
  const cause = causeOf(error);
  return (
    cause instanceof Database.SqliteError &&
    (cause.code.startsWith('SQLITE_IOERR') || cause.code === 'SQLITE_CORRUPT')
  );
}

export type OnFailure = (error: unknown) => void;

function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error;
}

/** Runs `work` on a file of the state directory, tells when its disk fails, and throws what it throws. */
export function telling<T>(onFailure: OnFailure, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (isStorageFailure(error) || errnoOf(causeOf(error)) === 'EIO') onFailure(error);
    throw error;
  }
}

type Run = (...args: unknown[]) => unknown;
/** A transaction is a function, and has its other ways to begin as properties. */
type Transaction = Run & Readonly<Record<'default' | 'deferred' | 'immediate' | 'exclusive', Run>>;

/** From now on every transaction of `db` tells of a failing disk, whoever began it and whatever it makes of the error. */
export function tellFailures(db: Db, onFailure: OnFailure): void {
  const begin = db.transaction.bind(db) as unknown as (work: Run) => Transaction;
  const watched = (run: Run): Run => {
    return (...args) => telling(onFailure, () => run(...args));
  };
  const transaction = (work: Run): Transaction => {
    const made = begin(work);
    const { default: plain, deferred, immediate, exclusive } = made;
    return Object.assign(watched(made), {
      default: watched(plain),
      deferred: watched(deferred),
      immediate: watched(immediate),
      exclusive: watched(exclusive),
    });
  };
  db.transaction = transaction as unknown as Db['transaction'];
}
