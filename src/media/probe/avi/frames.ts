/**
 * The frames of an AVI themselves, for a file without an index: one that was cut, is not finished, or was written where
 * nothing could be written later. Of each chunk only the beginning is looked at.
 */
import { isKeyPicture, pictureSizeIn } from '../annex-b.ts';
import type { AddFrame } from './frame-index.ts';
import { fourcc, isFourcc, type Extent } from '../boxes.ts';
import { MAX_PIECE, type Reader } from '../reader.ts';
import type { PictureSize } from '../sps.ts';

const LIST = fourcc('LIST');
const REC = fourcc('rec ');

/** A chunk's header and the beginning of its picture: what most pictures need, and what the others get. */
const BEGINNING = 64;
const LONG_BEGINNING = 1024;

export interface PicturesOf {
  readonly names: ReadonlySet<number>;
  readonly codec: string | null;
}

/**
 * Goes from chunk to chunk of `movi` and tells `of.add` of every whole picture. Returns whether it came to the end,
 * or to where the file is cut, and not to bytes that are no chunk or to where the limits come near.
 */
export function walkFrames(r: Reader, movi: Extent, of: PicturesOf & { add: AddFrame }): boolean {
  r.readAhead = BEGINNING;
  let at = movi.from;
  while (at + 8 <= movi.to && !r.scarce) {
    r.countFrame();
    const type = r.u32(at);
    if (type === LIST && at + 12 <= movi.to && r.u32(at + 8) === REC) {
      at += 12; // frames that are read together
      continue;
    }
    const to = at + 8 + r.u32le(at + 4);
    if (!isFourcc(type)) return false;
    if (to > movi.to) return true;
    if (of.names.has(type)) of.add(isKey(r, { from: at + 8, to }, of.codec));
    at = to + (to & 1);
  }
  return !r.scarce;
}

/** Codecs each of whose pictures stands for itself. */
const INTRA = new Set(['mjpeg', 'mjpegb', 'avrn', 'rawvideo', 'dvvideo']);

function isKey(r: Reader, picture: Extent, codec: string | null): boolean {
  const length = picture.to - picture.from;
  // Nothing: the picture before is shown again.
  if (length === 0 || codec === null) return false;
  if (INTRA.has(codec)) return true;
  const kindOf = codec === 'mpeg4' ? mpeg4Kind : (data: Buffer) => isKeyPicture(data, codec);
  for (const most of [BEGINNING - 8, LONG_BEGINNING]) {
    const kind = kindOf(r.bytes(picture.from, Math.min(length, most)));
    if (kind !== undefined || length <= most) return kind ?? false;
  }
  return false;
}

const VOP = Buffer.from('000001b6', 'hex');

/** MPEG-4 (ISO/IEC 14496-2, 6.2.5): whether the first picture in `data` is intra-coded; undefined while there is none. */
function mpeg4Kind(data: Buffer): boolean | undefined {
  const at = data.indexOf(VOP);
  return at < 0 || at + 4 >= data.length ? undefined : data.readUInt8(at + 4) >> 6 === 0;
}

/** Chunks at the beginning among which the first picture is looked for. */
const FIRST_CHUNKS = 16;
const PARAMETER_SETS = 512;

/**
 * The size by the first picture's own header, which the file's may give before cropping (1088 lines for 1080).
 * Undefined when that does not lie in the first 64 KiB, which are read anyway.
 */
export function sizeByPicture(r: Reader, movi: Extent, of: PicturesOf): PictureSize | undefined {
  const end = Math.min(movi.to, MAX_PIECE);
  let at = movi.from;
  for (let n = 0; n < FIRST_CHUNKS && at + 8 <= end; n++) {
    r.count();
    const length = Math.min(r.u32le(at + 4), PARAMETER_SETS);
    if (of.names.has(r.u32(at)) && length > 0)
      return at + 8 + length <= end ? pictureSizeIn(r.bytes(at + 8, length), of.codec) : undefined;
    const inside = r.u32(at) === LIST && at + 12 <= end && r.u32(at + 8) === REC;
    at += inside ? 12 : 8 + r.u32le(at + 4) + (r.u32le(at + 4) & 1);
  }
  return undefined;
}
