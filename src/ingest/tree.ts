/**
 * What the scan needs of a disk, in its own words; disk/ fits, scan-worker.ts joins them. Synchronous: it runs in the
 * scan's own thread.
 */
import type { CompiledLayout } from '../clips/layouts/index.ts';
import type { ClipFile, Content, Sight } from '../clips/change.ts';
import type { ClipKind } from '../clips/clip.ts';
import type { NameRange } from '../clips/known.ts';

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
      readonly fresh: readonly string[];
      readonly doubtful: readonly string[];
    }
  | { readonly is: 'unchanged'; readonly path: string }
  | { readonly is: 'refused'; readonly path: string; readonly reason: 'link' | 'mount' | 'deep' }
  | { readonly is: 'unreadable'; readonly path: string; readonly errno: string };

export interface TreeOptions {
  readonly enter: (path: string) => boolean;
  readonly unchanged: (path: string, mtimeNs: bigint) => boolean;
  readonly known?: (path: string, range: NameRange) => { has(name: string): boolean };
}

/** A file met for the first time. `content`: undefined when it has changed since the scan began, or while it was read. */
export interface Met {
  readonly stat: EntryStat;
  readonly content: Content | undefined;
}

/** A root, open and verified. */
export interface Tree<D extends TreeDir> {
  walk(options: TreeOptions): Iterable<TreeStep<D>>;
  /** Opens one directory for `work`; undefined is given when it cannot be opened. */
  inDir<T>(path: string, work: (dir: D | undefined) => Promise<T>): Promise<T>;
  /**
   * Reads the content of a file of an open directory; undefined when it changed or went away meanwhile. `blindly`:
   * without looking for what it means, as of a file that no probe can read.
   */
  read(dir: D, file: ClipFile, how: { readonly blindly: boolean }): Content | undefined;
  /**
   * Opens a regular file that no row is known of and reads its content; undefined when it is none or cannot be read.
   * `sinceMs`: wall clock of the scan's begin.
   */
  meet(dir: D, name: string, how: { readonly kind: ClipKind; readonly sinceMs: number }): Met | undefined;
  /** Whether the path still leads to this root with this marker: read again, by path. */
  stillOurs(): boolean;
  close(): void;
}

/** What the configuration says of one root. */
export interface RootRules {
  readonly rootId: string;
  readonly layout: CompiledLayout;
  /** Recorder's camera name -> camera id. */
  readonly cameras: ReadonlyMap<string, string>;
}
