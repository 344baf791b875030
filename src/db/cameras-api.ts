/** What the API tells about cameras beyond their clips: which record now, and where footage was deleted. */
import { merge, type TimeRange } from '../base/range.ts';
import type { Db } from './open.ts';
import { GONE } from './receipts.ts';

export interface CameraFacts {
  /** Ids of cameras with a file that is still being written. */
  recording(): ReadonlySet<string>;
  /** Spans of the window whose footage was deleted, by its receipts; spans closer than `joinMs` are joined. */
  deletedSpans(cameraId: string, window: TimeRange, joinMs: number): TimeRange[];
}

/** A clip may have begun this much before the window and still reach into it. */
const LOOK_BACK_MS = 2 * 3_600_000;

export function createCameraFacts(db: Db): CameraFacts {
  const recording = db
    .prepare<[], string>(
      'SELECT DISTINCT c.id FROM clip JOIN camera c ON c.n = clip.camera_n WHERE clip.state = 0',
    )
    .pluck();
  // Islands: a receipt begins one when it starts later than everything before it ended, plus the joining distance.
  const deleted = db.prepare<unknown[], { fromMs: number; toMs: number }>(
    `WITH mine AS (
       SELECT start_ms, end_ms, max(end_ms) OVER (ORDER BY start_ms, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach
       FROM receipt
       WHERE camera_n = (SELECT n FROM camera WHERE id = @cameraId) AND start_ms >= @fromMs - @lookBackMs AND start_ms < @toMs
         AND outcome IN ${GONE}
     ), numbered AS (
       SELECT start_ms, end_ms, sum(reach IS NULL OR start_ms > reach + @joinMs) OVER (ORDER BY start_ms, end_ms) AS island FROM mine
     )
     SELECT max(min(start_ms), @fromMs) AS fromMs, min(max(end_ms), @toMs) AS toMs FROM numbered GROUP BY island ORDER BY 1`,
  );
  return {
    recording: () => new Set(recording.all()),
    deletedSpans: (cameraId, window, joinMs) =>
      merge(deleted.all({ cameraId, ...window, joinMs, lookBackMs: LOOK_BACK_MS })),
  };
}
