/** A backlog of real files that an index knows, made quickly: rows in one transaction, files without data. */
import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packIntervals } from '../../src/db/clips/clip-row.ts';
import type { Db } from '../../src/db/open.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** The pattern of a layout in which the files of the backlog are clips of `entrance`: a directory for each hour. */
export const BACKLOG_PATTERN = '{YYYY}-{MM}-{DD}/{hh}/{camera}/{mm}.{ss}.mp4';

export interface Backlog {
  readonly clips: number;
  /** When the first one begins, a full hour; the others follow one another. */
  readonly startMs: number;
  /** A divisor of an hour, in whole seconds. */
  readonly clipMs?: number;
}

/** Makes the files and their rows, for the first root and the first camera of the index. */
export function makeBacklog(f: { readonly db: Db; readonly root: string }, backlog: Backlog): void {
  const { clips, startMs, clipMs = 10_000 } = backlog;
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
      const at = { startMs: startMs + i * clipMs, endMs: startMs + (i + 1) * clipMs };
      const iso = new Date(at.startMs).toISOString();
      if (at.startMs % HOUR === 0) {
        path = `${iso.slice(0, 10)}/${iso.slice(11, 13)}/entrance`;
        mkdirSync(join(f.root, path), { recursive: true });
        dirId = dir.run(path).lastInsertRowid;
      }
      const name = `${iso.slice(14, 16)}.${iso.slice(17, 19)}.mp4`;
      const file = join(f.root, path, name);
      writeFileSync(file, '');
      utimesSync(file, at.endMs / 1000, at.endMs / 1000);
      const { ino, mtimeNs } = statSync(file, { bigint: true });
      const cover = packIntervals([{ fromMs: at.startMs, toMs: at.endMs }]);
      row.run({ ...cover, ...at, dirId, name, dueMs: at.endMs + 14 * DAY, ino, mtimeNs });
    }
  })();
}
