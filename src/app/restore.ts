/**
 * Putting a backup of the state back. Nothing that binds is lost: the hold journal becomes the union of the backup's and
 * of the one that survived, and what only the roots' mirrors know comes back when the daemon starts. The retention clock
 * never goes back, so nothing that had expired is shown or kept again: rows of clips deleted since find no file and are
 * settled as already gone.
 */
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync, chmodSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createAuditLog } from '../audit/log.ts';
import type { Clock } from '../base/clock.ts';
import { fsyncDir, replaceFile } from '../base/durable.ts';
import { FortnightError } from '../base/errors.ts';
import { quoted } from '../base/printable.ts';
import { createAuditStore } from '../db/audit.ts';
import { becomeIndex, lastWords, readBackup, type Backup } from '../db/backup.ts';
import { takeLock } from '../db/lock.ts';
import { openIndex } from '../db/open.ts';
import type { HoldVersion } from '../holds/hold.ts';
import { readSigned, signVersion } from '../holds/journal.ts';
import { INDEX, JOURNAL, readIfThere } from './backup.ts';
import { makeStateDir } from './state.ts';

export interface RestoreReport {
  readonly madeMs: number;
  /** Versions of holds that the surviving journal had and the backup had not. */
  readonly holdsKept: number;
  /** False: the journal was lost too, or damaged; holds made since the backup are known to the roots' mirrors only. */
  readonly journalSurvived: boolean;
  /** Records of the audit since the backup, as far as is known: they are in the index that was put aside. */
  readonly recordsAside: number | null;
  /** Where the replaced index lies; null: there was none. */
  readonly aside: string | null;
}

const STAGING = 'restore.new';
const INDEX_FILES = [INDEX, `${INDEX}-wal`, `${INDEX}-shm`];

/**
 * Restores `backupPath` into `stateDir`. Throws `state_locked` while a daemon runs, `conflict` when the directory belongs
 * to another installation, and what `readBackup` throws; the state is untouched then.
 */
export function restoreState(stateDir: string, backupPath: string, clock: Clock): RestoreReport {
  const backup = readBackup(backupPath);
  makeStateDir(stateDir);
  const lock = takeLock(join(stateDir, 'daemon.lock'), `the state directory ${quoted(stateDir)}`);
  try {
    refuseStranger(stateDir, backup);
    return restoreLocked(stateDir, { backup, backupPath, clock });
  } finally {
    lock.release();
  }
}

/** The keys of a backup open nothing in the state of another installation. */
function refuseStranger(stateDir: string, { files }: Backup): void {
  for (const { name, bytes } of files.filter((f) => f.name.startsWith('keys/'))) {
    const there = readIfThere(join(stateDir, name));
    if (there === undefined || there.equals(bytes)) continue;
    throw new FortnightError('conflict', `the state directory has another ${name} than the backup`, {
      hint: 'it belongs to another installation: move it aside, then restore into an empty directory',
    });
  }
}

interface Source {
  readonly backup: Backup;
  readonly backupPath: string;
  readonly clock: Clock;
}

function restoreLocked(stateDir: string, from: Source): RestoreReport {
  const { backup } = from;
  for (const { name, bytes } of backup.files) if (name !== JOURNAL) putBack(stateDir, name, bytes);
  const { text, ...holds } = mergeJournals(stateDir, backup);
  const recordsAside = prepareIndex(stateDir, from, holds);
  // The journal first: it only ever says more than before. Without an index it binds all the same.
  if (text !== undefined) replaceFile(join(stateDir, JOURNAL), Buffer.from(text, 'utf8'));
  const aside = moveAside(stateDir);
  renameSync(join(stateDir, STAGING, INDEX), join(stateDir, INDEX));
  fsyncDir(stateDir);
  rmSync(join(stateDir, STAGING), { recursive: true, force: true });
  return { madeMs: backup.madeMs, ...holds, recordsAside, aside };
}

