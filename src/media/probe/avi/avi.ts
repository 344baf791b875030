/** AVI (RIFF, with the OpenDML extensions for files over a gigabyte). Numbers are little-endian. */
import type { Probe } from '../../../clips/media-info.ts';
import { chunkAt, forEachChunk, type Chunk } from './chunks.ts';
import { sizeByPicture, walkFrames, type PicturesOf } from './frames.ts';
import { pictureChunks, readOldIndex, readSuperIndex } from './frame-index.ts';
import { fourcc, fourccText, type Extent } from '../boxes.ts';
import { audioOfWaveTag, videoOfWindowsCode } from '../codecs.ts';
import { mediaInfo } from '../info.ts';
import { KeyFrames } from '../key-frames.ts';
import type { Reader } from '../reader.ts';
import type { PictureSize } from '../sps.ts';

const RIFF = fourcc('RIFF');
const AVIX = fourcc('AVIX');
const LIST = fourcc('LIST');
const HDRL = fourcc('hdrl');
const STRL = fourcc('strl');
const STRH = fourcc('strh');
const STRF = fourcc('strf');
const INDX = fourcc('indx');
const MOVI = fourcc('movi');
const IDX1 = fourcc('idx1');
const VIDS = fourcc('vids');
const AUDS = fourcc('auds');

const MAX_STREAMS = 16;
const INDEX_READ = 64 * 1024;

interface Stream {
  kind: 'video' | 'audio' | 'other';
  codec: string | null;
  size: PictureSize | undefined;
  /** `rate / scale` units per second; for video a unit is a frame. */
  scale: number;
  rate: number;
  length: number;
  /** OpenDML index of indexes. */
  superIndex: Extent | undefined;
}

interface Found {
  readonly streams: Stream[];
  index: Chunk | undefined;
  /** Where the frames lie; of a file over a gigabyte in several pieces. */
  readonly movis: Chunk[];
  moviWhole: boolean;
  cut: boolean;
}

export function probeAvi(r: Reader): Probe {
  const found: Found = { streams: [], index: undefined, movis: [], moviWhole: false, cut: false };
  for (let at = 0; at + 12 <= r.sizeBytes;) {
    const riff = chunkAt(r, at, r.sizeBytes);
    // What follows is not of this file.
    if (riff.type !== RIFF || (at > 0 && r.u32(riff.from) !== AVIX)) break;
    if (riff.claims > r.sizeBytes || riff.claims === riff.from) found.cut = true;
    const whole = riff.claims > riff.from ? riff.to : r.sizeBytes;
    forEachChunk(r, { from: riff.from + 4, to: whole }, (chunk) => visit(r, chunk, { found, whole }));
    at = whole + (whole & 1);
  }
  if (found.streams.length === 0) return { ok: false, reason: 'no streams', arbiter: true };
  return describe(r, found);
}

function describe(r: Reader, found: Found): Probe {
  const videoAt = found.streams.findIndex((s) => s.kind === 'video');
  const video = found.streams[videoAt];
  const whole = isWhole(found);
  const pictures = { names: pictureChunks(videoAt), codec: video?.codec ?? null };
  // Before the frames are counted: it lies in what was read for the header.
  const size = ownSize(r, found, pictures);
  const frames = video && countFrames(r, { found, video, pictures, whole });
  const durationMs = lengthOf(found, frames);
  const info = mediaInfo({
    container: 'avi',
    durationMs: durationMs === 0 ? null : durationMs,
    // No claimed start: IDIT is local time without a zone.
    video: video && {
      codec: video.codec,
      size: size ?? video.size,
      frameRate: video.rate / video.scale,
      keyFramesMs: frames?.keyFrames.finish(0, durationMs ?? Infinity) ?? [],
    },
    audioCodec: found.streams.find((s) => s.kind === 'audio')?.codec,
  });
  return { ok: true, info, complete: isWhole(found) };
}

/** As far as is known: the index of a file in pieces may yet tell of one that is missing. */
function isWhole({ cut, moviWhole }: Found): boolean {
  return !cut && moviWhole;
}

function ownSize(r: Reader, { movis }: Found, pictures: PicturesOf): PictureSize | undefined {
  const inside = pictures.codec === 'h264' || pictures.codec === 'hevc';
  return inside && movis[0] !== undefined ? sizeByPicture(r, movis[0], pictures) : undefined;
}

/**
 * What the header states, unless it cannot be true: it states nothing, or the file is shorter than it says. Then what
 * its frames last; of one too long to be walked through, or with damage on the way, by the share of its bytes that are
 * there, if that can be told.
 */
function lengthOf({ streams, movis, cut }: Found, frames: Frames | undefined): number | null {
  const statedMs = Math.max(0, ...streams.map(lengthMs));
  if (frames === undefined || (statedMs > 0 && (frames.indexed || !cut))) return statedMs;
  const countedMs = frames.count * frames.msPerFrame;
  if (frames.all) return countedMs;
  const there = movis.reduce((sum, movi) => sum + movi.to - movi.from, 0);
  const claimed = movis.reduce((sum, movi) => sum + movi.claims - movi.from, 0);
  if (statedMs > 0 && claimed >= there && claimed < NEVER_FILLED_IN) return (statedMs * there) / claimed;
  return frames.limited ? null : countedMs;
}

/** A size of all ones. */
const NEVER_FILLED_IN = 0xffff_ff00;

