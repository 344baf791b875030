/** MPEG-2 transport streams: no header tells the length, so the clocks in the packets do. */
import type { Probe } from '../../../clips/media-info.ts';
import { mediaInfo } from '../info.ts';
import { KeyFrames } from '../key-frames.ts';
import { LIMITS, type Reader } from '../reader.ts';
import { median, onOneLine, stepsOf, TICKS_PER_MS, type Placed } from './clock.ts';
import { forEachPacket, tsLayout, tsLayoutBehindJunk, type TsLayout } from './packets.ts';
import { TsScan, type TsWindow } from './scan.ts';

/** How much is read from the start on (all of a usual clip), and at most from the end to find the last pictures. */
const MAX_FROM_START = LIMITS.bytes - 2 * 1024 * 1024;
const END_STEPS = [64 * 1024, 256 * 1024, 1024 * 1024];

/** Of a longer file so much is read on end, for its streams and its rate; the rest in windows spread over the file. */
const BEGINNING = 2 * 1024 * 1024;

/** Of a window at a time, and at most: it ends when it has a key frame. Pictures of a camera are smaller. */
const WINDOW_STEP = 64 * 1024;
const MAX_WINDOW = 1024 * 1024;

/** Of a file of many small windows or of zeros. */
const MAX_WINDOWS = 256;

/** So many times of a window bear each other out; fewer are left out. */
const MIN_STAMPS = 3;

export function probeTs(r: Reader): Probe {
  const layout = tsLayout(r) ?? tsLayoutBehindJunk(r);
  if (layout === undefined) return { ok: false, reason: 'not media', arbiter: false };
  const file = new TsFile(r, layout);
  const { scan } = file;
  const whole = r.sizeBytes <= MAX_FROM_START;
  const beginning = file.read({ from: 0, to: whole ? r.sizeBytes : BEGINNING });
  if (!whole && !scan.hasStreams) file.readOn(beginning, MAX_FROM_START);
  if (!scan.hasStreams)
    // Behind junk, what looked like packets may have been the lines of a text, which no other program shall see.
    return layout.from < layout.packetBytes
      ? { ok: false, reason: 'no programme', arbiter: true }
      : { ok: false, reason: 'not media', arbiter: false };
  if (!whole) {
    file.readEnd();
    if (scan.video !== undefined) file.sample(MAX_FROM_START - beginning.end);
  }
  return answer(file);
}

function answer({ scan, windows, complete }: TsFile): Probe {
  const { video } = scan;
  const times = windows.toSorted((a, b) => a.from - b.from).map((w) => w.stamps);
  // The rate by what was read on end: between two windows pictures are missing.
  const pictureTicks = pictureDistance(onOneLine(times.slice(0, 1), 0));
  const placed = onOneLine(times, pictureTicks ?? 0);
  if (placed.length === 0 && scan.damagedTimes > 0)
    return { ok: false, reason: 'all times are damaged', arbiter: true };
  const durationMs = lengthMs(placed, pictureTicks ?? 0);
  const info = mediaInfo({
    container: 'mpegts',
    durationMs,
    video: video && {
      codec: scan.videoCodec,
      size: scan.size,
      frameRate: pictureTicks === null ? null : (1000 * TICKS_PER_MS) / pictureTicks,
      keyFramesMs: keyFramesMs(placed, durationMs ?? 0),
    },
    audioCodec: scan.audioCodec,
  });
  return { ok: true, info, complete };
}

/** Bytes [from, end) that were read on end. */
interface ReadWindow extends TsWindow {
  end: number;
}

/** What was read of the file. */
class TsFile {
  readonly scan = new TsScan();
  readonly windows: ReadWindow[] = [];
  readonly #r: Reader;
  readonly #layout: TsLayout;
  #slipped = false;
  #end = 0;

  constructor(r: Reader, layout: TsLayout) {
    this.#r = r;
    this.#layout = layout;
  }

  /** The last packet is whole and none in between was cut. Less than a packet behind the last is a piece of one. */
  get complete(): boolean {
    const behind = this.#r.sizeBytes - this.#end;
    return !this.#slipped && (behind === 0 || behind >= this.#layout.packetBytes);
  }

