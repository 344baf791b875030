/** Pictures with start codes (H.264 and HEVC Annex B, MPEG-2), as transport streams carry them. */
import { sizeFromH264, sizeFromHevc, type PictureSize } from './sps.ts';

const START_CODE = Buffer.from([0, 0, 1]);
const MPEG2_SEQUENCE = 0xb3;
const MPEG2_PICTURE = 0x00;

/**
 * Whether decoding can begin at a picture, by a part of its beginning: it brings parameter sets or is intra-coded.
 * Undefined when this part shows neither that nor the picture itself.
 */
export function isKeyPicture(data: Buffer, codec: string | null): boolean | undefined {
  for (let at = nextUnit(data, 0); at !== undefined; at = nextUnit(data, at)) {
    const kind = KIND_OF_UNIT[codec ?? '']?.(data.readUInt8(at));
    if (kind !== undefined) return kind;
  }
  return undefined;
}

/** True: of a key picture; false: the coded picture itself, no key; undefined: goes before pictures of both kinds. */
const KIND_OF_UNIT: Readonly<Record<string, (header: number) => boolean | undefined>> = {
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
};

function mpeg2Kind(header: number): boolean | undefined {
  return header === MPEG2_SEQUENCE ? true : header === MPEG2_PICTURE ? false : undefined;
}

/** The size by the first whole parameter set in `data`; undefined while there is none. */
export function pictureSizeIn(data: Buffer, codec: string | null): PictureSize | undefined {
  for (let at = nextUnit(data, 0); at !== undefined; at = nextUnit(data, at)) {
    const header = data.readUInt8(at);
    const end = data.indexOf(START_CODE, at);
    if (codec === 'mpeg2video' || codec === 'mpeg1video') {
      if (header === MPEG2_SEQUENCE && at + 4 <= data.length) return sequenceSize(data.readUIntBE(at + 1, 3));
    } else if (end > 0 && codec === 'h264' && (header & 31) === 7)
      return sizeFromH264(data.subarray(at, end));
    else if (end > 0 && codec === 'hevc' && ((header >> 1) & 63) === 33)
      return sizeFromHevc(data.subarray(at, end));
  }
  return undefined;
}

/** Twelve bits each (13818-2, 6.2.2.1). */
function sequenceSize(bits: number): PictureSize {
  return { widthPx: bits >> 12, heightPx: bits & 0xfff };
}

/** Index of the byte behind the next start code, undefined when there is none. */
function nextUnit(data: Buffer, from: number): number | undefined {
  const at = data.indexOf(START_CODE, from);
  return at < 0 || at + 3 >= data.length ? undefined : at + 3;
}
