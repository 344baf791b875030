/**
 * The rows of the deletion drill. `expire` is the one statement that makes a clip due before its retention is over, and
 * it can reach no clip but those of the reserved camera in the reserved directory: the scan gives that camera to nothing
 * else (ingest/rules.ts), and no configuration can name it.
 */
import type { AuditLog } from '../../audit/log.ts';
import { DRILL_CAMERA } from '../../config/config.ts';
import type { DrillResult, DrillStore, RootDrill } from '../../retention/drill.ts';
import { verdictOf } from '../../retention/drill.ts';
import { DRILL_DIR } from '../../roots/root.ts';
import type { AuditReader } from '../audit.ts';
import type { Db } from '../open.ts';

const PLANTED = `dir_id = (SELECT dir.id FROM dir JOIN root ON root.n = dir.root_n WHERE root.id = @root AND dir.path = '${DRILL_DIR}')
  AND camera_n = (SELECT n FROM camera WHERE id = '${DRILL_CAMERA}')`;

interface Row {
  readonly id: number;
  readonly state: number;
  readonly fingerprint: string;
}

export function createDrillStore(db: Db, audit: AuditLog, records: Pick<AuditReader, 'newest'>): DrillStore {
  const find = db.prepare<{ root: string; name: string }, Row>(
    `SELECT id, state, coalesce(hex(fingerprint), '') AS fingerprint FROM clip WHERE ${PLANTED} AND name = @name`,
  );
  const names = db.prepare<{ root: string }, string>(`SELECT name FROM clip WHERE ${PLANTED}`).pluck();
  const expire = db.prepare<{ root: string; now: number }>(
    `UPDATE clip SET due_ms = @now WHERE ${PLANTED} AND state = 1 AND due_ms > @now`,
  );
  const picture = db
    .prepare<[number], string>("SELECT file FROM derived WHERE clip_id = ? AND kind = 'poster'")
    .pluck();
  const mentions = db
    .prepare<{ name: string; picture: string | null }, number>(
      `SELECT EXISTS (SELECT 1 FROM dir JOIN clip ON clip.dir_id = dir.id WHERE dir.path = '${DRILL_DIR}' AND clip.name = @name)
         OR EXISTS (SELECT 1 FROM dir JOIN sidecar ON sidecar.dir_id = dir.id WHERE dir.path = '${DRILL_DIR}')
         OR EXISTS (SELECT 1 FROM dir WHERE path = '${DRILL_DIR}' AND NOT EXISTS (SELECT 1 FROM clip WHERE dir_id = dir.id))
         OR EXISTS (SELECT 1 FROM unowned WHERE path = '${DRILL_DIR}/' || @name)
         OR EXISTS (SELECT 1 FROM derived WHERE file = @picture)`,
    )
    .pluck();
  return {
    find: (root, name) => {
      const row = find.get({ root, name });
      return row && { clipId: row.id, live: row.state === 1, fingerprint: row.fingerprint };
    },
    picture: (clipId) => picture.get(clipId),
    expire: (root, now) => {
      expire.run({ root, now });
    },
    names: (root) => names.all({ root }),
    mentions: (file) => mentions.get({ name: file.name, picture: file.picture ?? null }) === 1,
    record: (result) => {
      const { atMs, tookMs } = result;
      const roots = result.roots.map(({ rootId, skipped, left }) => ({ root: rootId, skipped, left }));
      const payload = { verdict: verdictOf(result), atMs, tookMs, roots };
      audit.append({ kind: 'drill', actor: 'system', payload });
    },
    last: () => {
      const [record] = records.newest({ beforeSeq: undefined, kind: 'drill', limit: 1 });
      return record?.payload === undefined || record.payload === null ? undefined : toResult(record.payload);
    },
  };
}

function toResult(payload: string): DrillResult {
  const said = JSON.parse(payload) as Pick<DrillResult, 'atMs' | 'tookMs'> & {
    readonly roots: readonly (Omit<RootDrill, 'rootId'> & { readonly root: string })[];
  };
  const roots = said.roots.map(({ root, skipped, left }) => ({ rootId: root, skipped, left }));
  return { atMs: said.atMs, tookMs: said.tookMs, roots };
}
