/**
 * One daemon per state directory and per root (I14): a small database held by BEGIN EXCLUSIVE for the daemon's life.
 * The kernel drops the lock with the process, so nothing is left behind by a crash; a copied state directory is
 * caught by the lock in the root.
 */
import { fstatSync, readdirSync } from 'node:fs';
import Database from 'better-sqlite3';
import { FortnightError, errnoOf } from '../base/errors.ts';

export interface Lock {
  release(): void;
}

/**
 * Takes the lock file `path` or throws `state_locked` at once. `what` names it for the message. With `file`, a
 * descriptor of the file that must be the one locked, throws `storage_failed` when SQLite came to another: it opens by
 * name, and whoever may write there may put a link in its place in that moment. The descriptor must stay open as long
 * as the lock is held: closing any descriptor of a file drops all locks of the process on it.
 */
export function takeLock(path: string, what: string, file?: number): Lock {
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { timeout: 0, fileMustExist: file !== undefined });
    // Nothing is ever written: a full disk must not keep the daemon from starting.
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
    if (file !== undefined && !isOpenTwice(file)) throw new Error('another file was opened in its place');
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

/** Whether this process has a second descriptor of the very file `fd` refers to: SQLite's, which it shows to nobody. */
function isOpenTwice(fd: number): boolean {
  const { dev, ino } = fstatSync(fd, { bigint: true });
  return readdirSync('/proc/self/fd').some((name) => {
    const other = Number(name);
    if (other === fd) return false;
    try {
      const stat = fstatSync(other, { bigint: true });
      return stat.dev === dev && stat.ino === ino;
    } catch (error) {
      // The listing's own descriptor is closed by now.
      if (errnoOf(error) === 'EBADF') return false;
      throw error;
    }
  });
}
