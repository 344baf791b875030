/** What the index says of a file the watchdog found overdue. */
import type { IndexSays } from '../retention/disk-watch.ts';
import type { Db } from './open.ts';

interface Row {
  state: number;
  due_ms: number | null;
  parked: number;
}

/** `path` is a byte string below the root. A row of a file that was thought gone knows nothing of the file. */
export function createFileState(db: Db): (rootId: string, path: string, nowMs: number) => IndexSays {
  const at = db.prepare<[string, string, string], Row>(
    `SELECT clip.state, clip.due_ms, clip.parked FROM clip JOIN dir ON dir.id = clip.dir_id
     WHERE dir.root_n = (SELECT n FROM root WHERE id = ?) AND dir.path = ? AND clip.name = ?`,
  );
  return (rootId, path, nowMs) => {
    const cut = path.lastIndexOf('/');
    const row = at.get(rootId, path.slice(0, Math.max(cut, 0)), path.slice(cut + 1));
    if (row === undefined || row.state === 3) return 'unknown';
    if (row.parked === 1) return 'kept';
    return row.due_ms !== null && row.due_ms > nowMs ? 'kept' : 'known';
  };
}
