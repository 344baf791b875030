/** What the API tells about cameras beyond their clips: which record now, and where footage was deleted. */
import { MINUTE_MS } from '../../base/clock.ts';
import type { TimeRange } from '../../base/range.ts';
import { DeletedSpans } from './cameras-api-deleted.ts';
import type { Db } from '../open.ts';

export interface CameraFacts {
  /** Ids of cameras with a file that was written to in the minutes before `wallMs`. */
  recording(wallMs: number): ReadonlySet<string>;
  /** Spans of the window whose footage was deleted, by its receipts, merged; those closer than a minute are one. */
  deletedSpans(cameraId: string, window: TimeRange): TimeRange[];
}

/** A recorder flushes at least this often; a file that is quiet for longer is finished, or its camera has failed. */
const STILL_MS = 3 * MINUTE_MS;

export function createCameraFacts(db: Db): CameraFacts {
  const recording = db
    .prepare<[bigint], string>(
      'SELECT DISTINCT c.id FROM clip JOIN camera c ON c.n = clip.camera_n WHERE clip.state = 0 AND clip.mtime_ns > ?',
    )
    .pluck();
  const deleted = new DeletedSpans(db);
  return {
    recording: (wallMs) => new Set(recording.all(BigInt(Math.round(wallMs) - STILL_MS) * 1_000_000n)),
    deletedSpans: (cameraId, window) => deleted.of(cameraId, window),
  };
}
