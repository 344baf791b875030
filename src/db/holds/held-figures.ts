/** How much of what is held has pins and copies, by their rows. */
import { VAULT } from '../../config/config.ts';
import type { HeldFigureStore, KeptClips, RefusedPins } from '../../holds/keep/held-figures.ts';
import { HOLDS_DIR } from '../../holds/keep/pins.ts';
import { COPIED } from './inspections.ts';
import { FAILED, LIES_AS_COPY, MADE } from './kept-rows.ts';
import type { Db } from '../open.ts';

export function createHeldFigures(db: Db): HeldFigureStore {
  // A clip that lives on under its pin or as its copy is what it lies as.
  const kept = db.prepare<[string], KeptClips>(
    `WITH held AS (
       SELECT dir.path GLOB '${HOLDS_DIR}/*' OR EXISTS (SELECT 1 FROM pin WHERE pin.clip_id = clip.id
           AND pin.ino = clip.ino AND pin.state = ${String(MADE)}) AS pinned,
         ${LIES_AS_COPY} OR EXISTS (SELECT 1 FROM copy WHERE copy.clip_id = clip.id
           AND copy.size_bytes = clip.size_bytes AND ${COPIED}) AS copied
       FROM clip JOIN dir ON dir.id = clip.dir_id WHERE clip.id IN (SELECT value FROM json_each(?)))
     SELECT count(*) FILTER (WHERE pinned AND copied) AS "both", count(*) FILTER (WHERE pinned AND NOT copied) AS pin,
       count(*) FILTER (WHERE copied AND NOT pinned) AS copy, count(*) FILTER (WHERE NOT pinned AND NOT copied) AS neither
     FROM held`,
  );
  const copyBytes = db
    .prepare<[], number>(`SELECT coalesce(sum(size_bytes), 0) FROM copy WHERE ${COPIED}`)
    .pluck();
  const vault = db.prepare<[string], { copies: number; bytes: number }>(
    `SELECT count(*) AS copies, coalesce(sum(size_bytes), 0) AS bytes FROM copy
     WHERE ${COPIED} AND root_n = (SELECT n FROM root WHERE id = ?)`,
  );
  const refused = db.prepare<[], { root_id: string; errno: string; clips: number }>(
    `SELECT root.id AS root_id, coalesce(pin.why, '') AS errno, count(DISTINCT pin.clip_id) AS clips
     FROM pin INDEXED BY pin_refused JOIN root ON root.n = pin.root_n
     WHERE pin.state = ${String(FAILED)} AND NOT EXISTS (SELECT 1 FROM copy WHERE copy.clip_id = pin.clip_id AND ${COPIED})
     GROUP BY root.id, errno ORDER BY root.id, clips DESC`,
  );
  const strays = db.prepare<[], { rootId: string; files: number }>(
    `SELECT root.id AS rootId, count(stray.path) AS files FROM root LEFT JOIN stray ON stray.root_n = root.n GROUP BY root.n`,
  );
  return {
    kept: (clipIds) => kept.get(JSON.stringify(clipIds)) ?? { both: 0, pin: 0, copy: 0, neither: 0 },
    copyBytes: () => copyBytes.get() ?? 0,
    vault: () => vault.get(VAULT) ?? { copies: 0, bytes: 0 },
    refused: () =>
      [...Map.groupBy(refused.all(), (row) => row.root_id)].map(([rootId, rows]): RefusedPins => ({
        rootId,
        clips: rows.reduce((sum, row) => sum + row.clips, 0),
        errno: rows[0]?.errno ?? '',
      })),
    strays: () => strays.all(),
  };
}
