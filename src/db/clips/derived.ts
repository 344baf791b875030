/** Files made from clips, below the state's derived directory. */
import type { PosterStore } from '../../clips/posters.ts';
import type { Db } from '../open.ts';

export function createPosterStore(db: Db, nowMs: () => number): PosterStore {
  const find = db.prepare<[number], { file: string }>(
    "SELECT file FROM derived WHERE clip_id = ? AND kind = 'poster' LIMIT 1",
  );
  const register = db.prepare(
    `INSERT INTO derived (clip_id, kind, file, made_ms)
     SELECT id, 'poster', @file, @now FROM clip WHERE id = @clip AND state IN (0, 1)`,
  );
  const drop = db.prepare('DELETE FROM derived WHERE file = ?');
  const files = db.prepare<[], { file: string }>('SELECT file FROM derived');
  return {
    find: (clipId) => find.get(clipId)?.file,
    register: (clipId, file) => register.run({ clip: clipId, file, now: nowMs() }).changes === 1,
    drop: (file) => {
      drop.run(file);
    },
    files: () => new Set(files.all().map((r) => r.file)),
  };
}
