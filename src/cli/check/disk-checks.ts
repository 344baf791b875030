/**
 * The index against the disk, by a walk of its own. Levels: `presence` looks at names, `size` also at size and inode.
 * Paths are byte strings; what is printed is made printable by the caller.
 */
import { existsSync, lstatSync, readdirSync, type BigIntStats, type Dirent } from 'node:fs';
import type Database from 'better-sqlite3';
import { errnoOf } from '../../base/errors.ts';
import type { Findings } from './finding.ts';

export type Level = 'presence' | 'size';

export interface CheckedRoot {
  readonly n: number;
  readonly id: string;
  readonly path: string;
}

interface KnownFile {
  readonly ino: bigint;
  readonly size: bigint;
  /** Still being written: its size is not known yet. */
  readonly recording: boolean;
}

/** Compares one root. Returns how many files were compared; undefined when the root is not the one enrolled. */
export function checkRoot(
  db: Database.Database,
  root: CheckedRoot,
  options: { readonly level: Level; readonly findings: Findings },
): number | undefined {
  if (!existsSync(`${root.path}/.fortnight/marker.json`)) return undefined;
  const known = knownFiles(db, root.n);
  const unowned = new Set(
    db.prepare('SELECT path FROM unowned WHERE root_n = ?').pluck().all(root.n) as string[],
  );
  const sidecars = new Set(
    db
      .prepare(
        `SELECT CASE dir.path WHEN '' THEN s.name ELSE dir.path || '/' || s.name END FROM sidecar s
           JOIN dir ON dir.id = s.dir_id WHERE dir.root_n = ?`,
      )
      .pluck()
      .all(root.n) as string[],
  );
  const { findings, level } = options;
  let compared = 0;
  for (const path of walk(root.path)) {
    const row = known.get(path);
    if (row === undefined) {
      if (!unowned.has(path) && !sidecars.has(path)) {
        findings.add('I12', `root ${root.id}: a file that the index does not know: ${path}`);
      }
      continue;
    }
    compared += 1;
    known.delete(path);
    const stat = level === 'presence' ? undefined : look(root.path, path);
    if (stat !== undefined && !isSame(stat, row)) {
      findings.add('I12', `root ${root.id}: another file than the index says: ${path}`);
    }
  }
  for (const path of known.keys()) findings.add('I12', `root ${root.id}: a clip without its file: ${path}`);
  return compared;
}

function knownFiles(db: Database.Database, rootN: number): Map<string, KnownFile> {
  const rows = db
    .prepare(
      `SELECT CASE dir.path WHEN '' THEN clip.name ELSE dir.path || '/' || clip.name END AS path, clip.ino, clip.size_bytes, clip.state
       FROM clip JOIN dir ON dir.id = clip.dir_id WHERE clip.root_n = ? AND clip.state IN (0, 1)`,
    )
    .safeIntegers(true);
  const known = new Map<string, KnownFile>();
  for (const row of rows.iterate(rootN) as Iterable<{
    path: string;
    ino: bigint;
    size_bytes: bigint;
    state: bigint;
  }>) {
    known.set(row.path, { ino: row.ino, size: row.size_bytes, recording: row.state === 0n });
  }
  return known;
}

function isSame(stat: BigIntStats, row: KnownFile): boolean {
  return BigInt.asIntN(64, stat.ino) === row.ino && (row.recording || stat.size === row.size);
}

/** The configured path is text; what lies below it is bytes. */
function pathOf(root: string, path: string): Buffer {
  return path === ''
    ? Buffer.from(root)
    : Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);
}

/** Undefined when it vanished since the directory was listed: the daemon may run. */
function look(root: string, path: string): BigIntStats | undefined {
  return lstatSync(pathOf(root, path), { bigint: true, throwIfNoEntry: false });
}

function list(root: string, dir: string): Dirent<Buffer>[] {
  try {
    return readdirSync(pathOf(root, dir), { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Regular files below a root, our own directory left out; links are not followed. */
function* walk(root: string): Generator<string> {
  const open = [''];
  for (let dir = open.pop(); dir !== undefined; dir = open.pop()) {
    for (const entry of list(root, dir)) {
      const name = entry.name.toString('latin1');
      const path = dir === '' ? name : `${dir}/${name}`;
      if (path === '.fortnight') continue;
      if (entry.isDirectory()) open.push(path);
      else if (entry.isFile()) yield path;
    }
  }
}
