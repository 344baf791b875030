/** Which container the first bytes announce. */
import { fourcc } from './boxes.ts';
import type { Reader } from './reader.ts';
import { tsLayout, tsLayoutBehindJunk } from './ts-packets.ts';

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
  '00000167', // H.264 SPS, three-byte start code
  '00000127',
  '00000109', // H.264 access unit delimiter
  '00000140', // HEVC VPS
  '00000146', // HEVC access unit delimiter
];

/** A container we parse, `arbiter` for one we leave to ffprobe, undefined for what is no media. */
export function sniff(r: Reader): Container | 'arbiter' | undefined {
  const first = r.bytesUpTo(0, 12);
  if (first.length < 8) return undefined;
  const [word, second] = [first.readUInt32BE(0), first.readUInt32BE(4)];
  if (FIRST_BOXES.has(second)) return 'mp4';
  if (word === EBML) return 'matroska';
  if (word === RIFF && first.length === 12 && first.readUInt32BE(8) === AVI) return 'avi';
  if (tsLayout(r) !== undefined) return 'mpegts';
  const hex = r.bytes(0, 8).toString('hex');
  if (FOR_ARBITER.some((beginning) => hex.startsWith(beginning))) return 'arbiter';
  return tsLayoutBehindJunk(r) === undefined ? undefined : 'mpegts';
}
