/** A backlog of real files that the index knows, made quickly: rows in one transaction, empty files. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packIntervals } from '../../src/db/clip-row.ts';
import { DAY, type Footage } from './footage.ts';

const CLIP_MS = 10_000;
/** As a recorder's directories: an hour of clips each. */
const PER_DIR = 360;

/** Makes `clips` files that end one after the other from `startMs` on, and their rows. */
export function makeBacklog(f: Footage, clips: number, startMs: number): void {
  const dir = f.db.prepare('INSERT INTO dir (root_n, path) VALUES (1, ?)');
  const row = f.db.prepare(
    `INSERT INTO clip (dir_id, name, root_n, camera_n, kind, state, start_ms, end_ms, end_from, cover_from_ms,
       cover_to_ms, cover_class, intervals, due_ms, first_seen_ms, finished_ms, size_bytes, ino, mtime_ns)
     VALUES (@dirId, @name, 1, 1, 0, 1, @startMs, @endMs, 0, @coverFromMs, @coverToMs, @coverClass, @intervals,
       @dueMs, @endMs, @endMs, 0, @ino, @mtimeNs)`,
  );
  f.db.transaction(() => {
    let dirId: number | bigint = 0;
    let path = '';
    for (let i = 0; i < clips; i += 1) {
      if (i % PER_DIR === 0) {
        path = `cam/${String(i / PER_DIR)}`;
        mkdirSync(join(f.root, path), { recursive: true });
        dirId = dir.run(path).lastInsertRowid;
      }
      const name = `${String(i)}.mp4`;
      writeFileSync(join(f.root, path, name), '');
      const { ino, mtimeNs } = statSync(join(f.root, path, name), { bigint: true });
      const at = { startMs: startMs + i * CLIP_MS, endMs: startMs + (i + 1) * CLIP_MS };
      const cover = packIntervals([{ fromMs: at.startMs, toMs: at.endMs }]);
      row.run({ ...cover, ...at, dirId, name, dueMs: at.endMs + 14 * DAY, ino, mtimeNs });
    }
  })();
}
