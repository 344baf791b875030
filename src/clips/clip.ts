/** A clip: one file of footage of one camera, from the first sight of its name until its receipt. */
import type { TimeRange } from '../base/range.ts';

export type ClipKind = 'video' | 'still';

/**
 * recording -> live -> deleting -> (row gone, receipt stays)
 *                 \-> gone_external (the recorder or a person removed it; row kept until its due moment has passed)
 * `deleting` is entered only with a recorded intent and left only with a terminal record.
 */
export type ClipState = 'recording' | 'live' | 'deleting' | 'gone_external';

/** Where the end of the recording was taken from. */
export type EndFrom = 'name' | 'mtime' | 'first_seen';

/** What is peculiar about a clip; shown to people, counted in metrics. */
export type ClipFlag =
  | 'unreadable' // no probe could read it
  | 'truncated' // quiet for an hour, structure incomplete
  | 'time_disagrees' // name and mtime are too far apart: the end is the mtime
  | 'undatable' // no believable time: first seen finished counts
  | 'ambiguous_hour' // a local name in the autumn hour
  | 'gap_hour' // a local name in the spring gap, shifted
  | 'provisional_time' // seen while the clock was in doubt
  | 'overlong' // grows for more than 24 h
  | 'lost_once' // missing in one reconcile
  | 'missing'; // missing in two reconciles

export interface Clip {
  readonly id: number;
  readonly rootId: string;
  readonly cameraId: string;
  readonly kind: ClipKind;
  readonly state: ClipState;
  /** Best believed range of the recording, for showing and for coverage. */
  readonly startMs: number;
  readonly endMs: number;
  readonly endFrom: EndFrom;
  /** Candidate intervals: a hold that touches one of them covers the clip. Never empty. */
  readonly intervals: readonly TimeRange[];
  /** When retention ends; null while recording, unless it grows for more than a day: then its oldest part's. */
  readonly dueMs: number | null;
  readonly firstSeenMs: number;
  readonly finishedMs: number | null;
  readonly sizeBytes: number;
  readonly flags: readonly ClipFlag[];
}
