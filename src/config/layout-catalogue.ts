/**
 * What the configuration must know of layouts. They live in a room above this one (clips/layouts), so whoever loads a
 * configuration hands them in.
 */
import type { SourceConfig } from './config.ts';

export interface LayoutLengths {
  /** Longest clip the layout makes; null when it has no limit. */
  readonly maxClipMs: number | null;
  /** Usual length; null when events decide. */
  readonly usualClipMs: number | null;
}

export interface LayoutCatalogue {
  /** Every name a source may use, `custom` included. */
  readonly names: readonly string[];
  /** Recorders that cannot be governed file by file: name -> why, as a sentence. */
  readonly refused: ReadonlyMap<string, string>;
  /** The lengths of this source's clips. Throws a FortnightError whose sentence says what is wrong with its pattern. */
  lengths(source: SourceConfig): LayoutLengths;
}
