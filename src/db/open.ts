/**
 * Opening the index. Every open sets and reads back what the promises depend on: better-sqlite3 opens an existing
 * WAL database at synchronous=NORMAL, with which a power cut can bring back what the database calls deleted.
 */
import Database from 'better-sqlite3';
import { FortnightError } from '../base/errors.ts';
import { fsyncDir } from '../base/durable.ts';
import { migrate } from './migrate.ts';

export type Db = Database.Database;

/** How long a statement waits for another process's lock (a backup tool) before it gives up. */
export const BUSY_MS = 5000;
const CACHE_KIB = 12 * 1024;
/** Pages of the log that are copied into the file at once, on the thread that commits: more would hold up the program. */
const CHECKPOINT_PAGES = 1000;

/** Opens (and makes or migrates) the index for the one writer. `path` is absolute; its directory exists. */
export function openIndex(path: string): Db {
  const db = open(path, { readonly: false });
  demand(db, 'journal_mode = WAL', 'wal');
  demand(db, 'synchronous = FULL', 2);
  demand(db, 'secure_delete = ON', 1);
  demand(db, 'foreign_keys = ON', 1);
  demand(db, `wal_autocheckpoint = ${String(CHECKPOINT_PAGES)}`, CHECKPOINT_PAGES);
  db.pragma(`cache_size = -${String(CACHE_KIB)}`);
  db.pragma('temp_store = MEMORY');
  migrate(db);
  fsyncDir(path.slice(0, path.lastIndexOf('/')));
  return db;
}

/** Opens the index for reading only (workers, `check`): sees the last commit, never writes, never waits for the writer. */
export function openIndexReadOnly(path: string): Db {
  const db = open(path, { readonly: true });
  demand(db, 'query_only = ON', 1);
  return db;
}

function open(path: string, options: { readonly: boolean }): Db {
  try {
    return new Database(path, {
      readonly: options.readonly,
      fileMustExist: options.readonly,
      timeout: BUSY_MS,
    });
  } catch (error) {
    throw new FortnightError('storage_failed', 'the index cannot be opened', {
      hint: 'is the state directory there, and does it belong to the user the service runs as?',
      cause: error,
    });
  }
}

/** Sets a pragma and reads it back. */
function demand(db: Db, setting: string, expected: string | number): void {
  db.pragma(setting);
  const got: unknown = db.pragma(setting.slice(0, setting.indexOf(' ')), { simple: true });
  if (got !== expected) {
    throw new FortnightError('storage_failed', `SQLite did not accept ${setting} (it says ${String(got)})`, {
      hint: 'the state directory must be on a local file system',
    });
  }
}
