/** Open view windows in the index, so that those a crash left are ended at the next start. */
import { purposeKey } from '../../access/purpose.ts';
import type { ViewStore } from '../../access/view-window.ts';
import type { Db } from '../open.ts';

interface LeftoverRow {
  session_id: string;
  user_name: string;
  camera_id: string;
  start_seq: number;
}

export function createViewStore(db: Db): ViewStore {
  const insert = db.prepare(
    `INSERT INTO view_window (session_id, user_name, camera_n, hour_ms, purpose, start_seq)
     SELECT @sessionId, @userName, n, @hourMs, @purpose, @startSeq FROM camera WHERE id = @cameraId`,
  );
  const remove = db.prepare('DELETE FROM view_window WHERE session_id = ? AND start_seq = ?');
  const leftovers = db.prepare<[], LeftoverRow>(
    `SELECT w.session_id, w.user_name, c.id AS camera_id, w.start_seq
     FROM view_window w JOIN camera c ON c.n = w.camera_n ORDER BY w.start_seq`,
  );
  return {
    open: ({ sessionId, userName, cameraId, hourMs, purpose, startSeq }) => {
      insert.run({ sessionId, userName, cameraId, hourMs, purpose: purposeKey(purpose), startSeq });
    },
    close: ({ sessionId, startSeq }) => {
      remove.run(sessionId, startSeq);
    },
    leftovers: () =>
      leftovers.all().map((row) => ({
        sessionId: row.session_id,
        userName: row.user_name,
        cameraId: row.camera_id,
        startSeq: row.start_seq,
      })),
  };
}
