/** What a person wants of the timeline; the page decides what becomes of it. */
import type { Span } from './footage.ts';
import type { View } from './scale.ts';

export interface Hover {
  readonly atMs: number;
  readonly cameraId: string | null;
  readonly onRuler: boolean;
  readonly x: number;
}

export interface Intents {
  readonly view: (view: View) => void;
  /** Glide there in a moment instead of jumping. */
  readonly glide: (view: View) => void;
  /** `scrub`: the needle is dragged, the view stays. Absent where there is nothing to play. */
  readonly seek?: (ms: number, scrub: boolean) => void;
  /** Absent where nothing can be marked. */
  readonly mark?: (marks: Span) => void;
  readonly hover: (hover: Hover | null) => void;
}
