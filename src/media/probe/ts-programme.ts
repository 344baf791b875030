/** Which packets carry pictures and sound: programme association and programme map (13818-1, 2.4.4). */
import { fourcc } from './boxes.ts';
import { codecOfStreamType } from './codecs.ts';

export interface ElementaryStream {
  readonly pid: number;
  readonly codec: string | null;
}

const STREAM_OF_PRIVATE_DATA = 0x06;
const VIDEO_TYPES = new Set([0x01, 0x02, 0x10, 0x1b, 0x24, 0x33, 0xea]);
const AUDIO_TYPES = new Set([0x03, 0x04, 0x0f, 0x11, 0x81, 0x82, 0x87]);

/** Codecs that descriptors of private data announce: by tag, or by the registration's four characters. */
const BY_TAG = new Map([
  [0x6a, 'ac3'],
  [0x7a, 'eac3'],
]);
const REGISTRATION = 0x05;
const BY_REGISTRATION = new Map([
  [fourcc('AC-3'), 'ac3'],
  [fourcc('EAC3'), 'eac3'],
  [fourcc('Opus'), 'opus'],
  [fourcc('HEVC'), 'hevc'],
]);

/** PID of the map of the first programme in a PAT packet's payload; undefined when it is none. */
export function programmeMapPid(payload: Buffer): number | undefined {
  const section = sectionOf(payload, 0x00);
  if (section === undefined) return undefined;
  for (let at = 8; at + 4 <= section.length - 4; at += 4) {
    if (section.readUInt16BE(at) !== 0) return section.readUInt16BE(at + 2) & 0x1fff;
  }
  return undefined;
}

/**
 * First picture and first sound stream of a PMT packet's payload. A map that spans packets (dozens of streams, not a
 * camera's) is read as far as its first packet goes.
 */
export function streamsOf(
  payload: Buffer,
): { video?: ElementaryStream; audio?: ElementaryStream } | undefined {
  const section = sectionOf(payload, 0x02);
  if (section === undefined || section.length < 12) return undefined;
  const streams: { video?: ElementaryStream; audio?: ElementaryStream } = {};
  for (let at = 12 + (section.readUInt16BE(10) & 0xfff); at + 5 <= section.length - 4;) {
    const type = section.readUInt8(at);
    const pid = section.readUInt16BE(at + 1) & 0x1fff;
    const end = at + 5 + (section.readUInt16BE(at + 3) & 0xfff);
    const kept = codecOfPrivate(type, section.subarray(at + 5, end));
    const codec = kept ?? codecOfStreamType(type);
    if (VIDEO_TYPES.has(type) || kept === 'hevc') streams.video ??= { pid, codec };
    else if (AUDIO_TYPES.has(type) || kept !== null) streams.audio ??= { pid, codec };
    at = end;
  }
  return streams;
}

function codecOfPrivate(type: number, descriptors: Buffer): string | null {
  if (type !== STREAM_OF_PRIVATE_DATA) return null;
  for (let at = 0; at + 2 <= descriptors.length; at += 2 + descriptors.readUInt8(at + 1)) {
    const tag = descriptors.readUInt8(at);
    const named = tag === REGISTRATION && at + 6 <= descriptors.length ? descriptors.readUInt32BE(at + 2) : 0;
    const codec = BY_TAG.get(tag) ?? BY_REGISTRATION.get(named);
    if (codec !== undefined) return codec;
  }
  return null;
}

/** The section that begins in a payload, cut at the payload's end; undefined when it is of another table. */
function sectionOf(payload: Buffer, table: number): Buffer | undefined {
  const from = payload.length === 0 ? 1 : 1 + payload.readUInt8(0);
  if (from + 8 > payload.length || payload.readUInt8(from) !== table) return undefined;
  const length = 3 + (payload.readUInt16BE(from + 1) & 0xfff);
  // A map cut at the packet's end has no checksum there: leave room for one, so that no entry is read half.
  return payload.subarray(from, from + length);
}
