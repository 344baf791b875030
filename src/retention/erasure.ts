/** What the sweep asks of the disk and of the index, and what they answer. */
import type { Clip } from '../clips/clip.ts';
import type { ClipLocation, Receipt } from '../clips/store.ts';
import type { AbortFlag } from './gate.ts';
import type { Decision, DeletionReason } from './decide.ts';

/** One file to remove, with the identity it must still have, and the recorder's files that go with it. Byte strings. */
export interface Erasure {
  readonly clipId: number;
  readonly dir: string;
  readonly name: string;
  readonly ino: bigint;
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
  readonly sidecars: readonly { readonly dir: string; readonly name: string }[];
  /** What of it lies on other disks, and goes before it. */
  readonly elsewhere?: readonly Elsewhere[];
  /** A hold covers it by now: only look whether it is there. */
  readonly keep: boolean;
}

/** Something of a clip on another disk than its own: a copy in the vault, a pin of what lives on there. Byte strings. */
export interface Elsewhere {
  /** A root or the vault. */
  readonly placeId: string;
  readonly dir: string;
  readonly name: string;
}

export type Found =
  | 'unlinked'
  | 'kept' // present and asked to be kept
  | 'absent' // no such name, or a directory above it is missing
  | 'changed' // the name means another file now
  | 'refused' // EACCES, EPERM, EROFS, EBUSY, or not contained
  | 'unknown' // EIO, ESTALE, ENOTCONN, ENODEV: the disk did not say
  | 'untouched'; // told to stop before its turn

export interface ErasureResult {
  readonly clipId: number;
  readonly found: Found;
  readonly errno: string | undefined;
  /** Names the content has left elsewhere; only for `unlinked`. */
  readonly linksLeft: number;
}

/** A batch on its way: first what was unlinked (the gate opens), then whether that is durable. */
export interface ErasureRun {
  readonly unlinked: Promise<{ readonly results: readonly ErasureResult[]; readonly tookMs: number }>;
  /** Resolves to the failure when a directory could not be made durable. */
  readonly durable: Promise<{ readonly failure: string | undefined }>;
}

export interface Eraser {
  /** The root is opened and verified for this batch and closed after it; `root_refused` when it is not the one enrolled. */
  erase(rootId: string, batch: readonly Erasure[], abort: AbortFlag): ErasureRun;
}

/** A candidate for deletion: enough to group by hour and directory. */
export interface DueClip {
  readonly clipId: number;
  readonly dirId: number;
  readonly dueMs: number;
}

/** A clip that stands as `deleting`, with the intent that put it there. */
export interface PendingErasure {
  readonly intentSeq: number;
  readonly clip: Clip;
  readonly location: ClipLocation;
  readonly sidecars: Erasure['sidecars'];
  readonly elsewhere: readonly Elsewhere[];
  /** How often its deletion was refused so far. */
  readonly failCount: number;
}

export interface Outcome {
  readonly clip: Clip;
  readonly outcome: Receipt['outcome'];
  readonly reason: DeletionReason;
  readonly linksLeft: number;
  /** Retention time before which no new intent is made, for outcomes that leave the clip live. */
  readonly retryMs: number | undefined;
}

/** Counts end here. */
export const COUNTED = 100_000;

export interface SweepStore {
  /**
   * Live clips of a root due at `nowMs`, oldest first; parked and backing-off ones left out, and those of which something
   * lies on another disk that cannot be acted on now.
   */
  due(rootId: string, nowMs: number, limit: number): DueClip[];
  /** Due clips of a root that wait for another disk, at most COUNTED of them. */
  waitingElsewhere(rootId: string, nowMs: number): number;
  /** For the breaker: due clips that no hold's end has freed, and all clips of the root. */
  counts(rootId: string, nowMs: number): { readonly dueClips: number; readonly clips: number };
  /**
   * T1: re-reads each clip, lets `judge` decide, marks the deletable ones `deleting` with one intent record, and parks
   * the held ones. One durable transaction. Undefined when none was left.
   */
  begin(rootId: string, clipIds: readonly number[], judge: (clip: Clip) => Decision): number | undefined;
  /** Intents of a root that have no terminal record yet, the oldest first. */
  unfinishedIntents(rootId: string): number[];
  /** The clips of an intent that stand as `deleting`, by directory. */
  pending(intentSeq: number): PendingErasure[];
  /** Files below the derived directory that were made from these clips. */
  derivedFiles(clipIds: readonly number[]): string[];
  /**
   * T2: rows go, receipts and the terminal record are written, the rest becomes live again. Clips of the intent without
   * an outcome (the disk did not say) go over to a new intent. Nothing is done without any outcome. One durable transaction.
   */
  finish(rootId: string, intentSeq: number, outcomes: readonly Outcome[]): void;
  /** A hold ended: parked clips are looked at again. In slices of `limit`; returns how many were unparked. */
  unpark(limit: number): number;
  /** Clips of a root whose deletion was refused and is tried again later. */
  refusedClips(rootId: string): number;
  lastSweepMs(rootId: string): number | null;
  sweepCompleted(rootId: string, nowMs: number): void;
  breakerSinceMs(rootId: string): number | null;
  setBreaker(
    rootId: string,
    change: {
      readonly open: boolean;
      readonly by: string;
      readonly nowMs: number;
      readonly dueClips: number;
    },
  ): void;
  /** Empties the write-ahead log so that deleted names leave the file; false when a reader was in the way. */
  truncateLog(): boolean;
}
