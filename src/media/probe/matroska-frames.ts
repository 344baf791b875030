/**
 * What Matroska's frames tell where its header and index do not: length, frame rate, key frames. Only block headers are
 * visited. A clip too long for the limits is walked from its start and then from its last cluster.
 */
import type { Extent } from './boxes.ts';
import { element, forEachElement, uintOf, vint, type Element } from './ebml.ts';
import { KeyFrames } from './key-frames.ts';
import { ID, MS_PER_NS, type Segment } from './matroska-ids.ts';
import { MAX_PIECE, type Reader } from './reader.ts';

/** Frames that suffice for the rate when nothing else has to be found. */
const ENOUGH_FRAMES = 128;

/** Elements inside a block group. */
const MAX_GROUP = 64;

/** How far from the end the last cluster of a live stream is looked for. */
const MAX_SEARCH = 512 * 1024;

const CLUSTER_ID = Buffer.from('1f43b675', 'hex');

export class FrameWalk {
  /** False when the last element of a live stream is cut. */
  whole = true;
  readonly #r: Reader;
  readonly #segment: Segment;
  readonly #video: number | undefined;
  readonly #keyFrames = new KeyFrames();
  #frames = 0;
  /** Video times in milliseconds: of the first frame, the last of the first part, and the last at all. */
  #firstMs = Infinity;
  #countedToMs = -Infinity;
  #lastMs = -Infinity;
  #clusterTicks = 0;

  constructor(r: Reader, segment: Segment) {
    this.#r = r;
    this.#segment = segment;
    this.#video = segment.tracks.find((t) => t.kind === 'video')?.number;
    const stated = segment.tracks.some((t) => t.kind === 'video' && t.frameNs > 0);
    const all = segment.durationMs === null || segment.cues === undefined;
    if (all) this.#walkAll();
    else if (!stated) this.#walkSome();
    if (segment.liveFrom !== undefined && !all) this.whole = this.#reachesEnd(segment.liveFrom);
  }

  durationMs(): number | null {
    if (this.#lastMs < this.#firstMs) return null;
    const rate = this.frameRate();
    return this.#lastMs - this.#firstMs + (rate === null ? 0 : 1000 / rate);
  }

  frameRate(): number | null {
    const frameNs = this.#segment.tracks.find((t) => t.number === this.#video)?.frameNs ?? 0;
    if (frameNs > 0) return 1e9 / frameNs;
    const spanMs = this.#countedToMs - this.#firstMs;
    return this.#frames < 2 || !(spanMs > 0) ? null : ((this.#frames - 1) * 1000) / spanMs;
  }

  /** From the index when there is one, else from the frames' own marks. */
  keyFramesMs(durationMs: number): number[] {
    const { cues, durationMs: stated } = this.#segment;
    if (cues !== undefined) return cues.finish(0, durationMs);
    return this.#keyFrames.finish(stated === null && this.#frames > 0 ? -this.#firstMs : 0, durationMs);
  }

  /** Clusters until the rate is known. */
  #walkSome(): void {
    for (const cluster of this.#segment.clusters) {
      if (this.#frames >= ENOUGH_FRAMES) return;
      this.#walk(cluster);
    }
  }

  #walkAll(): void {
    const { clusters, liveFrom } = this.#segment;
    for (const cluster of clusters) {
      if (!this.#r.scarce) this.#walk(cluster);
    }
    if (liveFrom !== undefined && !this.#r.scarce)
      this.whole = this.#walk({ from: liveFrom, to: this.#r.sizeBytes });
    if (!this.#r.scarce) return;
    const last = liveFrom === undefined ? clusters.at(-1) : lastCluster(this.#r);
    const counted = { frames: this.#frames, toMs: this.#countedToMs };
    if (last === undefined) this.whole = false;
    else if (liveFrom === undefined) this.#walk(last, true);
    else this.whole = this.#walk({ from: last.at, to: this.#r.sizeBytes }, true);
    [this.#frames, this.#countedToMs] = [counted.frames, counted.toMs];
  }

  /** Whether a live stream that need not be walked ends with a whole element. */
  #reachesEnd(liveFrom: number): boolean {
    const last = lastCluster(this.#r);
    return this.#walk({ from: last?.at ?? liveFrom, to: this.#r.sizeBytes }, true);
  }

  /**
   * Goes over blocks one after another, into each cluster without size on the way. False when an element is cut;
   * when limits come near it ends early, unless this is the last part.
   */
  #walk(extent: Extent, lastPart = false): boolean {
    const end = Math.min(extent.to, this.#r.sizeBytes);
    for (let at = extent.from; at < end;) {
      this.#r.countFrame();
      if (!headerFits(this.#r, at, end)) return false;
      const child = element(this.#r, at, end);
      if (child.to > end) return false;
      this.#visit(child);
      at = child.id === ID.cluster ? child.from : child.to;
      if (!lastPart && this.#r.scarce) return true;
    }
    return true;
  }

  #visit(child: Element): void {
    if (child.id === ID.timestamp) this.#clusterTicks = uintOf(this.#r, child);
    else if (child.id === ID.simpleBlock) this.#block(child, (flags) => (flags & 0x80) !== 0);
    else if (child.id === ID.blockGroup) this.#group(child);
  }

  #group(group: Element): void {
    let block: Element | undefined;
    let refers = false;
    this.#r.counted(MAX_GROUP, () => {
      forEachElement(this.#r, group, (child) => {
        if (child.id === ID.block) block = child;
        else if (child.id === ID.referenceBlock) refers = true;
      });
    });
    if (block !== undefined) this.#block(block, () => !refers);
  }

  #block(block: Element, isKey: (flags: number) => boolean): void {
    if (block.to - block.from < 4) return;
    const track = vint(this.#r, block.from);
    if (this.#video !== undefined && track.value !== this.#video) return;
    const relative = (this.#r.u16(track.to) << 16) >> 16;
    const ms = (this.#clusterTicks + relative) * this.#segment.nsPerTick * MS_PER_NS;
    this.#frames += 1;
    this.#firstMs = Math.min(this.#firstMs, ms);
    this.#countedToMs = this.#lastMs = Math.max(this.#lastMs, ms);
    if (isKey(this.#r.u8(track.to + 2))) this.#keyFrames.add(ms);
  }
}

/** Whether an element's id and size can stand at `at`: twelve bytes at most, fewer when they lie before the end. */
function headerFits(r: Reader, at: number, end: number): boolean {
  if (end - at >= 12) return true;
  const idBytes = Math.clz32(r.u8(at)) - 23;
  if (at + idBytes >= end) return false;
  return at + idBytes + Math.clz32(r.u8(at + idBytes)) - 23 <= end;
}

/** The last cluster of a stream, searched from its end: its id, followed by an element that reads. */
function lastCluster(r: Reader): Element | undefined {
  const first = Math.max(0, r.sizeBytes - MAX_SEARCH);
  for (let to = r.sizeBytes; to > first; to -= MAX_PIECE - 16) {
    const from = Math.max(first, to - MAX_PIECE);
    const at = r.bytes(from, to - from).lastIndexOf(CLUSTER_ID);
    if (at >= 0 && from + at + 12 <= r.sizeBytes) return element(r, from + at, r.sizeBytes);
  }
  return undefined;
}
