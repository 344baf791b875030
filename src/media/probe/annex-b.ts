/** Pictures with start codes (H.264 and HEVC Annex B, MPEG-1, 2 and 4), as transport streams carry them. */
import { sizeFromH264, sizeFromHevc, type PictureSize } from './sps.ts';
import { sizeFromVol } from './mpegts/vol.ts';

const START_CODE = Buffer.from([0, 0, 1]);
const MPEG2_SEQUENCE = 0xb3;
const MPEG2_PICTURE = 0x00;
/** Follows each sequence header of MPEG-2, and none of MPEG-1. */
const MPEG2_EXTENSION = 0xb5;
const MPEG4_PICTURE = 0xb6;

/**
 * Whether decoding can begin at a picture, by a part of its beginning: it brings parameter sets or is intra-coded.
 * Undefined when this part shows neither that nor the picture itself.
 */
export function isKeyPicture(data: Buffer, codec: string | null): boolean | undefined {
  for (let at = nextUnit(data, 0); at !== undefined; at = nextUnit(data, at)) {
    const kind = KIND_OF_UNIT[codec ?? '']?.(data.readUInt8(at), data[at + 1]);
    if (kind !== undefined) return kind;
  }
  return undefined;
}

/** True: of a key picture; false: the coded picture itself, no key; undefined: goes before pictures of both kinds. */
const KIND_OF_UNIT: Readonly<Record<string, (header: number, next?: number) => boolean | undefined>> = {
  h264: (header) => {
    const type = header & 31;
    return type === 5 || type === 7 ? true : type === 1 || type === 2 ? false : undefined;
  },
  hevc: (header) => {
    const type = (header >> 1) & 63;
    if ((type >= 16 && type <= 21) || type === 32 || type === 33) return true;
    return type < 16 ? false : undefined;
  },
  mpeg2video: mpeg2Kind,
  mpeg1video: mpeg2Kind,
  // The first two bits of the picture: 0 is intra-coded.
  mpeg4: (header, next) => (header === MPEG4_PICTURE && next !== undefined ? next >> 6 === 0 : undefined),
};

function mpeg2Kind(header: number): boolean | undefined {
  return header === MPEG2_SEQUENCE ? true : header === MPEG2_PICTURE ? false : undefined;
}

/** The size by the first whole parameter set in `data`; undefined while there is none. */
export function pictureSizeIn(data: Buffer, codec: string | null): PictureSize | undefined {
  const size = SIZE_OF_UNIT[codec ?? ''];
  if (size === undefined) return undefined;
  for (let at = nextUnit(data, 0); at !== undefined; at = nextUnit(data, at)) {
    const end = data.indexOf(START_CODE, at);
    // A unit that is cut may say anything.
    if (end < 0) return undefined;
    const found = size(data.subarray(at, end));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Undefined for what is no parameter set, or one that does not parse. */
const SIZE_OF_UNIT: Readonly<Record<string, (unit: Buffer) => PictureSize | undefined>> = {
  h264: sizeFromH264,
  hevc: sizeFromHevc,
  mpeg2video: sequenceSize,
  mpeg1video: sequenceSize,
  mpeg4: (unit) => ((unit[0] ?? 0) >> 4 === 2 ? sizeFromVol(unit.subarray(1)) : undefined),
};

/** Which of the two it is, by what follows the sequence header in `data`: programme maps do not tell them apart. */
export function mpegVideoIn(data: Buffer): 'mpeg1video' | 'mpeg2video' | undefined {
  for (let at = nextUnit(data, 0); at !== undefined; at = nextUnit(data, at)) {
    if (data.readUInt8(at) !== MPEG2_SEQUENCE) continue;
    const next = nextUnit(data, at);
    if (next === undefined) return undefined;
    return data.readUInt8(next) === MPEG2_EXTENSION ? 'mpeg2video' : 'mpeg1video';
  }
  return undefined;
}

/** Twelve bits each (13818-2, 6.2.2.1). */
function sequenceSize(unit: Buffer): PictureSize | undefined {
  if (unit.length < 4 || unit.readUInt8(0) !== MPEG2_SEQUENCE) return undefined;
  const bits = unit.readUIntBE(1, 3);
  return { widthPx: bits >> 12, heightPx: bits & 0xfff };
}

/** Index of the byte behind the next start code, undefined when there is none. */
function nextUnit(data: Buffer, from: number): number | undefined {
  const at = data.indexOf(START_CODE, from);
  return at < 0 || at + 3 >= data.length ? undefined : at + 3;
}
