/** What was found of copies of held clips when they were looked through (holds/keep/inspection.ts), and what is still to be. */
import { copyName } from '../../holds/keep/copies.ts';
import { NEIGHBOURS, type Inspection, type Neighbour } from '../../holds/keep/inspection.ts';
import type { InspectionStore, InspectionTask } from '../../holds/keep/inspector.ts';
import { intToKind } from '../clips/clip-row.ts';
import { FOUND } from './copy-found.ts';
import { COPY_AT, MADE, OWN, signed, unsigned } from './kept-rows.ts';
import type { Db } from '../open.ts';

/** A copy that is whole on its disk. */
export const COPIED = `copy.state IN (${String(MADE)}, ${String(OWN)})`;

interface TaskRow {
  readonly clip_id: number;
  readonly source_ino: string;
  readonly root_id: string;
  readonly dir: string;
  readonly ino: string;
  readonly mtime_ns: string;
  readonly size_bytes: number;
  readonly kind: number;
}

/** `SELECT ${TASK_COLUMNS} FROM ${TASK_TABLES}` gives rows that `toTask` reads. */
export const TASK_COLUMNS = `copy.clip_id, CAST(copy.source_ino AS TEXT) AS source_ino, root.id AS root_id,
  ${COPY_AT} AS dir, CAST(copy.ino AS TEXT) AS ino, CAST(copy.mtime_ns AS TEXT) AS mtime_ns, copy.size_bytes, clip.kind`;
export const TASK_TABLES = 'copy JOIN clip ON clip.id = copy.clip_id JOIN root ON root.n = copy.root_n';

export function toTask(row: TaskRow): InspectionTask {
  const sourceIno = unsigned(row.source_ino);
  const file = { ino: unsigned(row.ino), sizeBytes: row.size_bytes, mtimeNs: BigInt(row.mtime_ns) };
  const { root_id: rootId, dir } = row;
  return {
    clipId: row.clip_id,
    sourceIno,
    location: { rootId, dir, name: copyName(row.clip_id, sourceIno), ...file },
    kind: intToKind(row.kind),
  };
}

export function createInspectionStore(db: Db): InspectionStore {
  const waiting = db.prepare<{ after: number; limit: number; again: number }, TaskRow>(
    `SELECT ${TASK_COLUMNS} FROM ${TASK_TABLES}
     WHERE ${COPIED} AND copy.clip_id > @after
       AND (copy.found IS NULL OR (@again AND copy.found = ${String(FOUND.unchecked)} AND copy.found_why = 'no_ffmpeg'))
     ORDER BY copy.clip_id LIMIT @limit`,
  );
  const clip = db.prepare<[number], { camera_n: number; start_ms: number; duration_ms: number | null }>(
    'SELECT camera_n, start_ms, duration_ms FROM clip WHERE id = +?',
  );
  const beside = (order: string): ((camera: number, startMs: number) => Neighbour[]) => {
    const find = db.prepare<[number, number], Neighbour>(
      `SELECT start_ms AS startMs, end_ms AS endMs FROM clip INDEXED BY clip_start
       WHERE camera_n = ? AND start_ms ${order} LIMIT ${String(NEIGHBOURS)}`,
    );
    return (camera, startMs) => find.all(camera, startMs);
  };
  const before = beside('< ? ORDER BY start_ms DESC');
  const after = beside('> ? ORDER BY start_ms');
  const inspected = db.prepare(
    `UPDATE copy SET found = @found, found_ms = @atMs, found_why = @why, decoded_ms = @decodedMs, short_ms = @shortMs,
       errors = @errors
     WHERE clip_id = @clipId AND source_ino = @sourceIno AND ino = @ino AND ${COPIED}
       AND root_n = (SELECT n FROM root WHERE id = @placeId)`,
  );
  return {
    waiting: ({ afterClipId, limit, again }) =>
      waiting.all({ after: afterClipId, limit, again: again ? 1 : 0 }).map(toTask),
    expected: (clipId) => {
      const row = clip.get(clipId);
      if (row === undefined) return undefined;
      const { camera_n, start_ms: startMs, duration_ms: claimedMs } = row;
      return { startMs, claimedMs, before: before(camera_n, startMs), after: after(camera_n, startMs) };
    },
    inspected: ({ clipId, sourceIno, location }, found, atMs) => {
      const [ino, placeId] = [signed(location.ino), location.rootId];
      inspected.run({ clipId, sourceIno: signed(sourceIno), placeId, ino, atMs, ...columnsOf(found) });
    },
  };
}

function columnsOf(inspection: Inspection): Readonly<Record<string, number | string | null>> {
  const found = FOUND[inspection.found];
  if (inspection.found === 'unchecked')
    return { found, why: inspection.why, decodedMs: null, shortMs: null, errors: null };
  const { decodedMs, shortMs, errors } = inspection;
  return { found, why: null, decodedMs, shortMs, errors };
}
