/** Which packets carry pictures and sound: programme association and programme map (13818-1, 2.4.4). */
import { fourcc } from '../boxes.ts';
import { codecOfStreamType } from '../codecs.ts';

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
  [fourcc('BSSD'), 's302m'],
]);

/** Sound of Blu-ray's own stream types; they mean something else without this registration of the programme. */
const HDMV = fourcc('HDMV');
const BY_HDMV_TYPE = new Map([
  [0x80, 'pcm_bluray'],
  [0x83, 'truehd'],
  [0x84, 'eac3'],
  [0x85, 'dts'],
  [0x86, 'dts'],
  [0xa1, 'eac3'],
  [0xa2, 'dts'],
]);

/** Programmes of a stream that are looked at; a camera's has one. */
const MAX_PROGRAMMES = 16;

/** PIDs of the programmes' maps in a PAT packet's payload, at most MAX_PROGRAMMES; none when it is no PAT. */
export function programmeMapPids(payload: Buffer): number[] {
  const section = sectionOf(payload, 0x00);
  const pids: number[] = [];
  if (section === undefined) return pids;
  for (let at = 8; at + 4 <= section.length - 4 && pids.length < MAX_PROGRAMMES; at += 4) {
    if (section.readUInt16BE(at) !== 0) pids.push(section.readUInt16BE(at + 2) & 0x1fff);
  }
  return pids;
}

/** First picture and first sound stream of a programme. */
export interface ProgrammeStreams {
  video?: ElementaryStream;
  audio?: ElementaryStream;
}

/**
 * The streams of a PMT packet's payload. A map that spans packets (dozens of streams, not a camera's) is read as far as
 * its first packet goes.
 */
export function streamsOf(payload: Buffer): ProgrammeStreams | undefined {
  const section = sectionOf(payload, 0x02);
  if (section === undefined || section.length < 12) return undefined;
  const streams: ProgrammeStreams = {};
  const first = 12 + (section.readUInt16BE(10) & 0xfff);
  const hdmv = registrations(section.subarray(12, first)).includes(HDMV);
  for (let at = first; at + 5 <= section.length - 4;) {
    const type = section.readUInt8(at);
    const pid = section.readUInt16BE(at + 1) & 0x1fff;
    const end = at + 5 + (section.readUInt16BE(at + 3) & 0xfff);
    const { kind, codec } = streamOf(type, { descriptors: section.subarray(at + 5, end), hdmv });
    if (kind !== undefined) streams[kind] ??= { pid, codec };
    at = end;
  }
  return streams;
}

function streamOf(
  type: number,
  { descriptors, hdmv }: { descriptors: Buffer; hdmv: boolean },
): { kind?: 'video' | 'audio'; codec: string | null } {
  const kept = hdmv ? (BY_HDMV_TYPE.get(type) ?? null) : codecOfPrivate(type, descriptors);
  const codec = kept ?? codecOfStreamType(type);
  if (VIDEO_TYPES.has(type) || kept === 'hevc') return { kind: 'video', codec };
  return AUDIO_TYPES.has(type) || kept !== null ? { kind: 'audio', codec } : { codec };
}

function codecOfPrivate(type: number, descriptors: Buffer): string | null {
  if (type !== STREAM_OF_PRIVATE_DATA) return null;
  for (let at = 0; at + 2 <= descriptors.length; at += 2 + descriptors.readUInt8(at + 1)) {
    const codec = BY_TAG.get(descriptors.readUInt8(at));
    if (codec !== undefined) return codec;
  }
  return (
    registrations(descriptors)
      .map((name) => BY_REGISTRATION.get(name))
      .find((c) => c !== undefined) ?? null
  );
}

/** The four characters of each registration among the descriptors. */
function registrations(descriptors: Buffer): number[] {
  const names: number[] = [];
  for (let at = 0; at + 6 <= descriptors.length; at += 2 + descriptors.readUInt8(at + 1)) {
    if (descriptors.readUInt8(at) === REGISTRATION) names.push(descriptors.readUInt32BE(at + 2));
  }
  return names;
}

/** The section that begins in a payload, cut at the payload's end; undefined when it is of another table. */
function sectionOf(payload: Buffer, table: number): Buffer | undefined {
  const from = payload.length === 0 ? 1 : 1 + payload.readUInt8(0);
  if (from + 8 > payload.length || payload.readUInt8(from) !== table) return undefined;
  const length = 3 + (payload.readUInt16BE(from + 1) & 0xfff);
  // A map cut at the packet's end has no checksum there: leave room for one, so that no entry is read half.
  return payload.subarray(from, from + length);
}
