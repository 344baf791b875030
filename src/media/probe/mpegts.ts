/** MPEG-2 transport streams: no header tells the length, so the clocks in the packets do. */
import type { Probe } from '../../clips/media-info.ts';
import { mediaInfo } from './info.ts';
import { KeyFrames } from './key-frames.ts';
import { LIMITS, type Reader } from './reader.ts';
import { median, onOneLine, stepsOf, TICKS_PER_MS, type Placed } from './ts-clock.ts';
import { forEachPacket, tsLayout, tsLayoutBehindJunk, type TsLayout, type Visited } from './ts-packets.ts';
import { TsScan, type TsWindow } from './ts-scan.ts';

/** How much is read from the start on (all of a usual clip), and at most from the end to find the last pictures. */
const MAX_FROM_START = LIMITS.bytes - 2 * 1024 * 1024;
const END_STEPS = [64 * 1024, 256 * 1024, 1024 * 1024];

export function probeTs(r: Reader): Probe {
  const layout = tsLayout(r) ?? tsLayoutBehindJunk(r);
  if (layout === undefined) return { ok: false, reason: 'not media', arbiter: false };
  const file = new TsFile(r, layout);
  const { scan } = file;
  file.read({ from: 0, to: Math.min(r.sizeBytes, MAX_FROM_START) });
  if (scan.video === undefined && scan.audio === undefined)
    // Behind junk, what looked like packets may have been the lines of a text, which no other program shall see.
    return layout.from < layout.packetBytes
      ? { ok: false, reason: 'no programme', arbiter: true }
      : { ok: false, reason: 'not media', arbiter: false };
  if (r.sizeBytes > MAX_FROM_START) file.readEnd();
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

/** What was read of the file. */
class TsFile {
  readonly scan = new TsScan();
  readonly windows: TsWindow[] = [];
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
  read({ from, to }: { from: number; to: number }): TsWindow {
    const window = { from, stamps: [] };
    this.scan.begin(window);
    this.#visit({ from, to });
    this.windows.push(window);
    return window;
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

  #visit(window: { from: number; to: number }): Visited {
    const visited = forEachPacket(this.#r, { ...this.#layout, window }, (p) => {
      this.scan.packet(p);
    });
    this.#end = Math.max(this.#end, visited.end);
    this.#slipped ||= visited.slipped;
    return visited;
  }
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
