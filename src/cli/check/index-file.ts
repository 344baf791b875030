/** Opening the index for the checker: for reading, with its own connection, whoever else has it open. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { FortnightError, errnoOf } from '../../base/errors.ts';

export type CheckDb = Database.Database;

/** Throws `not_found` when there is no index in the state directory, `storage_failed` when it cannot be opened. */
export function openForCheck(stateDir: string): CheckDb {
  const path = join(stateDir, 'index.db');
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    throw new FortnightError('not_found', 'there is no index in the state directory', {
      hint: 'has the daemon been started with this configuration?',
    });
  }
  try {
    return new Database(path, { readonly: true, fileMustExist: true });
  } catch (error) {
    throw new FortnightError('storage_failed', 'the index cannot be opened', {
      hint: 'run it as the user of the service: sudo -u fortnight fortnight check',
      cause: error,
    });
  }
}

/** SQLite's word for a file whose pages contradict one another. */
export function isDamage(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB|IOERR)/.test(error.code);
}

/** Whether a daemon works on the state directory: by the kernel's table of locks, so that nobody's lock is disturbed. */
export function daemonRuns(stateDir: string): boolean {
  try {
    const { ino } = statSync(join(stateDir, 'daemon.lock'));
    const held = new RegExp(`WRITE +-?\\d+ [0-9a-f]+:[0-9a-f]+:${String(ino)} `);
    return held.test(readFileSync('/proc/locks', 'latin1'));
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
}
