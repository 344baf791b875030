/**
 * The index against the disk. Levels: `presence` looks at names, `size` also at size and inode, `hash` reads both ends
 * of every file. What seems wrong is looked at a second time, since the daemon may work meanwhile.
 */
import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, readSync, type BigIntStats } from 'node:fs';
import { errnoOf } from '../../base/errors.ts';
import type { Findings } from './finding.ts';
import type { CheckDb } from './index-file.ts';
import type { Kind } from './kinds.ts';
import type { CheckedRoot } from './root-checks.ts';
import { hashOfPath } from './row-checks.ts';
import { look, pathOf, walk } from './walk.ts';

export const LEVELS = ['presence', 'size', 'hash'] as const;
export type Level = (typeof LEVELS)[number];

/** A running daemon has so long to index a file: its reconcile comes every quarter of an hour. */
const INDEXED_WITHIN_MS = 20 * 60_000;
const END_BYTES = 64 * 1024;

export interface DiskCheck {
  readonly level: Level;
  readonly findings: Findings;
  /** Wall clock while a daemon works on the index; undefined: none does, and nothing may be unfinished. */
  readonly runningAtMs: number | undefined;
}

export interface Compared {
  /** Files that are where the index says. */
  readonly files: number;
  /** Files so new that the running daemon need not know them yet. */
  readonly fresh: number;
}

interface KnownRow {
  readonly path: string;
  readonly state: bigint;
  readonly ino: bigint;
  readonly size_bytes: bigint;
  readonly fingerprint: string;
}

const ROW = `SELECT CASE dir.path WHEN '' THEN clip.name ELSE dir.path || '/' || clip.name END AS path, clip.state, clip.ino,
    clip.size_bytes, coalesce(hex(clip.fingerprint), '') AS fingerprint
  FROM clip JOIN dir ON dir.id = clip.dir_id`;

export function compareRoot(db: CheckDb, root: CheckedRoot, options: DiskCheck): Compared {
  const { findings, level } = options;
  const rows = knownRows(db, root.n);
  const again = secondLook(db, root, options);
  const judge = strangers(db, root, options);
  const dark: string[] = [];
  const add = (kind: Kind, what: string, path: string): void => {
    findings.add(kind, `root ${root.id}: ${what}: ${path}`);
  };
  let files = 0;
  let fresh = 0;
  // The vault is no recorder's: what else lies in that directory is nobody's business.
  for (const step of root.id === 'vault' ? [] : walk(root.path)) {
    const { path } = step;
    const row = rows.get(path);
    rows.delete(path);
    if (step.is === 'unreadable') {
      dark.push(path);
      add('unreadable', `a directory cannot be listed (${step.errno})`, path);
    } else if (row !== undefined) {
      files += 1;
      const kind = differs(root, row, level);
      if (kind !== undefined && again.stillDiffers(path)) add(kind, 'another file than the index says', path);
    } else if (again.stillUnknown(path)) {
      const found = judge(path);
      if (found === 'fresh') fresh += 1;
      else if (found === 'deleted_but_there') add(found, 'a receipt calls deleted what is there', path);
      else if (found !== undefined) add(found, 'a file that the index does not know', path);
    }
  }
  const missing = [...rows.keys()].filter((path) => !isBelow(dark, path) && again.stillMissing(path));
  for (const path of missing) add('clip_without_file', 'a clip without its file', path);
  return { files, fresh };
}

/** Nothing is known of what lies below a directory that could not be listed. */
function isBelow(dirs: readonly string[], path: string): boolean {
  return dirs.some((dir) => dir === '' || path.startsWith(`${dir}/`));
}

/** What a file that is no live clip is; undefined: it may be there. */
function strangers(
  db: CheckDb,
  root: CheckedRoot,
  options: DiskCheck,
): (path: string) => 'fresh' | 'deleted_but_there' | 'file_without_clip' | undefined {
  const others = otherFiles(db, root.n);
  const deleted = deletedFile(db, root);
  return (path) => {
    if (others.owns(path)) return undefined;
    const stat = look(root.path, path);
    if (stat === undefined) return undefined;
    if (isFresh(stat, options)) return 'fresh';
    if (deleted(path, stat)) return 'deleted_but_there';
    return others.beyondLimit() ? undefined : 'file_without_clip';
  };
}

/** What must be on the disk: recordings under way and live clips. Clips being deleted may be there or not. */
function knownRows(db: CheckDb, rootN: number): Map<string, KnownRow> {
  const rows = db.prepare(`${ROW} WHERE clip.root_n = ? AND clip.state IN (0, 1)`).safeIntegers(true);
  const known = new Map<string, KnownRow>();
  for (const row of rows.iterate(rootN) as Iterable<KnownRow>) known.set(row.path, row);
  return known;
}

/**
 * Files that are there and are no clips: the recorder's own beside a clip, files of nobody and what lies in directories
 * the scan does not enter, clips being deleted.
 */
