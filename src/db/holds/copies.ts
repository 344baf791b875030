/** Copies of held clips in the index (holds/keep/copies.ts): what was asked for, made, failed, and what is to go. */
import {
  copyName,
  halfCopyName,
  type CopyKey,
  type CopyRow,
  type CopyStore,
} from '../../holds/keep/copies.ts';
import {
  LOCATION_COLUMNS,
  LOST_BITS,
  rowToLocation,
  stateToInt,
  type LocationRow,
} from '../clips/clip-row.ts';
import { FOUND } from './copy-found.ts';
import { createHeard, createMade, createUnmade } from './heard.ts';
import {
  ASKED,
  COPY_AT,
  DISK_REPLACED,
  FAILED,
  GOING,
  LIES_AS_COPY,
  MADE,
  OWN,
  UNHEARD,
  eachOf,
  signed,
  unsigned,
} from './kept-rows.ts';
import type { Db } from '../open.ts';

const LIVE = stateToInt('live');
const ALTERED = FOUND.altered;
/** One copy: its place by its id. */
const THIS = 'clip_id = ? AND source_ino = ? AND root_n = (SELECT n FROM root WHERE id = ?)';

interface PlaceRow {
  readonly root_id: string;
  readonly dir: string;
  readonly source_ino: string;
  readonly ino: string;
  readonly mtime_ns: string;
}

export function createCopyStore(db: Db): CopyStore {
  // Of two disks the one that was well when it was last looked at.
  const places = db.prepare<[number], PlaceRow>(
    `SELECT place.id AS root_id, ${COPY_AT} AS dir, CAST(copy.source_ino AS TEXT) AS source_ino,
       CAST(copy.ino AS TEXT) AS ino, CAST(copy.mtime_ns AS TEXT) AS mtime_ns
     FROM copy JOIN clip ON clip.id = copy.clip_id AND clip.size_bytes = copy.size_bytes
       JOIN root AS place ON place.n = copy.root_n
     WHERE copy.clip_id = +? AND copy.state = ${String(MADE)} ORDER BY place.state <> 'online', place.n`,
  );
  // What the clip's own row names is the clip: it goes with that row, or after it.
  const mine = `(copy.state <> ${String(OWN)} OR NOT EXISTS (SELECT 1 FROM clip WHERE clip.id = copy.clip_id))`;
  const slice = db.prepare<
    { after: number; clips: number },
    { clip_id: number; source_ino: string; place_id: string; dir: string; state: number }
  >(
    `SELECT copy.clip_id, CAST(copy.source_ino AS TEXT) AS source_ino, place.id AS place_id, ${COPY_AT} AS dir, copy.state
     FROM copy JOIN root AS place ON place.n = copy.root_n
     WHERE copy.clip_id > @after AND ${mine} AND copy.clip_id <= (SELECT max(clip_id) FROM (
       SELECT DISTINCT clip_id FROM copy WHERE clip_id > @after AND ${mine} ORDER BY clip_id LIMIT @clips))
     ORDER BY copy.clip_id`,
  );
  const letGo = db.prepare(`UPDATE copy SET state = ${String(GOING)} WHERE ${THIS}`);
  const forget = db.prepare(`DELETE FROM copy WHERE ${THIS} AND state = ${String(GOING)}`);
  const leave = db.prepare(`DELETE FROM copy WHERE ${THIS} AND state = ${String(ASKED)}`);
  const each =
    (statement: typeof letGo) =>
    (placeId: string, copies: readonly CopyKey[]): void => {
      eachOf<CopyKey>(db, statement, ({ clipId, sourceIno }) => [clipId, signed(sourceIno), placeId])(copies);
    };
  return {
    ...createMaking(db),
    heard: createHeard(db),
    places: (clipId) =>
      places.all(clipId).map((row) => {
        const name = copyName(clipId, unsigned(row.source_ino));
        const { root_id: rootId, dir } = row;
        return { rootId, dir, name, ino: unsigned(row.ino), mtimeNs: BigInt(row.mtime_ns) };
      }),
    slice: (after, clips) =>
      slice.all({ after, clips }).map((row) => {
        const { clip_id: clipId, place_id: placeId, dir } = row;
        return { clipId, sourceIno: unsigned(row.source_ino), placeId, dir, asked: row.state === ASKED };
      }),
    letGo: each(letGo),
    forget: each(forget),
    leave: (copies) => {
      if (copies.length === 0) return;
      eachOf<CopyRow>(db, leave, ({ clipId, sourceIno, placeId }) => [clipId, signed(sourceIno), placeId])(
        copies,
      );
    },
  };
}

