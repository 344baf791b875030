/** MPEG-2 transport streams: no header tells the length, so the clocks in the packets do. */
import type { Probe } from '../../clips/media-info.ts';
import { mediaInfo } from './info.ts';
import { LIMITS, type Reader } from './reader.ts';
import { isKeyPicture, pictureSizeIn } from './annex-b.ts';
import { KeyFrames } from './key-frames.ts';
import type { PictureSize } from './sps.ts';
import { forEachPacket, tsLayout, tsLayoutBehindJunk, type TsLayout, type TsPacket, type Visited } from './ts-packets.ts';
import { programmeMapPid, streamsOf, type ElementaryStream } from './ts-programme.ts';

/** How much is read from the start on (all of a usual clip), and at most from the end to find the last pictures. */
const MAX_FROM_START = LIMITS.bytes - 2 * 1024 * 1024;
const END_STEPS = [64 * 1024, 256 * 1024, 1024 * 1024];

/** Ticks of the presentation clock in a millisecond, and where its 33 bits wrap. */
const TICKS_PER_MS = 90;
const WRAP = 2 ** 33;

/** Bytes of a picture in which its parameter sets are looked for. */
const MAX_PICTURE_START = 2048;

export function probeTs(r: Reader): Probe {
  const layout = tsLayout(r) ?? tsLayoutBehindJunk(r);
  if (layout === undefined) return { ok: false, reason: 'not media', arbiter: false };
  const scan = new TsScan();
  const firstEnd = Math.min(r.sizeBytes, MAX_FROM_START);
  let visited = forEachPacket(r, { ...layout, window: { from: 0, to: firstEnd } }, (p) => {
    scan.packet(p);
  });
  let { slipped } = visited;
  const { video } = scan;
  if (video === undefined && scan.audio === undefined)
    // Behind junk, what looked like packets may have been the lines of a text, which no other program shall see.
    return layout.from < layout.packetBytes
      ? { ok: false, reason: 'no programme', arbiter: true }
      : { ok: false, reason: 'not media', arbiter: false };
  const whole = firstEnd === r.sizeBytes;
  if (!whole) visited = readEnd(r, layout, scan) ?? visited;
  slipped ||= visited.slipped;
  const frameRate = scan.frameRate(whole);
  const durationMs = scan.durationMs(frameRate);
  const info = mediaInfo({
    container: 'mpegts',
    durationMs,
    video: video && {
      codec: video.codec,
      size: scan.size,
      frameRate,
      keyFramesMs: scan.keyFramesMs(durationMs ?? 0),
    },
    audioCodec: scan.audioCodec,
  });
  const behind = r.sizeBytes - visited.end;
  return { ok: true, info, complete: !slipped && (behind === 0 || behind >= layout.packetBytes) };
}

/** Reads on from the end, further and further back, until a picture's time is found. */
function readEnd(r: Reader, layout: TsLayout, scan: TsScan): Visited | undefined {
  let visited: Visited | undefined;
  for (const bytes of END_STEPS) {
    const before = scan.pictures;
    const window = { from: r.sizeBytes - bytes, to: r.sizeBytes };
    visited = forEachPacket(r, { ...layout, window }, (p) => {
      scan.packet(p);
    });
    if (scan.pictures > before) break;
  }
  return visited;
}

/** What the packets told so far. Times are presentation clock ticks, unwrapped to be near one another. */
class TsScan {
  video: ElementaryStream | undefined;
  audio: ElementaryStream | undefined;
  audioCodec: string | null = null;
  size: PictureSize | undefined;
  pictures = 0;
  #mapPid: number | undefined;
  #last: number | undefined;
  #first: number | undefined;
  #end = 0;
  #lastPicture = 0;
  /** Times of the first pictures, for the frame rate. */
  readonly #times: number[] = [];
  readonly #keyFrames = new KeyFrames();
  /** Time of the picture of which it is not known yet whether it is a key frame. */
  #undecided: number | undefined;
  #start: Buffer[] = [];
  #startBytes = 0;

  packet(p: TsPacket): void {
    if (p.pid === this.video?.pid) this.#videoPacket(p);
    else if (p.pid === this.audio?.pid) this.#audioPacket(p);
    else if (p.starts && p.pid === 0) this.#mapPid ??= programmeMapPid(p.payload);
    else if (p.starts && p.pid === this.#mapPid && this.video === undefined && this.audio === undefined)
      this.#programme(p.payload);
  }

  #programme(payload: Buffer): void {
    const streams = streamsOf(payload);
    this.video = streams?.video;
    this.audio = streams?.audio;
    this.audioCodec = this.audio?.codec ?? null;
  }

