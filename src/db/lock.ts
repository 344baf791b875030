/**
 * One daemon per state directory and per root (I14): a small database held by BEGIN EXCLUSIVE for the daemon's life.
 * The kernel drops the lock with the process, so nothing is left behind by a crash; a copied state directory is
 * caught by the lock in the root.
 */
import Database from 'better-sqlite3';
import { FortnightError } from '../base/errors.ts';

export interface Lock {
  release(): void;
}

/** Takes the lock file `path` or throws `state_locked` at once. `what` names it for the message. */
export function takeLock(path: string, what: string): Lock {
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { timeout: 0 });
    // Nothing is ever written: a full disk must not keep the daemon from starting.
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db?.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw new FortnightError('state_locked', `another Fortnight is running on ${what}`, {
        hint: 'stop it first, or use a state directory of its own',
        cause: error,
      });
    }
    throw new FortnightError('storage_failed', `the lock on ${what} cannot be taken`, { cause: error });
  }
  const held = db;
  return {
    release: () => {
      held.exec('ROLLBACK');
      held.close();
    },
  };
}
