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
  view(view: View): void;
  /** Glide there in a moment instead of jumping. */
  glide(view: View): void;
  /** `scrub`: the needle is dragged, the view stays. Absent where there is nothing to play. */
  seek?(ms: number, scrub: boolean): void;
  /** Absent where nothing can be marked. */
  mark?(marks: Span): void;
  hover(hover: Hover | null): void;
}