  /** Reads bytes [from, to) as a window. */
  read({ from, to }: { from: number; to: number }): ReadWindow {
    const window: ReadWindow = { from, end: from, stamps: [] };
    this.scan.begin(window);
    this.windows.push(window);
    this.readOn(window, to);
    return window;
  }

  /** Reads the window that was begun last on, up to byte `to`. */
  readOn(window: ReadWindow, to: number): void {
    const visited = forEachPacket(this.#r, { ...this.#layout, window: { from: window.end, to } }, (p) => {
      this.scan.packet(p);
    });
    this.#end = Math.max(this.#end, visited.end);
    this.#slipped ||= visited.slipped;
    // A packet that `to` cuts is read by the next call; where there are none, nothing is read twice.
    window.end = visited.end > window.end ? Math.min(visited.end, to) : to;
  }

  /** Reads on from the end, further and further back, until a picture's time is found. */
  readEnd(): void {
    for (const bytes of END_STEPS) {
      const { stamps } = this.read({ from: this.#r.sizeBytes - bytes, to: this.#r.sizeBytes });
      if (stamps.some((s) => s.kind === 'picture')) return;
      // The next one holds all of it.
      if (bytes !== END_STEPS.at(-1)) this.windows.pop();
    }
  }

  /**
   * Looks for key frames between the first and the last window, in at most `bytes`: at the half, the quarters, the
   * eighths and so on of the way, in an order that leaves them spread over the file wherever the bytes are used up.
   */
  sample(bytes: number): void {
    const [from, to] = [this.windows[0]?.end ?? 0, this.windows.at(-1)?.from ?? 0];
    let left = bytes;
    for (let n = 1; n < (to - from) / WINDOW_STEP && n <= MAX_WINDOWS; n++) {
      if (left <= 0 || this.#r.scarce) return;
      left -= this.#sampleAt(Math.floor(from + (to - from) * spread(n)), left);
    }
  }

  /** Reads from `at` on until there is a key frame; returns how many bytes that took. */
  #sampleAt(at: number, most: number): number {
    if (this.windows.some((w) => at >= w.from && at < w.end)) return 0;
    // Windows must not overlap: times that come twice look like a clock that was set back.
    const next = Math.min(...this.windows.filter((w) => w.from > at).map((w) => w.from));
    const to = Math.min(next, at + MAX_WINDOW, at + most);
    const window = this.read({ from: at, to: Math.min(to, at + WINDOW_STEP) });
    while (window.end + WINDOW_STEP <= to && !isEnough(window)) this.readOn(window, window.end + WINDOW_STEP);
    if (window.stamps.length < MIN_STAMPS) window.stamps.length = 0;
    return window.end - at;
  }
}

/** 1/2, 1/4, 3/4, 1/8, 5/8, ...: the bits of `n` behind the point, the lowest first. */
function spread(n: number): number {
  let [at, half] = [0, 0.5];
  for (let rest = n; rest > 0; rest >>= 1, half /= 2) at += (rest & 1) * half;
  return at;
}

function isEnough({ stamps }: TsWindow): boolean {
  return stamps.length >= MIN_STAMPS && stamps.some((s) => s.key);
}

/** Steps of so much of a stream's pictures are the same where nothing was lost and no picture waits to be reordered. */
const REGULAR_SHARE = 0.75;

/** From picture to picture; null when fewer than two are known. A loss or a pause does not change it. */
function pictureDistance(placed: readonly Placed[]): number | null {
  const steps = stepsOf(placed);
  const usual = median(steps);
  if (usual === undefined) return null;
  const regular = steps.filter((step) => step > usual * 0.75 && step < usual * 1.25);
  const counted = regular.length >= steps.length * REGULAR_SHARE ? regular : steps;
  return counted.reduce((sum, step) => sum + step, 0) / counted.length;
}

function lengthMs(placed: readonly Placed[], pictureTicks: number): number | null {
  if (placed.length === 0) return null;
  const end = placed.reduce(
    (last, { at, stamp }) => Math.max(last, stamp.kind === 'picture' ? at + pictureTicks : at),
    0,
  );
  return end / TICKS_PER_MS;
}

function keyFramesMs(placed: readonly Placed[], durationMs: number): number[] {
  const keyFrames = new KeyFrames();
  for (const { at, stamp } of placed) if (stamp.key) keyFrames.add(at / TICKS_PER_MS);
  return keyFrames.finish(0, durationMs);
}
