/** AVI (RIFF, with the OpenDML extensions for files over a gigabyte). Numbers are little-endian. */
import type { Probe } from '../../clips/media-info.ts';
import { fourcc, fourccText, type Extent } from './boxes.ts';
import { audioOfWaveTag, videoOfWindowsCode } from './codecs.ts';
import { mediaInfo } from './info.ts';
import { KeyFrames } from './key-frames.ts';
import type { Reader } from './reader.ts';
import type { PictureSize } from './sps.ts';

const RIFF = fourcc('RIFF');
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
  index: Extent | undefined;
  moviWhole: boolean;
  cut: boolean;
}

export function probeAvi(r: Reader): Probe {
  const found: Found = { streams: [], index: undefined, moviWhole: false, cut: false };
  for (let at = 0; at + 12 <= r.sizeBytes;) {
    const riff = chunkAt(r, at, r.sizeBytes);
    if (riff.type !== RIFF) break; // what follows is not of this file
    if (riff.claims > r.sizeBytes || riff.claims === riff.from) found.cut = true;
    const whole = riff.claims > riff.from ? riff.to : r.sizeBytes;
    forEachChunk(r, { from: riff.from + 4, to: whole }, (chunk) => {
      visit(r, chunk, found);
    });
    at = whole + (whole & 1);
  }
  if (found.streams.length === 0) return { ok: false, reason: 'no streams', arbiter: true };
  return describe(r, found);
}

function describe(r: Reader, found: Found): Probe {
  const durationMs = Math.max(0, ...found.streams.map(lengthMs));
  const videoAt = found.streams.findIndex((s) => s.kind === 'video');
  const video = found.streams[videoAt];
  const info = mediaInfo({
    container: 'avi',
    durationMs: durationMs === 0 ? null : durationMs,
    // No claimed start: IDIT is local time without a zone.
    video: video && {
      codec: video.codec,
      size: video.size,
      frameRate: video.rate / video.scale,
      keyFramesMs: readKeyFrames(r, { found, video, videoAt }).finish(0, durationMs),
    },
    audioCodec: found.streams.find((s) => s.kind === 'audio')?.codec,
  });
  return { ok: true, info, complete: !found.cut && found.moviWhole };
}

function lengthMs(s: Stream): number {
  return s.kind === 'other' || s.rate === 0 ? 0 : (s.length * s.scale * 1000) / s.rate;
}

interface Chunk extends Extent {
  readonly type: number;
  /** Where it ends by its own account; `to` is cut at the parent's end. */
  readonly claims: number;
}

function chunkAt(r: Reader, at: number, limit: number): Chunk {
  r.count();
  const claims = at + 8 + r.u32le(at + 4);
  return { type: r.u32(at), from: at + 8, to: Math.min(claims, limit), claims };
}

/** Visits chunks, which begin at even positions. */
function forEachChunk(r: Reader, extent: Extent, visitChunk: (chunk: Chunk) => void): void {
  for (let at = extent.from; at + 8 <= extent.to;) {
    const chunk = chunkAt(r, at, extent.to);
    visitChunk(chunk);
    at = chunk.to + (chunk.to & 1);
  }
}

function visit(r: Reader, chunk: Chunk, found: Found): void {
  const list = chunk.type === LIST && chunk.from + 4 <= chunk.to ? r.u32(chunk.from) : undefined;
  const inside = { from: chunk.from + 4, to: chunk.to };
  if (list === HDRL) {
    forEachChunk(r, inside, (child) => {
      if (child.type === LIST && child.to >= child.from + 4 && r.u32(child.from) === STRL)
        readStream(r, { from: child.from + 4, to: child.to }, found);
    });
  } else if (list === MOVI) found.moviWhole ||= chunk.claims > inside.from && chunk.claims === chunk.to;
  else if (chunk.type === IDX1) found.index ??= chunk;
  if (chunk.claims > r.sizeBytes) found.cut = true;
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

interface VideoOf {
  readonly found: Found;
  readonly video: Stream;
  readonly videoAt: number;
}

/** From the OpenDML index when there is one (idx1 then covers the first gigabyte only), else from `idx1`. */
function readKeyFrames(r: Reader, of: VideoOf): KeyFrames {
  const keyFrames = new KeyFrames();
  const msPerFrame = (of.video.scale * 1000) / of.video.rate;
  let frame = 0;
  const add = (key: boolean): void => {
    if (key) keyFrames.add(frame * msPerFrame);
    frame += 1;
  };
  if (!(msPerFrame > 0 && msPerFrame < Infinity)) return keyFrames;
  r.readAhead = INDEX_READ;
  if (of.video.superIndex !== undefined) readSuperIndex(r, of.video.superIndex, add);
  else if (of.found.index !== undefined) readOldIndex(r, of, add);
  return keyFrames;
}

const AVIIF_KEYFRAME = 0x10;

/** `idx1`: chunk name, flags, offset and size of every chunk of all streams. */
function readOldIndex(r: Reader, { found, videoAt }: VideoOf, add: (key: boolean) => void): void {
  const { index } = found;
  const stream = videoAt.toString().padStart(2, '0');
  const names = new Set([fourcc(`${stream}dc`), fourcc(`${stream}db`)]);
  for (let at = index?.from ?? 0; index !== undefined && at + 16 <= index.to && !r.scarce; at += 16) {
    if (names.has(r.u32(at))) add((r.u32le(at + 4) & AVIIF_KEYFRAME) !== 0);
  }
}

const MAX_INDEXES = 256;
const DELTA_FRAME = 0x8000_0000;

/** `indx` of indexes: where each `ix##` chunk lies; its entries tell offset and size, the size's top bit "no key frame". */
function readSuperIndex(r: Reader, indx: Extent, add: (key: boolean) => void): void {
  const entries = Math.min(r.u32le(indx.from + 4), MAX_INDEXES, Math.floor((indx.to - indx.from - 24) / 16));
  for (let i = 0; i < entries; i++) {
    const at = indx.from + 24 + i * 16;
    const offset = r.u32le(at) + r.u32le(at + 4) * 2 ** 32;
    if (offset + 32 > r.sizeBytes) return;
    const chunk = chunkAt(r, offset, r.sizeBytes);
    const frames = Math.min(r.u32le(chunk.from + 4), Math.floor((chunk.to - chunk.from - 24) / 8));
    for (let n = 0; n < frames && !r.scarce; n++) {
      add((r.u32le(chunk.from + 24 + n * 8 + 4) & DELTA_FRAME) === 0);
    }
  }
}