function lengthMs(s: Stream): number {
  return s.kind === 'other' || s.rate === 0 ? 0 : (s.length * s.scale * 1000) / s.rate;
}

interface Frames {
  readonly keyFrames: KeyFrames;
  readonly msPerFrame: number;
  count: number;
  /** An index told of them. */
  indexed: boolean;
  /** Neither damage nor a limit kept it from the last one. */
  all: boolean;
  limited: boolean;
}

/**
 * From the OpenDML index when there is one (idx1 then covers the first gigabyte only), else from `idx1`. Where there is
 * none, or none that covers a file that was cut, by the frames themselves.
 */
function countFrames(
  r: Reader,
  of: { found: Found; video: Stream; pictures: PicturesOf; whole: boolean },
): Frames {
  const { found, video, pictures } = of;
  const msPerFrame = (video.scale * 1000) / video.rate;
  const frames: Frames = {
    keyFrames: new KeyFrames(),
    msPerFrame,
    count: 0,
    indexed: true,
    all: true,
    limited: false,
  };
  if (!(msPerFrame > 0 && msPerFrame < Infinity)) return { ...frames, msPerFrame: 0 };
  const add = (key: boolean): void => {
    if (key) frames.keyFrames.add(frames.count * msPerFrame);
    frames.count += 1;
  };
  r.readAhead = INDEX_READ;
  if (of.whole && video.superIndex !== undefined) found.cut = !readSuperIndex(r, video.superIndex, add);
  else if (coversAll(found)) readOldIndex(r, found.index, { ...pictures, add });
  // Cut between two pieces: the index tells of the frames that are there, the header of all.
  frames.indexed = frames.count > 0 && (!found.cut || !of.whole);
  if (frames.count === 0)
    for (const movi of found.movis) frames.all = walkFrames(r, movi, { ...pictures, add }) && frames.all;
  frames.limited = r.scarce;
  return frames;
}

/** Whether `idx1` is there, and was written behind all the frames. */
function coversAll(found: Found): found is Found & { index: Chunk } {
  const { index, movis, moviWhole } = found;
  return index !== undefined && index.claims === index.to && movis.length === 1 && moviWhole;
}

/** Returns where the chunk ends when it does not say so itself. `whole`: the end of its RIFF. */
function visit(
  r: Reader,
  chunk: Chunk,
  { found, whole }: { found: Found; whole: number },
): number | undefined {
  const list = chunk.type === LIST && chunk.from + 4 <= whole ? r.u32(chunk.from) : undefined;
  const from = chunk.from + 4;
  if (chunk.claims > r.sizeBytes) found.cut = true;
  if (list === MOVI && chunk.claims <= from) {
    // Its size is written when the recording ends, and this one has not ended.
    found.cut = true;
    found.movis.push({ ...chunk, from, to: whole });
    return whole;
  }
  if (list === HDRL) {
    forEachChunk(r, { from, to: chunk.to }, (child) => {
      if (child.type === LIST && child.to >= child.from + 4 && r.u32(child.from) === STRL)
        readStream(r, { from: child.from + 4, to: child.to }, found);
      return undefined;
    });
  } else if (list === MOVI) {
    found.moviWhole ||= chunk.claims === chunk.to;
    found.movis.push({ ...chunk, from });
  } else if (chunk.type === IDX1) found.index ??= chunk;
  return undefined;
}

function readStream(r: Reader, strl: Extent, found: Found): void {
  if (found.streams.length >= MAX_STREAMS) return;
  const stream: Stream = {
    kind: 'other',
    codec: null,
    size: undefined,
    scale: 0,
    rate: 0,
    length: 0,
    superIndex: undefined,
  };
  let handler = 0;
  forEachChunk(r, strl, (chunk) => {
    if (chunk.type === STRH && chunk.to >= chunk.from + 36) {
      const kind = r.u32(chunk.from);
      stream.kind = kind === VIDS ? 'video' : kind === AUDS ? 'audio' : 'other';
      handler = r.u32(chunk.from + 4);
      stream.scale = r.u32le(chunk.from + 20);
      stream.rate = r.u32le(chunk.from + 24);
      stream.length = r.u32le(chunk.from + 32);
    } else if (chunk.type === STRF) readFormat(r, chunk, { stream, handler });
    else if (chunk.type === INDX) stream.superIndex = chunk;
    return undefined;
  });
  found.streams.push(stream);
}

const EXTENSIBLE = 0xfffe;

/** BITMAPINFOHEADER or WAVEFORMATEX. */
function readFormat(r: Reader, strf: Chunk, { stream, handler }: { stream: Stream; handler: number }): void {
  if (stream.kind === 'video' && strf.to >= strf.from + 20) {
    const height = r.u32le(strf.from + 8) | 0; // negative: rows from the top
    stream.size = { widthPx: r.u32le(strf.from + 4), heightPx: Math.abs(height) };
    const code = r.u32(strf.from + 16);
    stream.codec =
      code === 0
        ? 'rawvideo'
        : (videoOfWindowsCode(fourccText(code)) ?? videoOfWindowsCode(fourccText(handler)));
  } else if (stream.kind === 'audio' && strf.to >= strf.from + 16) {
    const tag = r.u16le(strf.from);
    // WAVEFORMATEXTENSIBLE: the tag proper begins a longer identifier behind it.
    const extended = tag === EXTENSIBLE && strf.to >= strf.from + 40;
    stream.codec = audioOfWaveTag(extended ? r.u16le(strf.from + 24) : tag, r.u16le(strf.from + 14));
  }
}
