/** How the clips of a hold are preserved, by the rows of their pins and copies. */
import type { Flaw, PreservedCounts, PreservedStore } from '../../holds/keep/preserved.ts';
import { FOUND, foundOf } from './copy-found.ts';
import { COPIED } from './inspections.ts';
import { MADE } from './kept-rows.ts';
import type { Db } from '../open.ts';

const THESE = '(SELECT value FROM json_each(@ids))';
const DAMAGED = `copy.found IN (${[FOUND.ends_early, FOUND.errors, FOUND.altered].join()})`;
/** Moments named in an alarm. */
const NAMED = 5;

interface FlawRow {
  readonly camera_id: string;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly found: number;
  readonly found_why: Flaw['why'];
  readonly short_ms: number | null;
  readonly errors: number | null;
}

export function createPreservedStore(db: Db): PreservedStore {
  // A clip that lives on under its pin or as its copy needs no other second name.
  const counts = db.prepare<{ ids: string; hold: string }>(
    `WITH held AS (
       SELECT dir.path LIKE '.fortnight/%' OR EXISTS (SELECT 1 FROM pin WHERE pin.clip_id = clip.id AND pin.hold_id = @hold
           AND pin.state = ${String(MADE)}) AS pinned,
         (SELECT coalesce(copy.found, -1) FROM copy WHERE copy.clip_id = clip.id AND copy.size_bytes = clip.size_bytes
           AND ${COPIED} LIMIT 1) AS found
       FROM clip JOIN dir ON dir.id = clip.dir_id WHERE clip.id IN ${THESE})
     SELECT count(*) AS covered, coalesce(sum(pinned), 0) AS pinned, count(found) AS copied,
       count(*) FILTER (WHERE found = ${String(FOUND.whole)}) AS whole,
       count(*) FILTER (WHERE ${DAMAGED.replace('copy.', '')}) AS damaged,
       count(*) FILTER (WHERE found = ${String(FOUND.unchecked)}) AS unchecked FROM held`,
  );
  const flaws = db.prepare<{ ids: string; limit: number }, FlawRow>(
    `SELECT camera.id AS camera_id, clip.start_ms, clip.end_ms, copy.found, copy.found_why, copy.short_ms, copy.errors
     FROM copy JOIN clip ON clip.id = copy.clip_id AND clip.size_bytes = copy.size_bytes
       JOIN camera ON camera.n = clip.camera_n
     WHERE copy.clip_id IN ${THESE} AND ${COPIED} AND copy.found > ${String(FOUND.whole)}
     ORDER BY copy.found = ${String(FOUND.unchecked)}, clip.start_ms LIMIT @limit`,
  );
  const damaged = db.prepare<[], { camera_id: string; start_ms: number }>(
    `SELECT camera.id AS camera_id, clip.start_ms
     FROM copy INDEXED BY copy_found JOIN clip ON clip.id = copy.clip_id AND clip.size_bytes = copy.size_bytes
       JOIN camera ON camera.n = clip.camera_n
     WHERE ${COPIED} AND ${DAMAGED} ORDER BY camera.id, clip.start_ms`,
  );
  return {
    counts: (holdId, clipIds) =>
      counts.get({ ids: JSON.stringify(clipIds), hold: holdId }) as PreservedCounts,
    flaws: (clipIds, limit) => flaws.all({ ids: JSON.stringify(clipIds), limit }).map(toFlaw),
    damaged: () =>
      [...Map.groupBy(damaged.all(), (row) => row.camera_id)].map(([cameraId, rows]) => ({
        cameraId,
        clips: rows.length,
        firstMs: rows.slice(0, NAMED).map((row) => row.start_ms),
      })),
  };
}

function toFlaw(row: FlawRow): Flaw {
  return {
    cameraId: row.camera_id,
    startMs: row.start_ms,
    endMs: row.end_ms,
    what: foundOf(row.found) as Flaw['what'],
    shortMs: row.short_ms ?? 0,
    errors: row.errors ?? 0,
    why: row.found_why,
  };
}
