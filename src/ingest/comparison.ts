/** What the comparison of a directory with the index works on, and what comes of it. */
import type { Change } from '../clips/change.ts';
import type { KnownClip, KnownRoot } from '../clips/known.ts';
import type { LookMemory } from './look-memory.ts';
import type { ReadingNow } from './reading-now.ts';
import type { Moment } from './settle.ts';
import type { RootRules, Tree, TreeDir, TreeEntry } from './tree.ts';

/** What a task works with. */
export interface Compare<D extends TreeDir> {
  readonly rules: RootRules;
  readonly known: KnownRoot;
  readonly looks: LookMemory;
  readonly tree: Tree<D>;
  /** Tells the index of a change. */
  readonly emit: (change: Change) => void;
  /** Waits while too much of what was told is not in the index yet. */
  readonly room: () => Promise<void>;
  readonly now: () => Moment;
  /** Newest believable start per camera, as far as this task has seen. */
  readonly newest: Map<string, number>;
  /** Unowned paths the index names and this task has not met. */
  readonly unmet: Set<string>;
  /** Is told what is being read. */
  readonly reading: Pick<ReadingNow, 'begin' | 'end'>;
  /** Files whose content is not looked into. */
  readonly givenUp: ReadonlySet<string>;
}

export interface Names<D extends TreeDir> {
  readonly path: string;
  readonly dir: D;
  readonly entries: readonly TreeEntry[];
  /** Regular files that no row is known of, not looked at yet. */
  readonly fresh: readonly string[];
  /** Rows of names in `entries`; others are ignored. */
  readonly rows: ReadonlyMap<string, KnownClip>;
}

/** A file that the layout knows as belonging to a clip. */
export interface Sidecar {
  readonly dir: string;
  readonly name: string;
  readonly of: readonly string[];
  readonly sizeBytes: number;
}

export interface Compared {
  /** A file is still being written, or was: the directory must be listed again. */
  readonly unsettled: boolean;
  readonly sidecars: readonly Sidecar[];
  readonly unowned: number;
  /** Names that could not be looked at. */
  readonly unknown: number;
}
