/** What the metrics ask of the rooms at each scrape; app.ts joins it from them. Cheap: a scrape must not count clips. */
import type { Backlog } from '../retention/backlog.ts';
import type { DiskWatch } from '../retention/disk-watch.ts';
import type { UnownedReason } from '../clips/change.ts';
import type { BlockedReason, RootCause, RootState } from '../roots/root.ts';
import type { HeldFigures } from '../holds/keep/held-figures.ts';
import type { ErasureClass } from '../roots/storage.ts';

export interface CameraSnapshot {
  readonly cameraId: string;
  readonly clips: number;
  readonly bytes: number;
  /** End of the newest clip, UTC ms; null when there is none. */
  readonly lastEndMs: number | null;
  /** End of the oldest clip under no hold, UTC ms; null when there is none. */
  readonly oldestUnheldEndMs: number | null;
  /** Clips due for more than five minutes, under no hold, that are still there. */
  readonly overdueClips: number;
}

export interface RootSnapshot {
  readonly rootId: string;
  readonly state: RootState;
  /** Null where the state says it all. */
  readonly cause: RootCause | null;
  readonly erasure: ErasureClass;
  /** Snapshots that can be seen; null while the file system cannot be asked. */
  readonly snapshots: number | null;
  /** Null where the disks cannot be seen. */
  readonly encrypted: boolean | null;
  /** Directories that could not be listed. */
  readonly unreadableDirs: number;
  /** Null while the file system cannot be asked. */
  readonly freeBytes: number | null;
  readonly totalBytes: number | null;
  /** Wall clock of the last completed reconcile; null: none yet. */
  readonly lastReconcileMs: number | null;
  /** Files that match no configured camera: counted and shown, never deleted on a guess. */
  readonly unownedFiles: number;
  /** What the watchdog found on the disk without the index; null before its first walk. */
  readonly disk: DiskWatch | null;
  /** Null when nothing has piled up. */
  readonly backlog: Backlog | null;
  /** Of those that are listed (10,000 at most), how many of each kind. */
  readonly unownedBy: readonly { readonly reason: UnownedReason; readonly files: number }[];
  /** Clips that fit the layout but hold nothing, or have no believable time. */
  readonly oddClips: { readonly empty: number; readonly undatable: number };
}

export interface Snapshot {
  /** Now by the retention clock, UTC ms: ages are reckoned from it. */
  readonly nowMs: number;
  readonly cameras: readonly CameraSnapshot[];
  readonly roots: readonly RootSnapshot[];
  readonly blocked: readonly { readonly rootId: string; readonly reason: BlockedReason }[];
  readonly ingest: {
    /** How long the oldest change that was noticed waits to be indexed; 0 when none waits. */
    readonly lagMs: number;
    readonly queue: number;
  };
  readonly clock: { readonly unacceptedMs: number; readonly suspect: boolean };
  readonly holds: {
    readonly standing: number;
    readonly coolingOff: number;
    readonly reviewOverdue: number;
    /** Placed or widened, and no second person has confirmed it yet. */
    readonly unconfirmed: number;
    /** Of these, for longer than 72 h. */
    readonly confirmOverdue: number;
    /** A request for a release or a narrowing waits for a second person. */
    readonly pending: number;
  };
  /** What keeps held footage, as it was last counted; null before the first count. */
  readonly held: HeldFigures | null;
  /** Wall clock of the last completed sweep, UTC ms; null: none yet. */
  readonly lastSweepMs: number | null;
  /** The last deletion drill, retention clock; null: none yet. */
  readonly drill: { readonly atMs: number; readonly verdict: 'ok' | 'failed' | 'skipped' } | null;
  readonly alarms: readonly { readonly code: string }[];
}

export interface StatusSource {
  snapshot(): Snapshot;
}

/** Fills gauges from one snapshot. */
export type FillGauges = (snapshot: Snapshot) => void;
