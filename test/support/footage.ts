/** A root with real files and an index that knows them, for tests of what comes after ingest. */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuditLog, type AuditLog } from '../../src/audit/log.ts';
import { SimulatedClock } from '../../src/base/clock.ts';
import { createAuditStore } from '../../src/db/audit.ts';
import { packIntervals } from '../../src/db/clips/clip-row.ts';
import { ensureCameras, ensureInstall } from '../../src/db/install.ts';
import { openIndex, type Db } from '../../src/db/open.ts';
import { openRootDir } from '../../src/disk/handle.ts';
import { writeMarker } from '../../src/disk/marker.ts';
import { newId } from '../../src/base/ids.ts';

export const DAY = 86_400_000;
export const T0 = Date.UTC(2026, 10, 1, 12);

export interface Footage {
  readonly dir: string;
  readonly root: string;
  readonly stateDir: string;
  readonly db: Db;
  readonly audit: AuditLog;
  readonly clock: SimulatedClock;
  readonly address: { path: string; expected: { rootUuid: string; installId: string } };
  /** Makes a file and its row; times in ms, names relative to the root. */
  add(
    path: string,
    times: { startMs: number; endMs: number; camera?: string; state?: number; sizeBytes?: number },
  ): number;
  addSidecar(clipId: number, path: string): void;
  path(relative: string): string;
  close(): void;
}

export function makeFootage(options: { dir?: string; retentionMs?: number } = {}): Footage {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'fortnight-'));
  const root = join(dir, 'footage');
  const stateDir = join(dir, 'state');
  mkdirSync(root, { recursive: true });
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const db = openIndex(join(stateDir, 'index.db'));
  const clock = new SimulatedClock(T0);
  const audit = createAuditLog(createAuditStore(db), clock, () => undefined);
  const installId = newId();
  const pathKey = Buffer.alloc(32, 3);
  mkdirSync(join(stateDir, 'keys'), { mode: 0o700 });
  writeFileSync(join(stateDir, 'keys', 'install.id'), installId);
  writeFileSync(join(stateDir, 'keys', 'path.key'), pathKey);
  ensureInstall(db, { installId, pathKey }, T0);
  ensureCameras(db, ['entrance', 'hall']);
  const rootUuid = newId();
  const handle = openRootDir(root);
  writeMarker(handle, { format: 1, rootUuid, installId, lastHoldSeq: 0 });
  handle.close();
  db.prepare(
    `INSERT INTO root (n, id, path, root_uuid, enrolled_ms, state, state_since_ms, adoption_confirmed, last_sweep_ms)
     VALUES (1, 'nvr', ?, ?, ?, 'online', ?, 1, NULL)`,
  ).run(root, rootUuid, T0, T0);
  const retentionMs = options.retentionMs ?? 14 * DAY;
  const dirIdOf = (path: string): number => {
    const at = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
    db.prepare('INSERT INTO dir (root_n, path) VALUES (1, ?) ON CONFLICT DO NOTHING').run(at);
    return (db.prepare('SELECT id FROM dir WHERE root_n = 1 AND path = ?').get(at) as { id: number }).id;
  };
  const write = (path: string, sizeBytes: number): void => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), Buffer.alloc(sizeBytes, 1));
  };
  return {
    dir,
    root,
    stateDir,
    db,
    audit,
    clock,
    address: { path: root, expected: { rootUuid, installId } },
    path: (relative) => join(root, relative),
    add: (path, { startMs, endMs, camera = 'entrance', state = 1, sizeBytes = 1000 }) => {
      write(path, sizeBytes);
      const { ino, mtimeNs } = statSync(join(root, path), { bigint: true });
      const cover = packIntervals([{ fromMs: startMs, toMs: endMs }]);
      const result = db
        .prepare(
          `INSERT INTO clip (dir_id, name, root_n, camera_n, kind, state, start_ms, end_ms, end_from, cover_from_ms,
             cover_to_ms, cover_class, intervals, due_ms, first_seen_ms, finished_ms, size_bytes, ino, mtime_ns)
           VALUES (@dirId, @name, 1, (SELECT n FROM camera WHERE id = @camera), 0, @state, @startMs, @endMs, 0,
             @coverFromMs, @coverToMs, @coverClass, @intervals, @dueMs, @endMs, @endMs, @sizeBytes, @ino, @mtimeNs)`,
        )
        .run({
          ...cover,
          dirId: dirIdOf(path),
          name: path.slice(path.lastIndexOf('/') + 1),
          camera,
          state,
          startMs,
          endMs,
          dueMs: endMs + retentionMs,
          sizeBytes,
          ino,
          mtimeNs,
        });
      return Number(result.lastInsertRowid);
    },
    addSidecar: (clipId, path) => {
      write(path, 10);
      db.prepare('INSERT INTO sidecar (clip_id, dir_id, name) VALUES (?, ?, ?)').run(
        clipId,
        dirIdOf(path),
        path.slice(path.lastIndexOf('/') + 1),
      );
    },
    close: () => {
      db.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
