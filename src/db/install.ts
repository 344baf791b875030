/** Who this installation is, and which cameras it has ever known. */
import { VAULT } from '../config/config.ts';
import type { Db } from './open.ts';
import { FAILED } from './holds/kept-rows.ts';

export interface Install {
  readonly installId: string;
  /** True when this index was made just now: then the state around it tells whether that is right. */
  readonly isNew: boolean;
}

/** What must survive a lost index: without it every root would be a stranger's, every receipt unmatched. */
export interface Identity {
  readonly installId: string;
  readonly pathKey: Buffer;
}

/** The installation's row, made from `identity` at the first start and after the index was lost. */
export function ensureInstall(db: Db, identity: Identity, nowMs: number): Install {
  const row = db.prepare<[], { install_id: string }>('SELECT install_id FROM install WHERE id = 1').get();
  if (row !== undefined) return { installId: row.install_id, isNew: false };
  const { installId, pathKey } = identity;
  db.prepare('INSERT INTO install (id, install_id, path_key, created_ms) VALUES (1, ?, ?, ?)').run(
    installId,
    pathKey,
    nowMs,
  );
  return { installId, isNew: true };
}

/** Gives every configured camera its number; cameras that are no longer configured keep theirs. */
export function ensureCameras(db: Db, ids: readonly string[]): void {
  const insert = db.prepare('INSERT INTO camera (id) VALUES (?) ON CONFLICT (id) DO NOTHING');
  db.transaction(() => {
    for (const id of ids) insert.run(id);
  }).immediate();
}

/** What the index holds per camera and root, to refuse a configuration that would drop something (config/continuity.ts). */
export function knownFootage(db: Db): {
  cameras: { id: string; clips: number }[];
  roots: { id: string; path: string; clips: number }[];
  vault: { path: string; copies: number } | undefined;
  retentionMs: number | null;
} {
  const cameras = db
    .prepare<[], { id: string; clips: number }>(
      'SELECT camera.id, coalesce(t.clips, 0) AS clips FROM camera LEFT JOIN camera_total t ON t.camera_n = camera.n',
    )
    .all();
  // A thousand is as good as a million here, and counting that would delay the start.
  const roots = db
    .prepare<[string], { id: string; path: string; clips: number }>(
      `SELECT id, path, (SELECT count(*) FROM (SELECT 1 FROM dir JOIN clip ON clip.dir_id = dir.id
         WHERE dir.root_n = root.n LIMIT 1000)) AS clips FROM root WHERE id <> ?`,
    )
    .all(VAULT);
  const vault = db
    .prepare<[string], { path: string; copies: number }>(
      `SELECT path, (SELECT count(*) FROM copy WHERE copy.root_n = root.n AND copy.state <> ${String(FAILED)})
         + (SELECT count(*) FROM stray WHERE stray.root_n = root.n) AS copies FROM root WHERE id = ? AND path <> ''`,
    )
    .get(VAULT);
  const retentionMs = db.prepare<[], number>('SELECT r_ms FROM retention_clock').pluck().get() ?? null;
  return { cameras, roots, vault, retentionMs };
}
