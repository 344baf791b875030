/** A recorder as data. One file per recorder or family in `recorders/`. */

export interface LayoutExample {
  /** Path below the root, as text. */
  readonly path: string;
  readonly camera: string;
  /** Zone the example is read in. */
  readonly zone: string;
  /** Start in UTC, ISO 8601; undefined where the path tells none. */
  readonly start: string | undefined;
}

export interface Recorder {
  readonly name: string;
  readonly title: string;
  /** What its names tell: UTC, the recorder's local time, or an exact moment (epoch, offset). */
  readonly zoneRule: 'utc' | 'local' | 'exact';
  /** Extension `format` writes; every extension of `files.ts` is read. */
  readonly ext: string;
  /** Patterns of clips, the recorder's default first. */
  readonly clips: readonly string[];
  /**
   * Directories of one camera besides those of `clips`: videos there without a time in their name are clips dated by
   * mtime, pictures are sidecars or stills.
   */
  readonly homes?: readonly string[];
  /** Patterns of stills that name their camera elsewhere than `clips` do. */
  readonly stills?: readonly string[];
  /** Patterns of files the recorder is still making. */
  readonly unfinished?: readonly string[];
  /** Patterns of the recorder's own data without pictures of people. */
  readonly companions?: readonly string[];
  /** Files of `dir` that belong to one of the clips `of` (same directory, written with `{serial}` of `dir`). */
  readonly attached?: { readonly dir: string; readonly of: readonly string[] };
  /** Directories that stop receiving files at the date in their path, where `clips` does not tell rightly. */
  readonly closing?: readonly string[] | undefined;
  readonly usualClipMs: number | null;
  readonly maxClipMs: number | null;
  readonly finishedBy: 'final_name' | 'none';
  readonly examples: readonly LayoutExample[];
}
