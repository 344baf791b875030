/**
 * Failures of the state directory's disk. After an fsync that failed the kernel may have dropped the pages and would
 * say yes to the next: nothing may be written over it, the daemon must start anew from what is on the disk (F-P8).
 */
import Database from 'better-sqlite3';
import { FortnightError, errnoOf } from '../base/errors.ts';
import type { Db } from './open.ts';

/** SQLite's words for a disk that failed or gave back something else than was written. */
export function isStorageFailure(error: unknown): boolean {
  const cause = causeOf(error);
  return (
    cause instanceof Database.SqliteError &&
    (cause.code.startsWith('SQLITE_IOERR') || cause.code === 'SQLITE_CORRUPT')
  );
}

/** What SQLite finds in a file that is not what it wrote, said to a person; anything else as it is. */
export function inWords(error: unknown): unknown {
  const cause = causeOf(error);
  if (!(cause instanceof Database.SqliteError) || !/^SQLITE_(CORRUPT|NOTADB)/.test(cause.code)) return error;
  return new FortnightError('storage_failed', 'the index is damaged: nothing was deleted', {
    hint: 'look at the disk, then bring back a backup with `fortnight state restore`',
    cause,
  });
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

/**
 * From now on everything that writes by `db` tells of a failing disk, whoever began it and whatever it makes of the
 * error: transactions, and statements that run by themselves. Nothing is written after that: the process takes a moment
 * to end, and a job that comes in it would sync the same file again and be told that all is well.
 */
export function tellFailures(db: Db, onFailure: OnFailure): void {
  let over = false;
  const failed: OnFailure = (error) => {
    if (over) return;
    over = true;
    db.pragma('query_only = ON');
    onFailure(error);
  };
  const watched = (run: Run): Run => {
    return (...args) => telling(failed, () => run(...args));
  };
  const begin = db.transaction.bind(db) as unknown as (work: Run) => Transaction;
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
  const prepare = db.prepare.bind(db) as unknown as (sql: string) => { run: Run };
  const prepared = (sql: string): { run: Run } => {
    const statement = prepare(sql);
    statement.run = watched(statement.run.bind(statement));
    return statement;
  };
  db.prepare = prepared as unknown as Db['prepare'];
}