function otherFiles(db: CheckDb, rootN: number): { owns(path: string): boolean; beyondLimit(): boolean } {
  const pathsOf = (table: string, where: string): string[] =>
    db
      .prepare(
        `SELECT CASE dir.path WHEN '' THEN t.name ELSE dir.path || '/' || t.name END FROM ${table} t
           JOIN dir ON dir.id = t.dir_id WHERE dir.root_n = ? ${where}`,
      )
      .pluck()
      .all(rootN) as string[];
  const unowned = db.prepare('SELECT path FROM unowned WHERE root_n = ?').pluck().all(rootN) as string[];
  const closed = db
    .prepare(
      "SELECT path FROM unowned WHERE root_n = ? AND reason IN ('unreadable_dir', 'other_mount', 'too_deep')",
    )
    .pluck()
    .all(rootN) as string[];
  const owned = new Set([...unowned, ...pathsOf('sidecar', ''), ...pathsOf('clip', 'AND t.state = 2')]);
  const counted = db.prepare('SELECT unowned_files FROM root WHERE n = ?').pluck().get(rootN) as number;
  // Only so many files of nobody are listed one by one; the rest is a number.
  let unlisted = Math.max(0, counted - unowned.length);
  return { owns: (path) => owned.has(path) || isBelow(closed, path), beyondLimit: () => unlisted-- > 0 };
}

function differs(
  root: CheckedRoot,
  row: KnownRow,
  level: Level,
): 'other_file' | 'content_changed' | undefined {
  if (level === 'presence') return undefined;
  const stat = look(root.path, row.path);
  if (stat === undefined) return undefined;
  const recording = row.state === 0n;
  const same = BigInt.asIntN(64, stat.ino) === row.ino && (recording || stat.size === row.size_bytes);
  if (!same) return 'other_file';
  if (level === 'size' || recording || row.fingerprint === '') return undefined;
  const found = fingerprintOf(pathOf(root.path, row.path), Number(stat.size));
  return found === undefined || found === row.fingerprint ? undefined : 'content_changed';
}

/** Asks index and disk once more about one name: what was on its way a moment ago has arrived by now. */
function secondLook(
  db: CheckDb,
  root: CheckedRoot,
  { level }: DiskCheck,
): Record<'stillDiffers' | 'stillUnknown' | 'stillMissing', (path: string) => boolean> {
  const find = db
    .prepare(`${ROW} WHERE dir.root_n = ? AND dir.path = ? AND clip.name = ?`)
    .safeIntegers(true);
  const rowNow = (path: string): KnownRow | undefined => {
    const cut = path.lastIndexOf('/');
    const at = [root.n, path.slice(0, Math.max(0, cut)), path.slice(cut + 1)] as const;
    return find.get(...at) as KnownRow | undefined;
  };
  return {
    stillDiffers: (path) => {
      const row = rowNow(path);
      return row !== undefined && row.state < 2n && differs(root, row, level) !== undefined;
    },
    stillUnknown: (path) => rowNow(path) === undefined,
    stillMissing: (path) => {
      const row = rowNow(path);
      return row !== undefined && row.state < 2n && look(root.path, path) === undefined;
    },
  };
}

/** I5: whether the newest receipt of this path and size says that the file is gone, and was written after the file. */
function deletedFile(db: CheckDb, root: CheckedRoot): (path: string, stat: BigIntStats) => boolean {
  const key = db.prepare('SELECT path_key FROM install').pluck().get() as Buffer | undefined;
  const find = db
    .prepare(
      `SELECT at_ms FROM receipt WHERE path_hash = ? AND size_bytes = ?
         AND outcome IN ('deleted', 'deleted_recovered', 'already_gone') ORDER BY at_ms DESC LIMIT 1`,
    )
    .pluck();
  return (path, stat) => {
    if (key === undefined) return false;
    const atMs = find.get(hashOfPath(key, root.id, path), stat.size) as number | undefined;
    // A recorder that goes round in a ring writes the same name again.
    return atMs !== undefined && Number(stat.mtimeNs / 1_000_000n) <= atMs;
  };
}

function isFresh(stat: BigIntStats, { runningAtMs }: DiskCheck): boolean {
  return runningAtMs !== undefined && Number(stat.ctimeMs) > runningAtMs - INDEXED_WITHIN_MS;
}

/** First 16 bytes of SHA-256 over both ends (each byte once) and the size, in hex; undefined when it cannot be read. */
function fingerprintOf(path: Buffer, size: number): string | undefined {
  const short = size <= 2 * END_BYTES;
  const parts = short
    ? [{ from: 0, length: size }]
    : [
        { from: 0, length: END_BYTES },
        { from: size - END_BYTES, length: END_BYTES },
      ];
  const hash = createHash('sha256');
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    for (const { from, length } of parts) {
      const bytes = Buffer.alloc(length);
      hash.update(bytes.subarray(0, readSync(fd, bytes, 0, length, from)));
    }
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
  const tail = Buffer.alloc(8);
  tail.writeBigUInt64LE(BigInt(size));
  return hash.update(tail).digest('hex').slice(0, 32).toUpperCase();
}
