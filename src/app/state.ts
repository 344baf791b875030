/** Opens the state directory: the lock first, then what must be whole before anything else may begin. */
import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAuditLog, type AuditLog } from '../audit/log.ts';
import type { AuditKind } from '../audit/entry.ts';
import type { Clock } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { fsyncDir, replaceFile } from '../base/durable.ts';
import { errnoOf, FortnightError } from '../base/errors.ts';
import { quoted } from '../base/printable.ts';
import { createAuditStore, type AuditReader } from '../db/audit.ts';
import { telling, tellFailures, type OnFailure } from '../db/failures.ts';
import { createHoldStore } from '../db/holds/holds.ts';
import { ensureCameras, ensureInstall, type Install } from '../db/install.ts';
import { takeLock, type Lock } from '../db/lock.ts';
import { openIndex, type Db } from '../db/open.ts';
import { createReserve, type Reserve } from '../db/reserve.ts';
import type { HoldStore } from '../holds/hold-store.ts';
import { HoldSet } from '../holds/hold-set.ts';
import { openJournal, type HoldJournal } from '../holds/journal.ts';
import { recoverHolds, type Recovery } from '../holds/recover.ts';

export interface State {
  readonly dir: string;
  readonly db: Db;
  readonly install: Install;
  readonly auditStore: AuditReader;
  readonly audit: AuditLog;
  /** For what must be recorded also when the disk is full: deletions and holds. */
  readonly reserve: Reserve;
  readonly holdSet: HoldSet;
  readonly holdStore: HoldStore;
  readonly journal: HoldJournal;
  readonly recovery: Recovery;
  /** Key of the hold journal and its mirrors. */
  readonly mirrorKey: KeyObject;
  close(): void;
}

export interface StateOptions {
  readonly dir: string;
  readonly clock: Clock;
  readonly cameraIds: readonly string[];
  readonly onAudit: (kind: AuditKind) => void;
  /** Its disk failed: the process must end and start anew, without another write. */
  readonly onFailure: OnFailure;
}

/**
 * Throws `state_locked` when another daemon runs on it, `state_unsafe` when others can reach it, `storage_failed` when
 * it cannot be read.
 */
export function openState(options: StateOptions): State {
  const { dir, clock } = options;
  ensureStateDir(dir);
  const lock = takeLock(join(dir, 'daemon.lock'), `the state directory ${quoted(dir)}`);
  try {
    return openLocked(options, lock, clock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function openLocked(options: StateOptions, lock: Lock, clock: Clock): State {
  const { dir, cameraIds, onAudit, onFailure } = options;
  const db = openIndex(join(dir, 'index.db'));
  tellFailures(db, onFailure);
  const keys = join(dir, 'keys');
  const pathKey = ensureKey(keys, 'path.key', () => randomBytes(32));
  const installId = ensureKey(keys, 'install.id', () => Buffer.from(newId())).toString('utf8');
  const install = ensureInstall(db, { installId, pathKey }, clock.wallMs());
  ensureCameras(db, cameraIds);
  const auditStore = createAuditStore(db);
  const audit = createAuditLog(auditStore, clock, onAudit);
  const mirrorKey = createSecretKey(ensureKey(keys, 'mirror.key', () => randomBytes(32)));
  const plainJournal = openJournal(join(dir, 'holds.journal'), mirrorKey);
  const reserve = createReserve(join(dir, 'reserve'));
  reserve.remake();
  const holdStore = withReserve(createHoldStore(db, audit), reserve);
  const { entries } = plainJournal;
  const journal: HoldJournal = {
    entries,
    append: (version) => telling(onFailure, () => reserve.use(() => plainJournal.append(version))),
  };
  const holdSet = new HoldSet();
  const recovery = recoverHolds({ journal, store: holdStore, set: holdSet });
  const close = (): void => {
    db.close();
    lock.release();
  };
  return {
    dir,
    db,
    install,
    auditStore,
    audit,
    reserve,
    holdSet,
    holdStore,
    journal,
    recovery,
    mirrorKey,
    close,
  };
}

/** A hold is recorded also on a full disk, as long as the reserve lasts. */
function withReserve(store: HoldStore, reserve: Reserve): HoldStore {
  return {
    ...store,
    insert: (seq, version, options) => {
      reserve.use(() => {
        store.insert(seq, version, options);
      });
    },
  };
}

/** Makes the state directory where there is none. Throws `state_unsafe` where the user of the service may not. */
export function makeStateDir(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  } catch (error) {
    const why = errnoOf(error);
    if (why === undefined) throw error;
    throw new FortnightError('state_unsafe', `the state directory ${quoted(dir)} cannot be made: ${why}`, {
      hint: `as root: install -d -m 0700 -o <user of the service> ${dir}`,
      cause: error,
    });
  }
}

/** The directory belongs to the service alone: it holds keys, names of files and the control socket. */
function ensureStateDir(dir: string): void {
  makeStateDir(dir);
  const { mode, uid } = lstatSync(dir);
  if ((mode & 0o077) !== 0) {
    throw new FortnightError('state_unsafe', `the state directory ${quoted(dir)} is open to others`, {
      hint: `chmod 0700 ${dir}`,
    });
  }
  if (uid !== process.getuid?.()) {
    throw new FortnightError('state_unsafe', `the state directory ${quoted(dir)} belongs to another user`, {
      hint: 'run Fortnight as the user the directory belongs to',
    });
  }
}

/** A key or an id, made once. */
function ensureKey(dir: string, name: string, make: () => Buffer): Buffer {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, name);
  if (!existsSync(path)) {
    replaceFile(path, make());
    fsyncDir(join(dir, '..'));
  }
  const key = readFileSync(path);
  if (key.length !== make().length) throw new FortnightError('storage_failed', `the key ${name} is damaged`);
  return key;
}
