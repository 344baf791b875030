/** Which container the first bytes announce. */
import { fourcc } from './boxes.ts';
import type { Reader } from './reader.ts';
import { tsLayout, tsLayoutBehindJunk } from './mpegts/packets.ts';

export type Container = 'mp4' | 'matroska' | 'mpegts' | 'avi';

/** Boxes with which files of this family begin. */
const FIRST_BOXES = new Set(
  ['ftyp', 'styp', 'moov', 'mdat', 'moof', 'sidx', 'free', 'skip', 'wide', 'pnot', 'uuid'].map(fourcc),
);

const EBML = 0x1a45dfa3;
const RIFF = fourcc('RIFF');
const AVI = fourcc('AVI ');

/** Beginnings of formats that only ffprobe reads: DHAV, FLV, ASF, MPEG-PS, and H.264 or HEVC with start codes. */
const FOR_ARBITER: readonly string[] = [
  '44484156', // DHAV
  '4441485541', // DAHUA
  '464c5601', // FLV, version 1
  '3026b2758e66cf11', // ASF header object
  '000001ba', // pack header of MPEG-PS
  '000001e0', // PES of a video stream
  '00000001', // start code, four bytes
];

/** Hikvision's own header, forty bytes in front of an MPEG programme stream. */
const IMKH = fourcc('IMKH');
const PACK_HEADER = Buffer.from('000001ba', 'hex');
/** How far behind other bytes the first pack is looked for. */
const MAX_BEFORE_PACK = 4096;

/** A container we parse, `arbiter` for one we leave to ffprobe, undefined for what is no media. */
export function sniff(r: Reader): Container | 'arbiter' | undefined {
  const first = r.bytesUpTo(0, 12);
  if (first.length < 8) return undefined;
  const [word, second] = [first.readUInt32BE(0), first.readUInt32BE(4)];
  if (FIRST_BOXES.has(second)) return 'mp4';
  if (word === EBML) return 'matroska';
  if (word === RIFF && first.length === 12 && first.readUInt32BE(8) === AVI) return 'avi';
  if (tsLayout(r) !== undefined) return 'mpegts';
  if (isForArbiter(r, word, second)) return 'arbiter';
  return tsLayoutBehindJunk(r) === undefined ? undefined : 'mpegts';
}

/** `word` and `second`: the first eight bytes. */
function isForArbiter(r: Reader, word: number, second: number): boolean {
  const hex = r.bytes(0, 8).toString('hex');
  if (FOR_ARBITER.some((beginning) => hex.startsWith(beginning))) return true;
  if (word >>> 8 === 1) return isPictureUnit(word & 255, second >>> 24);
  return (word === IMKH || word === 0) && packFollows(r, word);
}

/**
 * Whether a unit of a raw stream begins so, behind a start code of three bytes: a parameter set, or, where a recording
 * begins in the middle of a group of pictures, a part of any picture. An H.264 unit has one byte of header, HEVC's two;
 * its first kind of unit is left out, for so begins an icon of Windows.
 */
function isPictureUnit(header: number, next: number): boolean {
  if (header > 0x7f) return false;
  const h264 = header & 31;
  const hevc = header >> 1;
  const hevcHeader = (header & 1) === 0 && next >= 1 && next <= 7;
  return (
    (h264 >= 1 && h264 <= 9) || (hevcHeader && ((hevc >= 1 && hevc <= 21) || (hevc >= 32 && hevc <= 40)))
  );
}

/** Whether a programme stream begins behind Hikvision's header, or behind zeros only (`word`: the first four bytes). */
function packFollows(r: Reader, word: number): boolean {
  const head = r.bytesUpTo(0, MAX_BEFORE_PACK);
  const at = head.indexOf(PACK_HEADER);
  if (at < 0 || at + 4 >= head.length) return false;
  if (word !== IMKH && head.subarray(0, at).some((byte) => byte !== 0)) return false;
  // The marks in front of the clock: MPEG-2, or MPEG-1.
  const mark = head.readUInt8(at + 4);
  return (mark & 0xc4) === 0x44 || (mark & 0xf1) === 0x21;
}
