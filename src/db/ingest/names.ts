/** Directories, sidecars and unowned files as the ingest writes them. Runs inside the batch's transaction. */
import type { Change } from '../../clips/change.ts';
import type { Reckoning } from '../../clips/index-writer.ts';
import { MAX_UNOWNED } from './limits.ts';
import type { Db } from '../open.ts';

type NameChange = 'sidecar' | 'sidecar_gone' | 'unowned' | 'unowned_gone' | 'listed';

interface Batch {
  readonly rootN: number;
  readonly at: Reckoning;
}

export interface Names {
  rootN(rootId: string): number;
  /** The id of a directory, made when there is none. Kept for one batch: empty directories are purged in between. */
  dirId(rootN: number, path: string): number;
  startBatch(): void;
  /** What was found under the name of this clip is left to the next reconcile: its directory does not count as listed. */
  listAgain(clipId: number): void;
  readonly appliers: {
    readonly [K in NameChange]: (change: Extract<Change, { is: K }>, batch: Batch) => void;
  };
}

/** `mayBeEmpty`: something was taken out of this directory. */
export function createNames(db: Db, mayBeEmpty: (dirId: number) => void): Names {
  const root = db.prepare<[string], number>('SELECT n FROM root WHERE id = ?').pluck();
  const findDir = db
    .prepare<[number, string], number>('SELECT id FROM dir WHERE root_n = ? AND path = ?')
    .pluck();
  const addDir = db.prepare('INSERT INTO dir (root_n, path) VALUES (?, ?)');
  // By root: what a recorder took away may live on in the vault.
  const known = new Map<number, Map<string, number>>();
  const dirId = (rootN: number, path: string): number => {
    const dirs = known.get(rootN) ?? new Map<string, number>();
    known.set(rootN, dirs);
    const kept = dirs.get(path);
    if (kept !== undefined) return kept;
    const id = findDir.get(rootN, path) ?? Number(addDir.run(rootN, path).lastInsertRowid);
    dirs.set(path, id);
    return id;
  };
  const { listAgain, ...listed } = createListed(db, (rootN, path) => findDir.get(rootN, path));
  return {
    listAgain,
    rootN: (rootId) => {
      const n = root.get(rootId);
      if (n === undefined) throw new Error(`root ${rootId} has no row in the index`);
      return n;
    },
    dirId,
    startBatch: () => {
      known.clear();
    },
    appliers: { ...createSidecars(db, { dirId, mayBeEmpty }), ...createUnowned(db), ...listed },
  };
}

function createSidecars(
  db: Db,
  dirs: { readonly dirId: Names['dirId']; readonly mayBeEmpty: (dirId: number) => void },
): Pick<Names['appliers'], 'sidecar' | 'sidecar_gone'> {
  const owner = db
    .prepare<[number, string, string], number>(
      `SELECT clip.id FROM dir JOIN clip ON clip.dir_id = dir.id
       WHERE dir.root_n = ? AND dir.path = ? AND clip.name = ? AND clip.state <> 2`,
    )
    .pluck();
  const add = db.prepare(
    `INSERT INTO sidecar (clip_id, dir_id, name) VALUES (?, ?, ?)
     ON CONFLICT (dir_id, name) DO UPDATE SET clip_id = excluded.clip_id`,
  );
  const drop = db.prepare<[number], number>('DELETE FROM sidecar WHERE id = ? RETURNING dir_id').pluck();
  return {
    sidecar: ({ dir, name, of }, { rootN }) => {
      for (const path of of) {
        const cut = path.lastIndexOf('/');
        const clipId = owner.get(rootN, cut < 0 ? '' : path.slice(0, cut), path.slice(cut + 1));
        if (clipId === undefined) continue;
        add.run(clipId, dirs.dirId(rootN, dir), name);
        return;
      }
    },
    sidecar_gone: ({ sidecarId }) => {
      const dirId = drop.get(sidecarId);
      if (dirId !== undefined) dirs.mayBeEmpty(dirId);
    },
  };
}

function createUnowned(db: Db): Pick<Names['appliers'], 'unowned' | 'unowned_gone'> {
  const count = db.prepare<[number], number>('SELECT count(*) FROM unowned WHERE root_n = ?').pluck();
  const has = db
    .prepare<[number, string], number>('SELECT 1 FROM unowned WHERE root_n = ? AND path = ?')
    .pluck();
  const put = db.prepare(
    `INSERT INTO unowned (root_n, path, reason, size_bytes, seen_ms) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (root_n, path) DO UPDATE SET reason = excluded.reason, size_bytes = excluded.size_bytes`,
  );
  // One that is being deleted keeps its row until the intent has its end.
  const drop = db.prepare('DELETE FROM unowned WHERE root_n = ? AND path = ? AND intent_seq IS NULL');
  return {
    unowned: ({ path, reason, sizeBytes }, { rootN, at }) => {
      const full = (count.get(rootN) ?? 0) >= MAX_UNOWNED && has.get(rootN, path) === undefined;
      if (!full) put.run(rootN, path, reason, sizeBytes, at.nowMs);
    },
    unowned_gone: ({ path }, { rootN }) => {
      drop.run(rootN, path);
    },
  };
}

function createListed(
  db: Db,
  dirId: (rootN: number, path: string) => number | undefined,
): Pick<Names['appliers'], 'listed'> & Pick<Names, 'listAgain'> {
  const listed = db.prepare('UPDATE dir SET scan_mtime_ns = ? WHERE root_n = ? AND path = ?');
  const unlisted = db
    .prepare<[number], number>(
      'UPDATE dir SET scan_mtime_ns = NULL WHERE id = (SELECT dir_id FROM clip WHERE id = ?) RETURNING id',
    )
    .pluck();
  /** Directories of which the scan under way may still say that it has listed them. */
  const again = new Set<number>();
  return {
    listAgain: (clipId) => {
      const id = unlisted.get(clipId);
      if (id !== undefined) again.add(id);
    },
    listed: ({ dir, mtimeNs }, { rootN }) => {
      const id = again.size === 0 ? undefined : dirId(rootN, dir);
      listed.run(id !== undefined && again.delete(id) ? null : mtimeNs, rootN, dir);
    },
  };
}
