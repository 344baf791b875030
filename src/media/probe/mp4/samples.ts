/** Times of the samples that the `moov` lists: how long a track is, and when its key frames are shown. */
import type { Extent } from '../boxes.ts';
import { KeyFrames } from '../key-frames.ts';
import type { Movie, Track } from './track.ts';
import type { Reader } from '../reader.ts';

/** A track's samples on the time line of the movie, in milliseconds. */
export interface TrackTimes {
  /** When the presentation of the track begins; more than 0 when empty edits come first. */
  readonly startMs: number;
  /** How much of it is shown. */
  readonly shownMs: number;
  /** Length of the media without edits, in units of the track. */
  readonly mediaUnits: number;
  readonly samples: number;
  /** On the time line of the movie. */
  readonly keyFrames: KeyFrames;
}

/** Undefined when the track has no samples in the `moov` or no time scale. */
export function trackTimes(r: Reader, movie: Movie, track: Track): TrackTimes | undefined {
  const { stts } = track.tables;
  if (stts === undefined || track.timescale === 0) return undefined;
  const msPerUnit = 1000 / track.timescale;
  const startMs = leadMs(movie, track);
  const offset = new Composition(r, track.tables.ctts);
  const shiftUnits = track.edits?.mediaTime ?? 0;
  const keyFrames = new KeyFrames();
  const firstUnits = offset.of(0);
  const walk = walkSamples(r, track, (sample, at) => {
    keyFrames.add(startMs + (at + offset.of(sample) - shiftUnits) * msPerUnit);
  });
  if (walk.samples === 0) return undefined;
  // What an edit skips beyond the first picture's own delay is not shown.
  const skipped = Math.max(0, shiftUnits - firstUnits);
  const available = skipped < walk.mediaUnits ? walk.mediaUnits - skipped : walk.mediaUnits;
  return { ...walk, startMs, shownMs: shownMs(movie, track, available * msPerUnit), keyFrames };
}

/** How long nothing is shown before the track begins. */
export function leadMs({ timescale }: Movie, { edits }: Track): number {
  return timescale === 0 ? 0 : ((edits?.lead ?? 0) * 1000) / timescale;
}

/** What the edit list shows of `availableMs`: never more, unless it shows parts several times. */
function shownMs(movie: Movie, { edits }: Track, availableMs: number): number {
  if (edits === undefined || edits.shown === 0 || movie.timescale === 0) return availableMs;
  return Math.min((edits.shown * 1000) / movie.timescale, availableMs);
}

/**
 * Goes through the runs of `stts` (decode times) and calls `onKey` with the index and decode time of each sample that
 * `stss` names; without `stss` every sample is one, and they are named at a stride that keeps their number bounded.
 */
function walkSamples(
  r: Reader,
  track: Track,
  onKey: (sample: number, atUnits: number) => void,
): { samples: number; mediaUnits: number } {
  const { stts, stsz } = track.tables;
  const runs = stts === undefined ? undefined : table(r, stts, 8);
  const most = stsz === undefined ? Infinity : sampleCount(r, stsz);
  const keys = track.kind === 'video' ? keySamples(r, track.tables.stss, most) : undefined;
  let samples = 0;
  let units = 0;
  for (let i = 0; runs !== undefined && i < runs.count && samples < most; i++) {
    const count = Math.min(r.u32(runs.from + i * 8), most - samples);
    const stated = r.u32(runs.from + i * 8 + 4);
    const delta = stated >= 2 ** 31 ? 0 : stated; // a negative duration, from writers whose clock stepped
    for (let next = keys?.next; next !== undefined && next < samples + count; next = keys?.advance()) {
      onKey(next, units + (next - samples) * delta);
    }
    samples += count;
    units += count * delta;
  }
  return { samples, mediaUnits: units };
}

/** Entries of a full box that states their number: never more than fit into it. */
function table(r: Reader, box: Extent, entryBytes: number): { from: number; count: number } {
  const room = Math.max(0, Math.floor((box.to - box.from - 8) / entryBytes));
  return { from: box.from + 8, count: room === 0 ? 0 : Math.min(r.u32(box.from + 4), room) };
}

