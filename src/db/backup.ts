/**
 * The file of a backup of the state: a copy of the index with, as rows of their own, the files that must go with it. One
 * file, so that the parts of two backups can never be mixed.
 */
import { closeSync, existsSync, fsyncSync, openSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { fsyncDir } from '../base/durable.ts';
import { FortnightError, errnoOf } from '../base/errors.ts';
import { quoted } from '../base/printable.ts';
import { SCHEMA_VERSION } from './migrate.ts';
import type { Db } from './open.ts';

export interface KeptFile {
  /** Below the state directory, e.g. `keys/path.key`. */
  readonly name: string;
  readonly bytes: Buffer;
}

export interface BackupFacts {
  /** Wall clock when it was made. */
  readonly madeMs: number;
  /** Version of the program that made it. */
  readonly program: string;
}

export interface Backup extends BackupFacts {
  readonly installId: string;
  readonly files: readonly KeptFile[];
}

/** What is made anew, or must not come back: pictures, and sessions that were ended since. */
const LEFT_OUT = ['derived', 'session'];

/**
 * Copies the index as of one moment, while others write to it, then asks for the files and adds them: what is written
 * to a file before it is written to the index is then in both. Mode 0600, durable when it returns. Throws `conflict` when
 * there is a file of that name, `storage_failed` when it cannot be made; nothing is left then.
 */
export function writeBackup(
  indexPath: string,
  target: string,
  what: BackupFacts & { readonly files: () => readonly KeptFile[] },
): void {
  makeEmpty(target);
  try {
    const index = new Database(indexPath, { readonly: true, fileMustExist: true });
    try {
      index.prepare('VACUUM INTO ?').run(target);
    } finally {
      index.close();
    }
    complete(target, what);
    const fd = openSync(target, 'r+');
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    fsyncDir(dirname(target));
  } catch (error) {
    unlinkSync(target);
    throw new FortnightError('storage_failed', 'the backup could not be made', {
      hint: 'is there room for it, and does the state directory belong to this user?',
      cause: error,
    });
  }
}

/** Never over a file that is there, and readable to nobody else from its first byte on. */
function makeEmpty(target: string): void {
  try {
    closeSync(openSync(target, 'wx', 0o600));
  } catch (error) {
    const exists = errnoOf(error) === 'EEXIST';
    throw new FortnightError(
      exists ? 'conflict' : 'storage_failed',
      exists ? `there is a file ${quoted(target)} already` : `${quoted(target)} cannot be made`,
      { hint: 'give the backup a name of its own in a directory that exists', cause: error },
    );
  }
}

/** The facts come last: a backup without them was never finished. */
function complete(target: string, what: Parameters<typeof writeBackup>[2]): void {
  const copy = new Database(target);
  try {
    copy.pragma('journal_mode = DELETE');
    copy.pragma('secure_delete = ON');
    copy.transaction(() => {
      for (const table of LEFT_OUT) copy.exec(`DELETE FROM ${table}`);
      copy.exec('CREATE TABLE backup_file (name TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT');
      const put = copy.prepare('INSERT INTO backup_file VALUES (?, ?)');
      for (const { name, bytes } of what.files()) put.run(name, bytes);
      copy.exec('CREATE TABLE backup_facts (made_ms INTEGER NOT NULL, program TEXT NOT NULL) STRICT');
      copy.prepare('INSERT INTO backup_facts VALUES (?, ?)').run(what.madeMs, what.program);
    })();
  } finally {
    copy.close();
  }
}

/** Reads a backup. Throws `invalid` for what is none, or not whole; `state_newer` for one of a newer Fortnight. */
export function readBackup(path: string): Backup {
  let db: Db | undefined;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true });
    const [integrity] = db.pragma('quick_check(1)') as [{ quick_check: string }];
    if (integrity.quick_check !== 'ok') throw new Error(integrity.quick_check);
    const version = Number(db.pragma('user_version', { simple: true }));
    if (version > SCHEMA_VERSION)
      throw new FortnightError('state_newer', 'a newer Fortnight made this backup', {
        hint: 'install that version first',
      });
    const facts = db.prepare('SELECT made_ms AS madeMs, program FROM backup_facts').get() as BackupFacts;
    const installId = db.prepare('SELECT install_id FROM install').pluck().get() as string;
    const files = db.prepare('SELECT name, bytes FROM backup_file').all() as KeptFile[];
    return { ...facts, installId, files };
  } catch (error) {
    if (error instanceof FortnightError) throw error;
    if (!existsSync(path)) throw new FortnightError('not_found', `there is no file ${quoted(path)}`);
    throw new FortnightError('invalid', `${quoted(path)} is no whole backup of Fortnight's state`, {
      hint: 'was it cut off, or changed since it was made?',
      cause: error,
    });
  } finally {
    db?.close();
  }
}

/** As if each root had told that it knows of holds that are lost (roots/state.ts). */
const RECOVERY = `UPDATE root SET recovery_seq = coalesce(recovery_seq, 0), recovery_confirmed = 0
  WHERE root_uuid IS NOT NULL`;

/** The retention clock as it was saved; the later of two counts. */
export interface SavedClock {
  readonly r_ms: number;
  readonly [column: string]: unknown;
}

/** What an index that is about to be replaced still tells; undefined when it cannot be read. */
export function lastWords(
  indexPath: string,
): { readonly clock: SavedClock | undefined; readonly auditSeq: number } | undefined {
  let db: Db | undefined;
  try {
    db = new Database(indexPath, { fileMustExist: true });
    const clock = db.prepare('SELECT * FROM retention_clock').get() as SavedClock | undefined;
    const auditSeq = db.prepare('SELECT coalesce(max(seq), 0) FROM audit').pluck().get() as number;
    return { clock, auditSeq };
  } catch (error) {
    if (error instanceof TypeError) throw error;
    return undefined;
  } finally {
    db?.close();
  }
}

/**
 * Takes the backup's own tables out of an index that was copied from one, and brings its clock up to `clock`. When holds
 * may be missing, every root that was enrolled waits for a facility manager before anything is deleted from it.
 */
export function becomeIndex(
  db: Db,
  { clock, holdsInDoubt }: { readonly clock: SavedClock | undefined; readonly holdsInDoubt: boolean },
): void {
  db.transaction(() => {
    db.exec('DROP TABLE backup_file; DROP TABLE backup_facts');
    if (holdsInDoubt) db.exec(RECOVERY);
    const own = db.prepare('SELECT r_ms FROM retention_clock').pluck().get() as number | undefined;
    if (clock === undefined || clock.r_ms <= (own ?? -Infinity)) return;
    const columns = Object.keys(clock);
    db.exec('DELETE FROM retention_clock');
    db.prepare(
      `INSERT INTO retention_clock (${columns.join(', ')}) VALUES (${columns.map((c) => `@${c}`).join(', ')})`,
    ).run(clock);
  }).immediate();
}
