/** What the rooms may ask of the index about clips. db/clips/clips.ts implements it; every call is synchronous and bounded. */
import type { TimeRange } from '../base/range.ts';
import type { Clip } from './clip.ts';
import type { MediaInfo } from './media-info.ts';

/** Where a clip's file is, for those who open it. Byte strings below the root. */
export interface ClipLocation {
  readonly rootId: string;
  readonly dir: string;
  readonly name: string;
  readonly ino: bigint;
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
}

export interface ClipPageQuery {
  readonly cameraId: string;
  readonly window: TimeRange;
  /** 1 to MAX_PAGE. */
  readonly limit: number;
  /** Last clip of the page before; absent for the first page. */
  readonly after?: { readonly startMs: number; readonly id: number };
}

export const MAX_PAGE = 500;

export interface CameraTotals {
  readonly cameraId: string;
  readonly clips: number;
  readonly bytes: number;
  /** End of the newest clip; null when there is none. */
  readonly lastEndMs: number | null;
}

/** Proof of a deletion that was. */
export interface Receipt {
  readonly clipId: number;
  readonly cameraId: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly dueMs: number;
  readonly sizeBytes: number;
  readonly outcome:
    'deleted' | 'deleted_recovered' | 'already_gone' | 'identity_changed' | 'withdrawn_held' | 'failed';
  readonly reason: 'retention' | 'hold_released';
  readonly intentSeq: number;
  readonly terminalSeq: number;
  readonly atMs: number;
}

export interface ClipReader {
  clip(id: number): Clip | undefined;
  location(id: number): ClipLocation | undefined;
  /** Probe data; undefined when the clip is unknown or unreadable. Without key frames unless asked. */
  media(id: number, withKeyFrames: boolean): MediaInfo | undefined;
  /** Clips of a camera whose recording overlaps the window, by start then id; deleted and missing ones left out. */
  page(query: ClipPageQuery): Clip[];
  /** Merged spans in which the camera has footage that is still there, clipped to the window. */
  coverage(cameraId: string, window: TimeRange): TimeRange[];
  totals(): CameraTotals[];
  /** The finished clip of a camera that ends soonest after `endMs`, parked ones (held past their due moment) left out. */
  nextLive(cameraId: string, endMs: number): Clip | undefined;
  /** Clips whose candidate intervals touch the window (holds): how many and how large. */
  covered(cameraId: string, window: TimeRange): { readonly clips: number; readonly bytes: number };
  /** Clips of a delete batch (`deleting`) that the window touches. */
  deletingIn(cameraId: string, window: TimeRange): Clip[];
  /** The receipt of a clip that was deleted, newest first by terminal record. */
  receipt(clipId: number): Receipt | undefined;
  /** Merged spans of the window whose footage was deleted, by its receipts. */
  deletedSpans(cameraId: string, window: TimeRange): TimeRange[];
  /** How many clips that overlapped the window were deleted. */
  receiptCount(cameraId: string, window: TimeRange): number;
  /** Receipts of a camera whose clip overlapped the window; at most `limit`. */
  receipts(cameraId: string, window: TimeRange, limit: number): Receipt[];
}