function createMaking(db: Db): Pick<CopyStore, 'wanted' | 'ask' | 'answered'> {
  // A clip that lies among the copies is its own.
  const wanted = db.prepare<{ ids: string; roots: string }, LocationRow & { id: number }>(
    `SELECT clip.id, ${LOCATION_COLUMNS}
     FROM clip JOIN dir ON dir.id = clip.dir_id JOIN root ON root.n = clip.root_n
     WHERE clip.id IN (SELECT value FROM json_each(@ids)) AND clip.state = ${String(LIVE)} AND NOT ${LIES_AS_COPY}
       AND root.id IN (SELECT value FROM json_each(@roots))
       AND NOT EXISTS (SELECT 1 FROM copy WHERE copy.clip_id = clip.id AND copy.size_bytes = clip.size_bytes
         AND copy.state = ${String(MADE)} AND copy.found IS NOT ${String(ALTERED)})`,
  );
  const ask = db.prepare(
    `INSERT INTO copy (clip_id, root_n, source_n, source_ino, size_bytes, state)
     VALUES (@clipId, (SELECT n FROM root WHERE id = @placeId), (SELECT n FROM root WHERE id = @sourceId), @ino, @sizeBytes,
       ${String(ASKED)})
     ON CONFLICT DO UPDATE SET size_bytes = excluded.size_bytes, state = ${String(ASKED)},
       why = CASE WHEN why = '${DISK_REPLACED}' THEN why WHEN state = ${String(ASKED)} THEN '${UNHEARD}' END`,
  );
  const made = createMade(db);
  const unmade = createUnmade(db);
  return {
    wanted: (clipIds, rootIds) => {
      const rows = wanted.all({ ids: JSON.stringify(clipIds), roots: JSON.stringify(rootIds) });
      const tasks = rows.map((row) => ({ clipId: row.id, ...rowToLocation(row) }));
      return Map.groupBy(tasks, (task) => task.rootId);
    },
    ask: ({ placeId, sourceId }, tasks) => {
      db.transaction(() => {
        for (const { clipId, ino, sizeBytes } of tasks)
          ask.run({ clipId, placeId, sourceId, ino: signed(ino), sizeBytes });
      }).immediate();
    },
    answered: (placeId, results, atMs) => {
      db.transaction(() => {
        for (const result of results)
          if (result.found === 'made') made({ ...result, placeId, atMs });
          else unmade({ ...result, placeId, why: result.errno ?? result.found, left: result.left === true });
      }).immediate();
    },
  };
}

/** Of what failed nothing is left, durably; what is its clip goes as that. */
export const NOTHING_THERE = `(${String(FAILED)}, ${String(OWN)})`;

/** The copies of these clips as belongings that go with them: what may lie on the disks, whole or half. */
export function createCopyBelongings(db: Db): {
  of(clipIds: string): readonly {
    readonly clip_id: number;
    readonly root_id: string;
    readonly dir: string;
    readonly name: string;
  }[];
  drop(clipIds: string): void;
} {
  const find = db.prepare<[string], { clip_id: number; root_id: string; dir: string; source_ino: string }>(
    `SELECT copy.clip_id, place.id AS root_id, ${COPY_AT} AS dir, CAST(copy.source_ino AS TEXT) AS source_ino
     FROM copy JOIN root AS place ON place.n = copy.root_n
     WHERE copy.clip_id IN (SELECT value FROM json_each(?)) AND copy.state NOT IN ${NOTHING_THERE}`,
  );
  const drop = db.prepare('DELETE FROM copy WHERE clip_id IN (SELECT value FROM json_each(?))');
  return {
    of: (clipIds) =>
      find.all(clipIds).flatMap(({ source_ino, ...row }) => {
        const ino = unsigned(source_ino);
        return [halfCopyName(row.clip_id, ino), copyName(row.clip_id, ino)].map((name) => ({ ...row, name }));
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
  const find = db.prepare<[number, number], { root_n: number; dir: string; source_ino: string }>(
    `SELECT copy.root_n, ${COPY_AT} AS dir, CAST(copy.source_ino AS TEXT) AS source_ino
     FROM clip JOIN copy ON copy.clip_id = clip.id AND copy.size_bytes = clip.size_bytes
       JOIN root AS place ON place.n = copy.root_n
     WHERE clip.id = +? AND clip.state = ${String(LIVE)} AND copy.state = ${String(MADE)}
       AND (copy.found IS ${String(ALTERED)}) = +? ORDER BY place.state <> 'online', place.n LIMIT 1`,
  );
  const move = db.prepare(
    `UPDATE clip SET root_n = @rootN, dir_id = @dirId, name = @name, ino = copy.ino, mtime_ns = copy.mtime_ns,
       flags = flags & ~${String(LOST_BITS)}, missing_ms = NULL
     FROM copy WHERE copy.clip_id = clip.id AND copy.source_ino = @source AND copy.root_n = @rootN AND clip.id = @id`,
  );
  const own = db.prepare(
    `UPDATE copy SET state = ${String(OWN)} WHERE clip_id = @id AND source_ino = @source AND root_n = @rootN`,
  );
  return (clipId, altered) => {
    const row = find.get(clipId, altered ? 1 : 0);
    if (row === undefined) return false;
    const { root_n: rootN, dir } = row;
    const [name, source] = [copyName(clipId, unsigned(row.source_ino)), signed(unsigned(row.source_ino))];
    move.run({ rootN, dirId: dirId(rootN, dir), name, source, id: clipId });
    own.run({ id: clipId, source, rootN });
    return true;
  };
}
