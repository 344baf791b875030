/** Picture size from the video object layer header of MPEG-4 Part 2 (ISO/IEC 14496-2, 6.2.3). */
import type { PictureSize } from '../sps.ts';

/** Far more than the fields up to the size take. */
const MAX_HEADER = 64;

const RECTANGULAR = 0;
const GRAYSCALE = 3;

/** `header`: what follows the start code. Undefined when it is cut, damaged, or of no rectangle. */
export function sizeFromVol(header: Buffer): PictureSize | undefined {
  const bits = bitsOf(header.subarray(0, MAX_HEADER));
  bits(1 + 8);
  const version = bits(1) === 1 ? (bits(4 + 3) ?? 0) >> 3 : 1;
  if (bits(4) === 15) bits(16);
  if (bits(1) === 1) skipControl(bits);
  const shape = bits(2);
  if (shape === GRAYSCALE && version !== 1) bits(4);
  // A bit that is set stands around each of the fields from here on.
  let markers = bits(1) === 1;
  const marked = (field: number | undefined): number => {
    markers &&= bits(1) === 1;
    return field ?? 0;
  };
  const ticks = marked(bits(16));
  if (bits(1) === 1) bits(bitLength(ticks - 1));
  markers &&= bits(1) === 1;
  const widthPx = marked(bits(13));
  const heightPx = marked(bits(13));
  return shape === RECTANGULAR && markers ? { widthPx, heightPx } : undefined;
}

/** Chroma format and the decoder's buffer. */
function skipControl(bits: (count: number) => number | undefined): void {
  bits(2 + 1);
  if (bits(1) !== 1) return;
  for (const field of [15, 15, 15, 3 + 11, 15]) bits(field + 1);
}

/** How many bits count up to `most`, at least one. */
function bitLength(most: number): number {
  return Math.max(1, 32 - Math.clz32(Math.max(0, most)));
}

/** Takes the next bits, at most 16, from the most significant on; undefined behind the end. */
function bitsOf(bytes: Buffer): (count: number) => number | undefined {
  let at = 0;
  return (count) => {
    let value = 0;
    for (const end = at + count; at < end; at++) {
      const byte = bytes[at >> 3];
      if (byte === undefined) return undefined;
      value = value * 2 + ((byte >> (7 - (at & 7))) & 1);
    }
    return value;
  };
}