  #videoPacket(p: TsPacket): void {
    const codec = this.video?.codec ?? null;
    const pes = p.starts ? pesStart(p.payload) : undefined;
    const data = pes?.data ?? p.payload;
    if (pes?.pts !== undefined) {
      this.#undecided = this.#time(pes.pts);
      this.#lastPicture = Math.max(this.#lastPicture, this.#undecided);
      this.pictures += 1;
      if (this.#times.length < MAX_TIMES) this.#times.push(this.#undecided);
    }
    this.#decide(p.randomAccess || isKeyPicture(data, codec));
    if (this.size === undefined) this.#lookForSize(data, p.starts, codec);
  }

  /** Whether the picture that began last is a key frame, as soon as its packets tell. */
  #decide(key: boolean | undefined): void {
    if (this.#undecided === undefined || key === undefined) return;
    if (key) this.#keyFrames.add(this.#undecided / TICKS_PER_MS);
    this.#undecided = undefined;
  }

  /** Gathers the beginning of each picture until its parameter sets tell the size. */
  #lookForSize(data: Buffer, starts: boolean, codec: string | null): void {
    if (starts) {
      this.#start = [];
      this.#startBytes = 0;
    }
    if (this.#startBytes >= MAX_PICTURE_START) return;
    this.#start.push(Buffer.from(data));
    this.#startBytes += data.length;
    this.size = pictureSizeIn(Buffer.concat(this.#start), codec);
  }

  #audioPacket(p: TsPacket): void {
    const pes = p.starts ? pesStart(p.payload) : undefined;
    if (pes?.pts === undefined) return;
    this.#time(pes.pts);
    // The programme map does not tell MPEG audio's layers apart, its frame header does (11172-3, 2.4.2.3).
    const layer = pes.data.length < 2 ? 0 : (pes.data.readUInt8(1) >> 1) & 3;
    if (this.audioCodec === 'mp2' && pes.data[0] === 0xff && layer === 1) this.audioCodec = 'mp3';
  }

  /** Unwraps a time to the value nearest to the one before, and keeps the first and the last. */
  #time(pts: number): number {
    const near = this.#last ?? pts;
    const ahead = (((pts - near) % WRAP) + WRAP) % WRAP;
    const at = near + (ahead < WRAP / 2 ? ahead : ahead - WRAP);
    this.#last = at;
    this.#first = Math.min(this.#first ?? at, at);
    this.#end = Math.max(this.#end, at);
    return at;
  }

  durationMs(frameRate: number | null): number | null {
    if (this.#first === undefined) return null;
    const pictureTicks = frameRate === null ? 0 : (1000 * TICKS_PER_MS) / frameRate;
    return (Math.max(this.#end, this.#lastPicture + pictureTicks) - this.#first) / TICKS_PER_MS;
  }

  /** Pictures per second; over the whole clip when all of it was read, else over its beginning. */
  frameRate(whole: boolean): number | null {
    // Pictures come in the order of decoding: the last ones read may wait for others that were not.
    const times = this.#times.toSorted((a, b) => a - b);
    if (!whole || times.length === MAX_TIMES) times.length = Math.max(0, times.length - MAX_REORDERED);
    const [first, last] = [times[0], times.at(-1)];
    if (first === undefined || last === undefined || last <= first) return null;
    return ((times.length - 1) * TICKS_PER_MS * 1000) / (last - first);
  }

  keyFramesMs(durationMs: number): number[] {
    return this.#keyFrames.finish(-(this.#first ?? 0) / TICKS_PER_MS, durationMs);
  }
}

const MAX_TIMES = 4096;
const MAX_REORDERED = 16;

/** A PES packet's presentation time and where its data begins (13818-1, 2.4.3.6). */
function pesStart(payload: Buffer): { pts?: number; data: Buffer } | undefined {
  if (payload.length < 9 || payload.readUIntBE(0, 3) !== 1) return undefined;
  const data = payload.subarray(9 + payload.readUInt8(8));
  if ((payload.readUInt8(7) & 0x80) === 0 || payload.length < 14) return { data };
  const high = (payload.readUInt8(9) >> 1) & 7;
  const middle = payload.readUInt16BE(10) >> 1;
  const low = payload.readUInt16BE(12) >> 1;
  return { pts: high * 2 ** 30 + middle * 2 ** 15 + low, data };
}
