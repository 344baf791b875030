/**
 * A file that is known under another name: renamed a moment ago, or linked. Events tell of the new name long before a
 * reconcile has missed the old one, and the sweep does not wait for that: what is known of the content counts for the
 * new name from its first moment on, or a rename would lose its holds and begin its fourteen days anew.
 */
import type { Put } from '../../clips/change.ts';
import { united, type CoverColumns } from './times.ts';
import type { Db } from '../open.ts';

interface TwinRow extends CoverColumns {
  readonly camera_n: number;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly end_from: number;
  readonly due_ms: number | null;
  readonly first_seen_ms: number;
  readonly finished_ms: number | null;
}

export interface Twins {
  /** Must be called before the first clip of a batch. */
  startBatch(rootN: number): void;
  /**
   * Gives a row that is finished now the camera, the times and the candidate intervals of finished rows with the same
   * content and inode. Nothing for a row that is not there or not finished.
   */
  unite(clipId: number | undefined, put: Put): void;
}

export function createTwins(db: Db): Twins {
  const reconciled = db
    .prepare<[number], number>('SELECT last_reconcile_ms IS NOT NULL FROM root WHERE n = ?')
    .pluck();
  const twin = db.prepare<unknown[], TwinRow>(
    `SELECT camera_n, start_ms, end_ms, end_from, due_ms, first_seen_ms, finished_ms, cover_from_ms, cover_to_ms, intervals
     FROM clip INDEXED BY clip_ino WHERE root_n = +? AND ino = +? AND id <> +? AND size_bytes = +? AND fingerprint = +?
     ORDER BY due_ms LIMIT 1`,
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
  let root: number | undefined;
  return {
    // Before the first reconcile has ended nothing is known that could have been renamed.
    startBatch: (rootN) => {
      root = reconciled.get(rootN) === 1 ? rootN : undefined;
    },
    unite: (clipId, { file, content }) => {
      if (root === undefined || clipId === undefined || content === null) return;
      const fingerprint = Buffer.from(content.fingerprint, 'latin1');
      const known = twin.get(root, BigInt.asIntN(64, file.ino), clipId, file.sizeBytes, fingerprint);
      const own = known && cover.get(clipId);
      if (known !== undefined && own !== undefined)
        take.run({ ...timesOf(known), ...united(known, own), id: clipId });
    },
  };
}

function timesOf(row: TwinRow): Omit<TwinRow, keyof CoverColumns> {
  const { camera_n, start_ms, end_ms, end_from, due_ms, first_seen_ms, finished_ms } = row;
  return { camera_n, start_ms, end_ms, end_from, due_ms, first_seen_ms, finished_ms };
}
