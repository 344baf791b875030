/**
 * What Matroska's frames tell where its header and index do not: start, length, frame rate, key frames. Only block
 * headers are visited. A clip too long for the limits is walked from its start and then from its last cluster.
 */
import type { Extent } from '../boxes.ts';
import { elementIfAny, type Element } from './ebml.ts';
import { KeyFrames } from '../key-frames.ts';
import { BlockWalk, type Block } from './blocks.ts';
import { MS_PER_NS, type MatroskaTrack, type Segment } from './ids.ts';
import { Span, spanOf } from './spans.ts';
import { MAX_PIECE, type Reader } from '../reader.ts';

/** Frames that suffice for the rate when nothing else has to be found. */
const ENOUGH_FRAMES = 128;

/** How far from the end the last cluster of a live stream is looked for. */
const MAX_SEARCH = 512 * 1024;

/** What the caller of a probe has read of a clip's beginning anyway. */
const HEAD_BYTES = 64 * 1024;

/** A first frame earlier than this is the delay of an encoder; from here on, the recorder's clock ran before the clip. */
const LATE_START_MS = 1000;

/** Blocks among which the first of each track is looked for in a clip that starts late. */
const ENOUGH_BLOCKS = 128;

/** Blocks of a clip that starts late among which the one shown first is: pictures may go before their key frame. */
const MAX_REORDERED = 16;

const CLUSTER_ID = Buffer.from('1f43b675', 'hex');

export class FrameWalk {
  /** False when a part of a live stream is cut or is no Matroska. */
  whole = true;
  readonly #r: Reader;
  readonly #segment: Segment;
  readonly #video: MatroskaTrack | undefined;
  readonly #keyFrames = new KeyFrames();
  /** Blocks of pictures and sound seen so far, by track number. */
  readonly #spans = new Map<number, Span>();
  readonly #blocks: BlockWalk;
  /** When the first picture or sound of the clip begins on the file's time line. */
  readonly #startMs: number;

