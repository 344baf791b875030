/** When the frames of Matroska's tracks begin and end, in milliseconds on the file's time line. */
import { MS_PER_NS, type MatroskaTrack } from './ids.ts';

/** Tracks that begin further apart than this do not share a clock. */
const MAX_APART_MS = 3_600_000;

/** One track's frames as far as they were visited. */
export class Span {
  readonly track: MatroskaTrack;
  frames = 0;
  firstMs = Infinity;
  lastMs = -Infinity;
  /** Up to where every frame was counted. */
  #countedToMs = -Infinity;
  #skipped = false;

  constructor(track: MatroskaTrack) {
    this.track = track;
  }

  add(ms: number): void {
    this.firstMs = Math.min(this.firstMs, ms);
    this.lastMs = Math.max(this.lastMs, ms);
    if (this.#skipped) return;
    this.frames += 1;
    this.#countedToMs = this.lastMs;
  }

  /** A part of the clip is left out: frames from here on say nothing of the rate. */
  skip(): void {
    this.#skipped = true;
  }

  /** Frames per second, stated or counted. */
  get rate(): number | null {
    if (this.track.frameNs > 0) return 1e9 / this.track.frameNs;
    const spanMs = this.#countedToMs - this.firstMs;
    return this.frames < 2 || !(spanMs > 0) ? null : ((this.frames - 1) * 1000) / spanMs;
  }

  /** End of the last frame. How long the last block of sound is stands nowhere, unless all blocks are of one length. */
  endMs(alone: boolean): number {
    const frameMs = alone || this.track.kind === 'video' ? 1000 / (this.rate ?? Infinity) : 0;
    return this.lastMs + Math.max(frameMs, this.track.frameNs * MS_PER_NS);
  }
}

/** Pictures and sound as one; undefined when there were none. A track that has another clock than the first is left out. */
export function spanOf(spans: readonly Span[]): { firstMs: number; endMs: number } | undefined {
  const seen = spans.filter((s) => s.lastMs >= s.firstMs);
  const main = seen.find((s) => s.track.kind === 'video') ?? seen[0];
  if (main === undefined) return undefined;
  const together = seen.filter((s) => Math.abs(s.firstMs - main.firstMs) <= MAX_APART_MS);
  return {
    firstMs: Math.min(...together.map((s) => s.firstMs)),
    endMs: Math.max(...together.map((s) => s.endMs(together.length === 1))),
  };
}
