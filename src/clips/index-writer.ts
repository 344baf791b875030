/** What the ingest asks of the index. db/ingest/store.ts implements it; every call is one transaction. */
import type { Change } from './change.ts';
import type { Clip } from './clip.ts';
import type { Reading } from './layouts/index.ts';
import type { MediaInfo } from './media-info.ts';

/** What the times of clips are reckoned from while a batch is applied. */
export interface Reckoning {
  /** Retention clock. */
  readonly nowMs: number;
  readonly wallMs: number;
  readonly retentionMs: number;
  /** False while wall and retention clock differ too much: then no written time is believed. */
  readonly timesBelievable: boolean;
  /** Longest clip of the root's layout; null when it has no limit. */
  readonly maxClipMs: number | null;
  /** A person said of this root that copying reset the mtimes. */
  readonly trustNames: boolean;
}

/** What a batch brought about, for those who must know. */
export interface Applied {
  /** Clips that are in the index now and were not before. */
  readonly added: readonly number[];
  /** Clips that became finished. */
  readonly finished: readonly number[];
  /** Finished, and only ffprobe may be able to read them. */
  readonly forArbiter: readonly number[];
  /** As they were: their content was changed or replaced under their name. */
  readonly contentChanged: readonly Clip[];
  /** As they were: missing in two scans of a mass loss; gone_external not yet. */
  readonly missing: readonly Clip[];
  /** As they were: the recorder or a person removed them. */
  readonly gone: readonly Clip[];
  /** Deleted once, there again: due at once. */
  readonly returned: readonly number[];
}

export interface Slice {
  readonly afterId: number;
  readonly limit: number;
  /** What a path says; undefined when it is no clip's. */
  readonly read: (path: string) => Reading | undefined;
}

export interface IndexWriter {
  /** Applies changes of one root; those whose row is not as the scan knew it are left to the next look. */
  apply(rootId: string, changes: Iterable<Change>, at: Reckoning): Applied;
  /** Paths of recordings that are not finished; at most `limit`, the longest not looked at first. */
  recordings(rootId: string, limit: number): string[];
  /** Directories of a root that hold clips; at most `limit`, the newest first. */
  directories(rootId: string, limit: number): string[];
  /** Clips of a root that nobody deletes now and that are not gone, by id. */
  clipsOf(
    rootId: string,
    afterId: number,
    limit: number,
  ): readonly { readonly id: number; readonly recording: boolean }[];
  /** Wall clock of the last completed full reconcile; null when there was none. */
  lastFullMs(rootId: string): number | null;
  /**
   * Flags recordings first seen before `beforeMs`; those that were not flagged yet are returned. What they hold is due
   * from first seen + retention on: they are not served from then, and deleted when they are finished.
   */
  flagOverlong(beforeMs: number, retentionMs: number): Clip[];
  /** Removes rows of clips that the recorder removed and whose due moment has passed; how many. At most `limit`. */
  purgeGone(nowMs: number, limit: number): number;
  /** Notes what ffprobe made of a clip; what a probe in process found before stays. */
  setMedia(clipId: number, info: MediaInfo): void;
  /** Notes a completed full reconcile. */
  reconciled(rootId: string, at: { readonly wallMs: number; readonly unownedFiles: number }): void;
  /** Records that clips are missing in numbers, once per loss. `held`: ids of those a hold covers. */
  recordLoss(rootId: string, loss: { readonly clips: number; readonly held: readonly number[] }): void;
  /**
   * Reckons the times of finished clips again, because a person trusts their names: a slice of those with an id above
   * `afterId`. The last id of the slice; undefined when there was none.
   */
  reckonAgain(rootId: string, slice: Slice, at: Reckoning): number | undefined;
}
