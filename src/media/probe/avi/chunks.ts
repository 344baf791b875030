/** Chunks of RIFF. Numbers are little-endian. */
import type { Extent } from '../boxes.ts';
import type { Reader } from '../reader.ts';

export interface Chunk extends Extent {
  readonly type: number;
  /** Where it ends by its own account; `to` is cut at the parent's end. */
  readonly claims: number;
}

export function chunkAt(r: Reader, at: number, limit: number): Chunk {
  r.count();
  const claims = at + 8 + r.u32le(at + 4);
  return { type: r.u32(at), from: at + 8, to: Math.min(claims, limit), claims };
}

/** Visits chunks, which begin at even positions. What `visit` returns is where the chunk ends after all. */
export function forEachChunk(r: Reader, extent: Extent, visit: (chunk: Chunk) => number | undefined): void {
  for (let at = extent.from; at + 8 <= extent.to;) {
    const chunk = chunkAt(r, at, extent.to);
    const to = visit(chunk) ?? chunk.to;
    at = to + (to & 1);
  }
}