  constructor(r: Reader, segment: Segment) {
    this.#r = r;
    this.#segment = segment;
    this.#video = segment.tracks.find((t) => t.kind === 'video');
    for (const t of segment.tracks) if (t.kind !== 'other') this.#spans.set(t.number, new Span(t));
    this.#blocks = new BlockWalk(r, (block) => {
      this.#add(block);
    });
    const stated = segment.tracks.some((t) => t.kind === 'video' && t.frameNs > 0);
    const all = segment.durationMs === null || segment.cues === undefined;
    if (all) this.#walkAll();
    else if (!stated) this.#walkSome();
    this.#startMs = all ? (this.#span()?.firstMs ?? 0) : this.#lookForStart();
    if (segment.liveFrom !== undefined && !all) this.whole = this.#walkLast() && this.whole;
  }

  /** From the first picture or sound to the end of the last. */
  durationMs(): number | null {
    const { durationMs: stated } = this.#segment;
    if (stated === null) {
      const span = this.#span();
      return span === undefined ? null : span.endMs - span.firstMs;
    }
    if (this.#startMs < LATE_START_MS || stated <= this.#startMs) return stated;
    // Some writers state when the clip ends, others how long it is: then it has frames beyond what they state.
    return this.#lastMs() < stated ? stated - this.#startMs : stated;
  }

  frameRate(): number | null {
    return this.#video === undefined ? null : (this.#spans.get(this.#video.number)?.rate ?? null);
  }

  /** From the index when there is one, else from the frames' own marks; from the clip's start. */
  keyFramesMs(durationMs: number): number[] {
    return (this.#segment.cues ?? this.#keyFrames).finish(-this.#startMs, durationMs);
  }

  /** All tracks as one; undefined when no block was seen. */
  #span(): { firstMs: number; endMs: number } | undefined {
    return spanOf([...this.#spans.values()]);
  }

  /** Clusters until the rate is known. */
  #walkSome(): void {
    for (const cluster of this.#segment.clusters) {
      if (this.#framesSeen() >= ENOUGH_FRAMES) return;
      this.#blocks.walk(cluster, () => this.#r.scarce);
    }
  }

  #framesSeen(): number {
    return Math.max(0, ...[...this.#spans.values()].map((s) => s.frames));
  }

  #walkAll(): void {
    const { clusters, liveFrom } = this.#segment;
    const live = liveFrom === undefined ? [] : [{ from: liveFrom, to: this.#r.sizeBytes }];
    for (const part of [...clusters, ...live]) {
      if (!this.#r.scarce) this.whole = this.#blocks.walk(part, () => this.#r.scarce) && this.whole;
    }
    if (this.#r.scarce) this.whole = this.#walkLast() && this.whole;
  }

  /** Goes over the last cluster, whose frames count for the length only. */
  #walkLast(): boolean {
    const last = this.#last();
    for (const span of this.#spans.values()) span.skip();
    return last !== undefined && this.#blocks.walk(last, () => false);
  }

  /** The last cluster; of a live stream from there to the end. */
  #last(): Extent | undefined {
    const { clusters, liveFrom } = this.#segment;
    if (liveFrom === undefined) return clusters.at(-1);
    const from = lastCluster(this.#r)?.at ?? (this.#r.scarce ? undefined : liveFrom);
    return from === undefined ? undefined : { from, to: this.#r.sizeBytes };
  }

  /**
   * The earliest of the first blocks of all tracks. Of an ordinary clip only what lies in its head is looked at; when
   * not every track begins there, it starts at 0.
   */
  #lookForStart(): number {
    const { clusters, liveFrom } = this.#segment;
    const first =
      clusters[0] ?? (liveFrom === undefined ? undefined : { from: liveFrom, to: this.#r.sizeBytes });
    const waiting = new Set(this.#spans.keys());
    let startMs = Infinity;
    let blocks = 0;
    const walk = new BlockWalk(this.#r, (block) => {
      if (!this.#spans.has(block.track)) return;
      waiting.delete(block.track);
      startMs = Math.min(startMs, this.#ms(block));
      blocks += 1;
    });
    const isLate = (): boolean => startMs >= LATE_START_MS && startMs < Infinity;
    const enough = (at: number): boolean =>
      (waiting.size === 0 && (!isLate() || blocks >= MAX_REORDERED)) ||
      blocks >= ENOUGH_BLOCKS ||
      (blocks > 0 && !isLate() && at >= HEAD_BYTES);
    if (first !== undefined) walk.walk(first, enough);
    return isLate() || waiting.size === 0 ? startMs : 0;
  }

  /** When the last block of the clip begins. */
  #lastMs(): number {
    const last = this.#last();
    let lastMs = Math.max(-Infinity, ...[...this.#spans.values()].map((s) => s.lastMs));
    const walk = new BlockWalk(this.#r, (block) => {
      if (this.#spans.has(block.track)) lastMs = Math.max(lastMs, this.#ms(block));
    });
    if (last !== undefined) walk.walk(last, () => false);
    return lastMs;
  }

  #ms(block: Block): number {
    return block.ticks * this.#segment.nsPerTick * MS_PER_NS;
  }

  #add(block: Block): void {
    const ms = this.#ms(block);
    this.#spans.get(block.track)?.add(ms);
    if (block.key && block.track === this.#video?.number) this.#keyFrames.add(ms);
  }
}

/** The last cluster of a stream, searched from its end: its id, followed by an element that reads. */
function lastCluster(r: Reader): Element | undefined {
  const first = Math.max(0, r.sizeBytes - MAX_SEARCH);
  for (let to = r.sizeBytes; to > first; to -= MAX_PIECE - 16) {
    const from = Math.max(first, to - MAX_PIECE);
    const at = r.bytes(from, to - from).lastIndexOf(CLUSTER_ID);
    if (at >= 0 && from + at + 12 <= r.sizeBytes) return elementIfAny(r, from + at, r.sizeBytes);
  }
  return undefined;
}
