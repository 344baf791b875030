/** Copies of held clips in the index (holds/keep/copies.ts): what was asked for, made, failed, and what is to go. */
import {
  COPY_DIR,
  copyName,
  halfCopyName,
  type CopyResult,
  type CopyStore,
  type LooseCopy,
} from '../../holds/keep/copies.ts';
import {
  LOCATION_COLUMNS,
  LOST_BITS,
  rowToLocation,
  stateToInt,
  type LocationRow,
} from '../clips/clip-row.ts';
import { FOUND } from './copy-found.ts';
import { ASKED, FAILED, GOING, MADE, OWN, eachOf, signed, unsigned } from './kept-rows.ts';
import type { Db } from '../open.ts';

const LIVE = stateToInt('live');
const ALTERED = FOUND.altered;

export function createCopyStore(db: Db): CopyStore {
  const place = db.prepare<[number], { source_ino: string; ino: string; mtime_ns: string }>(
    `SELECT CAST(copy.source_ino AS TEXT) AS source_ino, CAST(copy.ino AS TEXT) AS ino, CAST(copy.mtime_ns AS TEXT) AS mtime_ns
     FROM copy JOIN clip ON clip.id = copy.clip_id AND clip.size_bytes = copy.size_bytes
     WHERE copy.clip_id = +? AND copy.state = ${String(MADE)} LIMIT 1`,
  );
  // What the clip's own row names is the clip: it goes with that row, or after it.
  const slice = db.prepare<[number, number], { clip_id: number; source_ino: string; root_id: string }>(
    `SELECT copy.clip_id, CAST(copy.source_ino AS TEXT) AS source_ino, root.id AS root_id
     FROM copy JOIN root ON root.n = copy.root_n
     WHERE copy.clip_id > ? AND (copy.state <> ${String(OWN)} OR NOT EXISTS (SELECT 1 FROM clip WHERE clip.id = copy.clip_id))
     ORDER BY copy.clip_id LIMIT ?`,
  );
  const letGo = db.prepare(`UPDATE copy SET state = ${String(GOING)} WHERE clip_id = ? AND source_ino = ?`);
  const forget = db.prepare(
    `DELETE FROM copy WHERE clip_id = ? AND source_ino = ? AND state = ${String(GOING)}`,
  );
  const keyOf = ({ clipId, sourceIno }: LooseCopy): readonly unknown[] => [clipId, signed(sourceIno)];
  return {
    ...createMaking(db),
    place: (clipId) => {
      const row = place.get(clipId);
      if (row === undefined) return undefined;
      const name = copyName(clipId, unsigned(row.source_ino));
      return { dir: COPY_DIR, name, ino: unsigned(row.ino), mtimeNs: BigInt(row.mtime_ns) };
    },
    slice: (after, limit) =>
      slice.all(after, limit).map((row) => {
        return { clipId: row.clip_id, sourceIno: unsigned(row.source_ino), rootId: row.root_id };
      }),
    letGo: eachOf(db, letGo, keyOf),
    forget: eachOf(db, forget, keyOf),
  };
}

