/** The indexes of AVI: `idx1` behind the frames, and OpenDML's index of indexes. */
import { chunkAt } from './chunks.ts';
import { fourcc, type Extent } from '../boxes.ts';
import type { Reader } from '../reader.ts';

/** Told of each frame, in order. */
export type AddFrame = (key: boolean) => void;

/** Names of the chunks that hold pictures of stream number `stream`. */
export function pictureChunks(stream: number): ReadonlySet<number> {
  const digits = stream.toString().padStart(2, '0');
  return new Set([fourcc(`${digits}dc`), fourcc(`${digits}db`)]);
}

const AVIIF_KEYFRAME = 0x10;

/** `idx1`: chunk name, flags, offset and size of every chunk of all streams. */
export function readOldIndex(
  r: Reader,
  index: Extent,
  of: { readonly names: ReadonlySet<number>; readonly add: AddFrame },
): void {
  for (let at = index.from; at + 16 <= index.to && !r.scarce; at += 16) {
    if (of.names.has(r.u32(at))) of.add((r.u32le(at + 4) & AVIIF_KEYFRAME) !== 0);
  }
}

const MAX_INDEXES = 256;
const DELTA_FRAME = 0x8000_0000;

/**
 * `indx` of indexes: where each `ix##` chunk lies; its entries tell offset and size, the size's top bit "no key frame".
 * False when one lies beyond the end of the file.
 */
export function readSuperIndex(r: Reader, indx: Extent, add: AddFrame): boolean {
  const entries = Math.min(r.u32le(indx.from + 4), MAX_INDEXES, Math.floor((indx.to - indx.from - 24) / 16));
  for (let i = 0; i < entries; i++) {
    const at = indx.from + 24 + i * 16;
    const offset = r.u32le(at) + r.u32le(at + 4) * 2 ** 32;
    if (offset + 32 > r.sizeBytes) return false;
    const chunk = chunkAt(r, offset, r.sizeBytes);
    const frames = Math.min(r.u32le(chunk.from + 4), Math.floor((chunk.to - chunk.from - 24) / 8));
    for (let n = 0; n < frames && !r.scarce; n++) {
      add((r.u32le(chunk.from + 24 + n * 8 + 4) & DELTA_FRAME) === 0);
    }
  }
  return true;
}
