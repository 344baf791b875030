/** What a hold finds: covered, missing, already gone. Said in every answer to a placement, and in the preview. */
import type { TimeRange } from '../base/range.ts';
import type { Receipt } from '../clips/store.ts';

export interface CameraCoverage {
  readonly cameraId: string;
  /** Footage that is there and bound, clipped to the hold's window. */
  readonly covered: readonly TimeRange[];
  /** Parts of the past window without footage, deleted ones left out. */
  readonly gaps: readonly TimeRange[];
  /** Parts whose footage was deleted before the hold, by their receipts. */
  readonly deleted: readonly TimeRange[];
  /** The part of the window that lies in the future. */
  readonly future: readonly TimeRange[];
  /** Covered share of the past part of the window, 0 to 100; null when all of it lies in the future. */
  readonly percent: number | null;
}

export interface CoverageReport {
  readonly clips: number;
  readonly bytes: number;
  /** Clips that were in a delete batch and came back to life. */
  readonly rescued: number;
  /** Clips whose unlink may have happened when the hold was placed; settled within a minute. */
  readonly outcomeUnknown: readonly number[];
  /** Clips without a second name on the disk yet. They get it in the background; in a preview none has one. */
  readonly notPinned: number;
  /** Covered share over all cameras, 0 to 100, of the past part; null when all lies in the future. */
  readonly percent: number | null;
  readonly cameras: readonly CameraCoverage[];
  /** Receipts of clips of the window that are already deleted; at most MAX_RECEIPTS, with the full count. */
  readonly deletedClips: number;
  readonly receipts: readonly Receipt[];
}

export const MAX_RECEIPTS = 100;