function createMaking(db: Db): Pick<CopyStore, 'wanted' | 'ask' | 'answered'> {
  // A clip that lies among the copies is its own.
  const wanted = db.prepare<{ ids: string; roots: string }, LocationRow & { id: number }>(
    `SELECT clip.id, ${LOCATION_COLUMNS}
     FROM clip JOIN dir ON dir.id = clip.dir_id JOIN root ON root.n = clip.root_n
     WHERE clip.id IN (SELECT value FROM json_each(@ids)) AND clip.state = ${String(LIVE)} AND dir.path <> '${COPY_DIR}'
       AND root.id IN (SELECT value FROM json_each(@roots))
       AND NOT EXISTS (SELECT 1 FROM copy WHERE copy.clip_id = clip.id AND copy.size_bytes = clip.size_bytes
         AND copy.state = ${String(MADE)} AND copy.found IS NOT ${String(ALTERED)})`,
  );
  // A copy that was altered is kept until there is a better one.
  const ask = db.prepare(
    `INSERT INTO copy (clip_id, root_n, source_ino, size_bytes, state)
     VALUES (@clipId, (SELECT n FROM root WHERE id = @rootId), @ino, @sizeBytes, ${String(ASKED)})
     ON CONFLICT DO UPDATE SET size_bytes = excluded.size_bytes, state = ${String(ASKED)}, why = NULL`,
  );
  const made = db.prepare(
    `UPDATE copy SET state = ${String(MADE)}, ino = @ino, mtime_ns = @mtimeNs, sha256 = @sha256, made_ms = @atMs,
       found = NULL, found_ms = NULL, found_why = NULL, decoded_ms = NULL, short_ms = NULL, errors = NULL, read_ms = NULL
     WHERE clip_id = @clipId AND source_ino = @sourceIno AND state = ${String(ASKED)}`,
  );
  const failed = db.prepare(
    `UPDATE copy SET state = iif(found = ${String(ALTERED)}, ${String(MADE)}, ${String(FAILED)}), why = ?
     WHERE clip_id = ? AND source_ino = ? AND state = ${String(ASKED)}`,
  );
  const note = (result: CopyResult, atMs: number): void => {
    const sourceIno = signed(result.sourceIno);
    if (result.found !== 'made') {
      failed.run(result.errno ?? result.found, result.clipId, sourceIno);
      return;
    }
    const { clipId, ino, mtimeNs, sha256 } = result;
    made.run({ clipId, sourceIno, ino: signed(ino), mtimeNs, sha256: Buffer.from(sha256, 'hex'), atMs });
  };
  return {
    wanted: (clipIds, rootIds) => {
      const rows = wanted.all({ ids: JSON.stringify(clipIds), roots: JSON.stringify(rootIds) });
      const tasks = rows.map((row) => ({ clipId: row.id, ...rowToLocation(row) }));
      return Map.groupBy(tasks, (task) => task.rootId);
    },
    ask: (rootId, tasks) => {
      db.transaction(() => {
        for (const { clipId, ino, sizeBytes } of tasks)
          ask.run({ clipId, rootId, ino: signed(ino), sizeBytes });
      }).immediate();
    },
    answered: (results, atMs) => {
      db.transaction(() => {
        for (const result of results) note(result, atMs);
      }).immediate();
    },
  };
}

/** The copies of these clips as belongings that go with them: what may lie on the disk, whole or half. */
export function createCopyBelongings(db: Db): {
  of(clipIds: string): readonly { readonly clip_id: number; readonly dir: string; readonly name: string }[];
  drop(clipIds: string): void;
} {
  const find = db.prepare<[string], { clip_id: number; source_ino: string }>(
    `SELECT clip_id, CAST(source_ino AS TEXT) AS source_ino FROM copy WHERE clip_id IN (SELECT value FROM json_each(?))
       AND state <> ${String(OWN)}`,
  );
  const drop = db.prepare('DELETE FROM copy WHERE clip_id IN (SELECT value FROM json_each(?))');
  return {
    of: (clipIds) =>
      find.all(clipIds).flatMap(({ clip_id, source_ino }) => {
        const ino = unsigned(source_ino);
        return [halfCopyName(clip_id, ino), copyName(clip_id, ino)].map((name) => {
          return { clip_id, dir: COPY_DIR, name };
        });
      }),
    drop: (clipIds) => {
      drop.run(clipIds);
    },
  };
}

/**
 * The content of a clip is lost under its name and under its pins: it lives on as its copy. Whether it does. `altered`: a
 * copy that is no longer what was hashed is better than nothing.
 */
export function createMoveToCopy(
  db: Db,
  dirId: (rootN: number, path: string) => number,
): (clipId: number, altered: boolean) => boolean {
  const find = db.prepare<[number, number], { root_n: number; source_ino: string }>(
    `SELECT copy.root_n, CAST(copy.source_ino AS TEXT) AS source_ino
     FROM clip JOIN copy ON copy.clip_id = clip.id AND copy.size_bytes = clip.size_bytes
     WHERE clip.id = +? AND clip.state = ${String(LIVE)} AND copy.state = ${String(MADE)}
       AND (copy.found IS ${String(ALTERED)}) = +? LIMIT 1`,
  );
  const move = db.prepare(
    `UPDATE clip SET dir_id = @dirId, name = @name, ino = copy.ino, mtime_ns = copy.mtime_ns,
       flags = flags & ~${String(LOST_BITS)}, missing_ms = NULL
     FROM copy WHERE copy.clip_id = clip.id AND copy.source_ino = @source AND clip.id = @id`,
  );
  const own = db.prepare(`UPDATE copy SET state = ${String(OWN)} WHERE clip_id = ? AND source_ino = ?`);
  return (clipId, altered) => {
    const row = find.get(clipId, altered ? 1 : 0);
    if (row === undefined) return false;
    const source = unsigned(row.source_ino);
    const name = copyName(clipId, source);
    move.run({ dirId: dirId(row.root_n, COPY_DIR), name, source: signed(source), id: clipId });
    own.run(clipId, signed(source));
    return true;
  };
}
