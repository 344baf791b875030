/**
 * A file that is known under another name: renamed a moment ago, or linked. Events tell of the new name long before a
 * reconcile has missed the old one, and the sweep does not wait for that: what is known of the content counts for the
 * new name from its first moment on, or a rename would lose its holds and begin its fourteen days anew.
 */
import { united, type CoverColumns } from './ingest-times.ts';
import type { Db } from './open.ts';

interface TwinRow extends CoverColumns {
  readonly camera_n: number;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly end_from: number;
  readonly due_ms: number | null;
  readonly first_seen_ms: number;
  readonly finished_ms: number | null;
}

/** Gives a row that is finished now the camera, the times and the candidate intervals of finished rows with the same content and inode. */
export function createTwins(db: Db): (clipId: number) => void {
  const twin = db.prepare<{ id: number }, TwinRow>(
    `SELECT other.camera_n, other.start_ms, other.end_ms, other.end_from, other.due_ms, other.first_seen_ms,
       other.finished_ms, other.cover_from_ms, other.cover_to_ms, other.intervals
     FROM clip mine JOIN root ON root.n = mine.root_n
       JOIN clip other INDEXED BY clip_ino ON other.root_n = mine.root_n AND other.ino = mine.ino
     WHERE mine.id = @id AND other.id <> mine.id AND root.last_reconcile_ms IS NOT NULL AND other.size_bytes = mine.size_bytes
       AND other.fingerprint = mine.fingerprint ORDER BY other.due_ms LIMIT 1`,
  );
  const cover = db.prepare<[number], CoverColumns>(
    'SELECT cover_from_ms, cover_to_ms, intervals FROM clip WHERE id = ?',
  );
  const take = db.prepare(
    `UPDATE clip SET camera_n = @camera_n, start_ms = @start_ms, end_ms = @end_ms, end_from = @end_from,
       first_seen_ms = min(first_seen_ms, @first_seen_ms), finished_ms = min(finished_ms, coalesce(@finished_ms, finished_ms)),
       due_ms = min(due_ms, coalesce(@due_ms, due_ms)), cover_from_ms = @coverFromMs, cover_to_ms = @coverToMs,
       cover_class = @coverClass, intervals = @intervals
     WHERE id = @id`,
  );
  return (clipId) => {
    // Before the first reconcile has ended nothing is known that could have been renamed.
    const known = twin.get({ id: clipId });
    const own = known && cover.get(clipId);
    if (known === undefined || own === undefined) return;
    take.run({ ...timesOf(known), ...united(known, own), id: clipId });
  };
}

function timesOf(row: TwinRow): Omit<TwinRow, keyof CoverColumns> {
  const { camera_n, start_ms, end_ms, end_from, due_ms, first_seen_ms, finished_ms } = row;
  return { camera_n, start_ms, end_ms, end_from, due_ms, first_seen_ms, finished_ms };
}