/** How many samples `stsz` knows; when each has a size of its own, not more than it lists. */
function sampleCount(r: Reader, stsz: Extent): number {
  if (stsz.from + 12 > stsz.to) return 0;
  const stated = r.u32(stsz.from + 8);
  return r.u32(stsz.from + 4) !== 0 ? stated : Math.min(stated, Math.floor((stsz.to - stsz.from - 12) / 4));
}

/** Zero-based indices of key samples, ascending, one at a time. */
interface KeySamples {
  readonly next: number | undefined;
  advance(): number | undefined;
}

function keySamples(r: Reader, stss: Extent | undefined, samples: number): KeySamples {
  if (stss === undefined) return new EverySample(samples);
  const list = table(r, stss, 4);
  // No sample is said to be one (intra refresh, careless writers): the first is what a player begins with.
  return list.count === 0 ? new EverySample(Math.min(samples, 1)) : new ListedSamples(r, list);
}

class ListedSamples implements KeySamples {
  next: number | undefined;
  readonly #r: Reader;
  readonly #list: { readonly from: number; readonly count: number };
  #at = 0;
  constructor(r: Reader, list: { from: number; count: number }) {
    this.#r = r;
    this.#list = list;
    this.next = this.advance();
  }
  /** Numbers that do not ascend are passed over. */
  advance(): number | undefined {
    const before = this.next ?? -1;
    while (this.#at < this.#list.count) {
      const index = this.#r.u32(this.#list.from + 4 * this.#at++) - 1;
      if (index > before) return (this.next = index);
    }
    return (this.next = undefined);
  }
}

/** Key frames named at most, where every frame is one. */
const MAX_NAMED = 2048;

class EverySample implements KeySamples {
  next: number | undefined;
  readonly #stride: number;
  readonly #samples: number;
  constructor(samples: number) {
    this.#samples = samples;
    this.#stride = Number.isFinite(samples) ? Math.max(1, Math.ceil(samples / MAX_NAMED)) : Infinity;
    this.next = samples > 0 ? 0 : undefined;
  }
  advance(): number | undefined {
    const next = (this.next ?? this.#samples) + this.#stride;
    return (this.next = next < this.#samples ? next : undefined);
  }
}

/** Composition offsets (`ctts`), asked for ascending samples. */
class Composition {
  readonly #r: Reader;
  readonly #runs: { readonly from: number; readonly count: number } | undefined;
  #run = 0;
  #upTo = 0;
  #offset = 0;
  constructor(r: Reader, ctts: Extent | undefined) {
    this.#r = r;
    this.#runs = ctts === undefined ? undefined : table(r, ctts, 8);
  }
  of(sample: number): number {
    if (this.#runs === undefined) return 0;
    while (this.#upTo <= sample && this.#run < this.#runs.count) {
      const at = this.#runs.from + 8 * this.#run++;
      this.#upTo += this.#r.u32(at);
      this.#offset = this.#r.i32(at + 4); // signed also in version 0: many writers do so, and so do players read it
    }
    return sample < this.#upTo ? this.#offset : 0;
  }
}

/** Whether every chunk begins inside the file; a chunk beyond its end is footage that is not there. */
export function chunksPresent(r: Reader, track: Track): boolean {
  const { chunks } = track.tables;
  if (chunks === undefined) return true;
  const list = table(r, chunks, chunks.width);
  if (list.count === 0) return true;
  const last = list.from + (list.count - 1) * chunks.width;
  return (chunks.width === 4 ? r.u32(last) : r.u64(last)) < r.sizeBytes;
}

/** Sum of the sizes of a track's samples in bytes. */
export function sampleBytes(r: Reader, track: Track): number {
  const { stsz } = track.tables;
  if (stsz === undefined) return 0;
  const samples = sampleCount(r, stsz);
  const each = samples === 0 ? 0 : r.u32(stsz.from + 4);
  if (each !== 0) return each * samples;
  let sum = 0;
  for (let i = 0; i < samples; i++) sum += r.u32(stsz.from + 12 + 4 * i);
  return sum;
}
