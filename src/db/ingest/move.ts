/** A file that was renamed, by its recorder or by somebody who hopes that a hold will not find it. */
import { LOST_BITS } from '../clips/clip-row.ts';
import type { ClipRows } from './clips.ts';
import { united, type CoverColumns } from './times.ts';
import type { Db } from '../open.ts';

/** One file under a new name: the old row keeps its id and its times, takes the new name, and the new row goes. */
export function createMove(db: Db, rows: ClipRows): (fromId: number, toId: number) => void {
  const whole = db.prepare<[number], MovedRow>('SELECT * FROM clip WHERE id = ?').safeIntegers();
  const derived = db.prepare('UPDATE derived SET clip_id = ? WHERE clip_id = ?');
  const sidecars = db.prepare('UPDATE sidecar SET clip_id = ? WHERE clip_id = ?');
  const rename = db.prepare(
    `UPDATE clip SET dir_id = @dirId, name = @name, ino = @ino, mtime_ns = @mtimeNs, cover_from_ms = @coverFromMs,
       cover_to_ms = @coverToMs, cover_class = @coverClass, intervals = @intervals, state = 1, flags = flags & ~@lost,
       missing_ms = NULL WHERE id = @id`,
  );
  const adopt = db.prepare(
    `UPDATE clip SET first_seen_ms = min(first_seen_ms, @firstSeenMs), cover_from_ms = @coverFromMs,
       cover_to_ms = @coverToMs, cover_class = @coverClass, intervals = @intervals WHERE id = @id`,
  );
  return (fromId, toId) => {
    const [from, to] = [whole.get(fromId), whole.get(toId)];
    if (from === undefined || to === undefined || from.state === 2n || to.state === 2n) return;
    const cover = united(coverOf(from), coverOf(to));
    if (from.state === 0n) {
      // It was never finished under its old name: the new row is the clip, and it was seen earlier than it thought.
      rows.remove(fromId);
      adopt.run({ ...cover, firstSeenMs: from.first_seen_ms, id: toId });
      return;
    }
    derived.run(fromId, toId);
    sidecars.run(fromId, toId);
    rows.remove(toId);
    rows.mayBeEmpty(Number(from.dir_id));
    const { dir_id, name, ino, mtime_ns } = to;
    rename.run({ ...cover, dirId: dir_id, name, ino, mtimeNs: mtime_ns, id: fromId, lost: LOST_BITS });
  };
}

interface MovedRow {
  readonly state: bigint;
  readonly dir_id: bigint;
  readonly name: string;
  readonly ino: bigint;
  readonly mtime_ns: bigint;
  readonly first_seen_ms: bigint;
  readonly cover_from_ms: bigint;
  readonly cover_to_ms: bigint;
  readonly intervals: string | null;
}

function coverOf(row: MovedRow): CoverColumns {
  const { cover_from_ms, cover_to_ms, intervals } = row;
  return { cover_from_ms: Number(cover_from_ms), cover_to_ms: Number(cover_to_ms), intervals };
}
