/** Clips that are due, and those of them that wait for another disk than their own. */
import { COUNTED, type SweepStore } from '../../retention/erasure.ts';
import { NOTHING_THERE } from '../holds/copies.ts';
import { FAILED } from '../holds/kept-rows.ts';
import type { Db } from '../open.ts';

const DUE = `FROM clip INDEXED BY clip_due
  WHERE root_n = (SELECT n FROM root WHERE root.id = @root) AND state = 1 AND parked <> 1 AND due_ms <= @now`;
const RETRIED = '(retry_ms IS NULL OR retry_ms <= @now)';
/** Something of a clip lies on a disk that is away: in the vault, or on the root of a clip that lives on in the vault. */
const IS_AWAY = `(
  EXISTS (SELECT 1 FROM copy JOIN root AS place ON place.n = copy.root_n
    WHERE copy.clip_id = clip.id AND copy.root_n <> clip.root_n AND copy.state NOT IN ${NOTHING_THERE}
      AND place.id IN (SELECT value FROM json_each(@away)))
  OR EXISTS (SELECT 1 FROM pin JOIN root AS place ON place.n = pin.root_n
    WHERE pin.clip_id = clip.id AND pin.root_n <> clip.root_n AND pin.state <> ${String(FAILED)}
      AND place.id IN (SELECT value FROM json_each(@away))))`;

interface Row {
  readonly id: number;
  readonly dir_id: number;
  readonly due_ms: number;
}

/** `away`: disks that cannot be acted on now. */
export function createDue(
  db: Db,
  away: () => readonly string[],
): Pick<SweepStore, 'due' | 'waitingElsewhere'> {
  const all = db.prepare<{ root: string; now: number; limit: number }, Row>(
    `SELECT id, dir_id, due_ms ${DUE} AND ${RETRIED} ORDER BY due_ms LIMIT @limit`,
  );
  const reachable = db.prepare<{ root: string; now: number; limit: number; away: string }, Row>(
    `SELECT id, dir_id, due_ms ${DUE} AND ${RETRIED} AND NOT ${IS_AWAY} ORDER BY due_ms LIMIT @limit`,
  );
  const waiting = db
    .prepare<{ root: string; now: number; limit: number; away: string }, number>(
      `SELECT count(*) FROM (SELECT 1 ${DUE} AND ${IS_AWAY} LIMIT @limit)`,
    )
    .pluck();
  return {
    due: (root, now, limit) => {
      const gone = away();
      const rows =
        gone.length === 0
          ? all.all({ root, now, limit })
          : reachable.all({ root, now, limit, away: JSON.stringify(gone) });
      return rows.map((r) => ({ clipId: r.id, dirId: r.dir_id, dueMs: r.due_ms }));
    },
    waitingElsewhere: (root, now) => {
      const gone = away();
      if (gone.length === 0) return 0;
      return waiting.get({ root, now, limit: COUNTED, away: JSON.stringify(gone) }) ?? 0;
    },
  };
}
