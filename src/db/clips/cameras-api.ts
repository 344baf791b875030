/** What the API tells about cameras beyond their clips: which record now, and where footage was deleted. */
import { MINUTE_MS } from '../../base/clock.ts';
import type { TimeRange } from '../../base/range.ts';
import { DeletedSpans } from './cameras-api-deleted.ts';
import type { Db } from '../open.ts';

export interface CameraFacts {
  /** Ids of cameras with a file that was written to in the minutes before `wallMs`. */
  recording(wallMs: number): ReadonlySet<string>;
  /** Where the camera's clips that are not known to be finished ended when they were last looked at, around `wallMs`. */
  growingEndsMs(cameraId: string, wallMs: number): ReadonlySet<number>;
  /** Spans of the window whose footage was deleted, by its receipts, merged; those closer than a minute are one. */
  deletedSpans(cameraId: string, window: TimeRange): TimeRange[];
}

/** A recorder flushes at least this often; a file that is quiet for longer is finished, or its camera has failed. */
const STILL_MS = 3 * MINUTE_MS;
/** And is looked at again within this: after it the index knows that the file had ended, or how it went on. */
const SETTLED_MS = MINUTE_MS;

export function createCameraFacts(db: Db): CameraFacts {
  const recording = db
    .prepare<[bigint], string>(
      'SELECT DISTINCT c.id FROM clip JOIN camera c ON c.n = clip.camera_n WHERE clip.state = 0 AND clip.mtime_ns > ?',
    )
    .pluck();
  const growing = db
    .prepare<[bigint, string], number>(
      `SELECT clip.end_ms FROM clip INDEXED BY clip_recording JOIN camera c ON c.n = clip.camera_n
       WHERE clip.state = 0 AND clip.kind = 0 AND clip.mtime_ns > ? AND c.id = ?`,
    )
    .pluck();
  const deleted = new DeletedSpans(db);
  const ns = (ms: number): bigint => BigInt(Math.round(ms)) * 1_000_000n;
  return {
    recording: (wallMs) => new Set(recording.all(ns(wallMs - STILL_MS))),
    growingEndsMs: (cameraId, wallMs) => new Set(growing.all(ns(wallMs - STILL_MS - SETTLED_MS), cameraId)),
    deletedSpans: (cameraId, window) => deleted.of(cameraId, window),
  };
}