/** A key or a certificate that is there stays. */
function putBack(stateDir: string, name: string, bytes: Buffer): void {
  const path = join(stateDir, name);
  if (readIfThere(path) !== undefined) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  replaceFile(path, bytes);
  fsyncDir(stateDir);
}

/** The index of the backup, made ready aside, durable. Returns how many records the one it replaces has beyond it. */
function prepareIndex(
  stateDir: string,
  { backup, backupPath, clock }: Source,
  holds: Pick<RestoreReport, 'holdsKept' | 'journalSurvived'>,
): number | null {
  const staging = join(stateDir, STAGING);
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { mode: 0o700 });
  copyFileSync(backupPath, join(staging, INDEX));
  chmodSync(join(staging, INDEX), 0o600);
  const last = lastWords(join(stateDir, INDEX));
  const db = openIndex(join(staging, INDEX));
  try {
    becomeIndex(db, { clock: last?.clock, holdsInDoubt: !holds.journalSurvived });
    const store = createAuditStore(db);
    const recordsAside = last === undefined ? null : Math.max(0, last.auditSeq - (store.head()?.seq ?? 0));
    const payload = { madeMs: backup.madeMs, ...holds, recordsAside };
    createAuditLog(store, clock, () => undefined).append({
      kind: 'state_restored',
      actor: 'console',
      payload,
    });
    return recordsAside;
  } finally {
    db.close();
  }
}

interface Merged {
  readonly holdsKept: number;
  readonly journalSurvived: boolean;
  /** Undefined: the journal that is there has everything. */
  readonly text: string | undefined;
}

/** The surviving journal first: it is the younger one. What it lacks of the backup's follows, numbered anew. */
function mergeJournals(stateDir: string, backup: Backup): Merged {
  const key = readIfThere(join(stateDir, 'keys', 'mirror.key'));
  if (key === undefined) throw new FortnightError('invalid', 'the backup has no key of its hold journal');
  const surviving = readIfThere(join(stateDir, JOURNAL))?.toString('utf8');
  const here = readJournal(surviving ?? '', key);
  const there = readJournal(backup.files.find((f) => f.name === JOURNAL)?.bytes.toString('utf8') ?? '', key);
  const idOf = (v: HoldVersion): string => `${v.holdId} ${String(v.version)}`;
  const known = new Set(here.versions.map(idOf));
  const inBackup = new Set(there.versions.map(idOf));
  const all = [...here.versions, ...there.versions.filter((v) => !known.has(idOf(v)))];
  const text = all.map((version, i) => `${signVersion({ seq: i + 1, version }, key)}\n`).join('');
  return {
    holdsKept: here.versions.filter((v) => !inBackup.has(idOf(v))).length,
    journalSurvived: surviving !== undefined && here.whole,
    text: text === surviving ? undefined : text,
  };
}

/** Every line that is signed; `whole`: none is not. A torn last line was never acknowledged. */
function readJournal(
  text: string,
  key: Buffer,
): { readonly versions: HoldVersion[]; readonly whole: boolean } {
  const lines = text.split('\n').slice(0, -1);
  const entries = lines.map((line) => readSigned(line, key));
  const signed = entries.flatMap((e) => (e?.signed === true ? [e] : []));
  return { versions: signed.map((e) => e.version), whole: signed.length === lines.length };
}

/** The index and log that are replaced, under one name of their own; null when there was none. */
function moveAside(stateDir: string): string | null {
  const names = readdirSync(stateDir);
  const present = INDEX_FILES.filter((name) => names.includes(name));
  if (present.length === 0) return null;
  let number = 1;
  while (names.includes(`replaced-${String(number)}`)) number += 1;
  const aside = join(stateDir, `replaced-${String(number)}`);
  mkdirSync(aside, { mode: 0o700 });
  for (const name of present) renameSync(join(stateDir, name), join(aside, name));
  fsyncDir(aside);
  return aside;
}
