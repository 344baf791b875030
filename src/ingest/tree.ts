/**
 * What the scan needs of a disk and of the index, in its own words. disk/ and db/ fit; scan-worker.ts joins them.
 * Everything here is synchronous: it runs in the scan's own thread.
 */
import type { CompiledLayout } from '../clips/layouts/index.ts';
import type { ClipFile, Content, Sight } from './change.ts';
import type { KnownClip } from './diff.ts';
import type { Candidate } from './missing.ts';

export interface EntryStat extends Sight {
  readonly kind: 'file' | 'directory' | 'other';
  /** `st_mode`. */
  readonly mode: number;
}

/** An open directory of a root. */
export interface TreeDir {
  readonly fd: number;
  stat(name: string): EntryStat | undefined;
}

export interface TreeEntry {
  readonly name: string;
  readonly stat: EntryStat;
}

/** See disk/walk.ts. */
export type TreeStep<D extends TreeDir> =
  | {
      readonly is: 'chunk';
      readonly path: string;
      readonly dir: D;
      readonly mtimeNs: bigint;
      readonly after: string | null;
      readonly upTo: string | null;
      readonly entries: readonly TreeEntry[];
      readonly doubtful: readonly string[];
    }
  | { readonly is: 'unchanged'; readonly path: string }
  | { readonly is: 'refused'; readonly path: string; readonly reason: 'link' | 'mount' | 'deep' }
  | { readonly is: 'unreadable'; readonly path: string; readonly errno: string };

export interface TreeOptions {
  readonly enter: (path: string) => boolean;
  readonly unchanged: (path: string, mtimeNs: bigint) => boolean;
}

/** A root, open and verified. */
export interface Tree<D extends TreeDir> {
  walk(options: TreeOptions): Iterable<TreeStep<D>>;
  /** Opens one directory for `work`; undefined is given when it cannot be opened. */
  inDir<T>(path: string, work: (dir: D | undefined) => Promise<T>): Promise<T>;
  /** Whether the path still leads to this root with this marker: read again, by path. */
  stillOurs(): boolean;
  close(): void;
}

/** Reads the content of files of one directory, in order; undefined for one that changed or went away meanwhile. */
export type ReadContents<D extends TreeDir> = (
  dir: D,
  files: readonly ClipFile[],
) => Promise<readonly (Content | undefined)[]>;

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

/** What the index knows of one root. Each call is one short read of the last commit. */
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
  fingerprint(clipId: number): Uint8Array | null;
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

/** What the configuration says of one root. */
export interface RootRules {
  readonly rootId: string;
  readonly layout: CompiledLayout;
  /** Recorder's camera name -> camera id. */
  readonly cameras: ReadonlyMap<string, string>;
}
