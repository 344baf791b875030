/**
 * What the scan asks of the index about one root. db/ingest/reader.ts implements it on a connection of its own; every
 * call is one short read of the last commit.
 */
import type { Sight } from './change.ts';
import type { ClipState } from './clip.ts';

/** What the index knows of a name. */
export interface KnownClip extends Sight {
  readonly id: number;
  readonly name: string;
  readonly state: ClipState;
  /** Wall clock of the scan that first (`lost_once`) or last (`missing`) missed it; null: it was there. */
  readonly missingMs: number | null;
  /** Missing in two scans already. */
  readonly missedTwice: boolean;
}

/** A row that could be the new name of a file that vanished from its old one. */
export interface Candidate extends Sight {
  readonly id: number;
  readonly fingerprint: string | null;
}

export interface KnownDir {
  readonly id: number;
  readonly path: string;
  readonly scanMtimeNs: bigint | null;
}

export interface KnownName {
  readonly id: number;
  readonly name: string;
}

/** Consecutive names of a directory: those in (after, upTo]; null is the open end. */
export interface NameRange {
  readonly after: string | null;
  readonly upTo: string | null;
}

/** Rows read at once: no reader keeps the index from being truncated for long. */
export const PAGE_ROWS = 1000;

/** All rows of a range of names, page by page. */
export function* paged<T extends { readonly name: string }>(
  read: (range: NameRange) => readonly T[],
  range: NameRange,
): Generator<T> {
  for (let page = read(range); page.length > 0;) {
    yield* page;
    const after = page.at(-1)?.name ?? null;
    page = page.length < PAGE_ROWS ? [] : read({ after, upTo: range.upTo });
  }
}

export interface KnownRoot {
  dir(path: string): KnownDir | undefined;
  /** Directories with an id above `afterId`, ascending, a page at a time. */
  dirsAfter(afterId: number): KnownDir[];
  /** By name, at most PAGE_ROWS from the start of the range. */
  clipsIn(dirId: number, range: NameRange): KnownClip[];
  clip(dirId: number, name: string): KnownClip | undefined;
  /** By name, at most PAGE_ROWS from the start of the range. */
  sidecarsIn(dirId: number, range: NameRange): KnownName[];
  hasSidecar(dirId: number, name: string): boolean;
  /** The fingerprint of a finished clip; null while recording. */
  fingerprint(clipId: number): string | null;
  /** Of the camera's videos that start before `notAfterMs`, the latest start; null when there is none. */
  newestStartMs(cameraId: string, notAfterMs: number): number | null;
  /** Finished clips that are thought to be there. */
  clipCount(): number;
  candidate(clipId: number): Candidate | undefined;
  /** Clips with an id above `afterId`, ascending, a page at a time. */
  candidatesAfter(afterId: number): Candidate[];
  /** Whether the list of unowned files already says this of the path, or is full. */
  saysUnowned(what: { readonly path: string; readonly reason: string; readonly sizeBytes: number }): boolean;
  /** All paths of that list; it is bounded. */
  unownedPaths(): string[];
}
