/**
 * Movie fragments (14496-12, 8.8): the samples that `moof` boxes list. What `mvhd` or `mehd` say of the length of such
 * a file was written before its first fragment; the length is what the fragments hold.
 */
import { forEachBox, fourcc, type Extent } from '../boxes.ts';
import { KeyFrames } from '../key-frames.ts';
import { leadMs, type TrackTimes } from './samples.ts';
import type { FragmentDefaults, Movie, Track } from './track.ts';
import type { Reader } from '../reader.ts';

const TRAF = fourcc('traf');
const TFHD = fourcc('tfhd');
const TFDT = fourcc('tfdt');
const TRUN = fourcc('trun');

/** A pause between fragments longer than this is a jump of the recorder's clock, not footage: the samples' sum counts. */
const MAX_PAUSE_S = 3600;

/** `sample_is_non_sync_sample` of the sample flags. */
const NOT_KEY = 0x1_0000;

/** Samples of one run without entries of their own that are counted; a run of a recorder has a few hundred. */
const MAX_IMPLIED = 10_000;

/** Samples among which the first to be shown is: no codec puts a picture off by more. */
const MAX_REORDERED = 16;

/** One track's fragments so far. Times in units of the track, from the first fragment (or the start of `moov`'s samples). */
export class FragmentedTrack {
  readonly track: Track;
  /** On the time line of the movie, but for the decode time of the first fragment. */
  readonly keyFrames: KeyFrames;
  /** End of the last sample: the track's length. */
  #endUnits: number;
  #samples: number;
  /** Length of the samples alone. */
  #sampleUnits: number;
  /** Decode time of the first fragment, which counts as 0. */
  #origin: number | undefined;
  #skipped = false;
  /** By how much the edit list moves what is shown. */
  readonly #shiftMs: number;
  /** When the first sample is shown, counted as the key frames are. */
  #firstMs: number;

  /** `before`: what the `moov` itself lists, if it lists samples. */
  constructor(movie: Movie, track: Track, before: TrackTimes | undefined) {
    this.track = track;
    this.keyFrames = before?.keyFrames ?? new KeyFrames();
    this.#samples = before?.samples ?? 0;
    this.#endUnits = this.#sampleUnits = before?.mediaUnits ?? 0;
    this.#shiftMs = leadMs(movie, track) - this.#ms(track.edits?.mediaTime ?? 0);
    this.#firstMs = before?.startMs ?? Infinity;
    if (before !== undefined) this.#origin = 0;
  }

  /** Fragments were left out: the next one may begin at any later time. */
  skip(): void {
    this.#skipped = true;
  }

  /** A fragment begins at decode time `baseUnits` (`tfdt`). A pause is kept; a jump, or a step back, is not believed. */
  begin(baseUnits: number): void {
    this.#origin ??= baseUnits;
    const pause = baseUnits - this.#origin - this.#endUnits;
    if (pause > 0 && (this.#skipped || pause <= MAX_PAUSE_S * this.track.timescale)) this.#endUnits += pause;
    this.#skipped = false;
  }

  add(sample: { duration: number; composition: number; key: boolean }): void {
    const isKey = sample.key && this.track.kind === 'video';
    if (isKey || this.#samples < MAX_REORDERED) {
      const shownMs = this.#shiftMs + this.#ms(this.#endUnits + sample.composition);
      if (isKey) this.keyFrames.add(shownMs);
      if (this.#samples < MAX_REORDERED) this.#firstMs = Math.min(this.#firstMs, shownMs);
    }
    this.#endUnits += sample.duration;
    this.#sampleUnits += sample.duration;
    this.#samples += 1;
  }

  get lengthMs(): number {
    return this.#ms(this.#endUnits);
  }

  /** When the first sample is shown, counted as the key frames are; infinite when there is none. */
  get firstMs(): number {
    return this.#firstMs;
  }

  /** The same on the time line of the movie. */
  get startMs(): number {
    return this.#ms(this.#origin ?? 0) + this.#firstMs;
  }

  /** Samples per second; not a number when there are none. */
  get rate(): number {
    return (this.#samples * this.track.timescale) / this.#sampleUnits;
  }

  #ms(units: number): number {
    return (units * 1000) / this.track.timescale;
  }
}

/** The clip that the fragments of all tracks make, from the first picture or sound of any. */
export interface FragmentLine {
  readonly durationMs: number;
  /** Key frames of a track. */
  keyFramesMs(track: Track): number[];
}

/** Tracks that begin further apart than a pause may be long do not share a clock: they begin together then. */
export function fragmentLine(fragments: FragmentedTracks): FragmentLine {
  const seen = [...fragments.values()].filter((t) => t.firstMs < Infinity);
  const starts = seen.map((t) => t.startMs);
  const originMs = Math.min(...starts);
  const together = Math.max(...starts) - originMs <= MAX_PAUSE_S * 1000;
  const beginsMs = (t: FragmentedTrack): number => (together ? t.startMs - originMs : 0);
  const durationMs = Math.max(0, ...seen.map((t) => beginsMs(t) + t.lengthMs));
  return {
    durationMs,
    keyFramesMs: ({ id }) => {
      const its = seen.find((t) => t.track.id === id);
      return its === undefined ? [] : its.keyFrames.finish(beginsMs(its) - its.firstMs, durationMs);
    },
  };
}

export type FragmentedTracks = ReadonlyMap<number, FragmentedTrack>;

/** The tracks of a fragmented movie, to be filled by `addFragment`; `before` holds what the `moov` itself lists. */
export function fragmentedTracks(movie: Movie, before: ReadonlyMap<Track, TrackTimes>): FragmentedTracks {
  const usable = movie.tracks.filter((t) => t.kind !== 'other' && t.timescale > 0);
  return new Map(usable.map((t) => [t.id, new FragmentedTrack(movie, t, before.get(t))]));
}

/** Boxes inside one `moof`: a recorder writes five for each track. */
const MAX_FRAGMENT_BOXES = 256;

/** Adds the samples of one `moof` body. */
export function addFragment(
  r: Reader,
  moof: Extent,
  into: { movie: Movie; fragments: FragmentedTracks },
): void {
  r.counted(MAX_FRAGMENT_BOXES, () => {
    forEachBox(r, moof, (type, body) => {
      if (type === TRAF) addTrackFragment(r, body, into);
    });
  });
}

function addTrackFragment(
  r: Reader,
  traf: Extent,
  into: { movie: Movie; fragments: FragmentedTracks },
): void {
  let track: FragmentedTrack | undefined;
  let defaults: FragmentDefaults = { duration: 0, flags: 0 };
  forEachBox(r, traf, (type, body) => {
    if (type === TFHD) {
      const id = r.u32(body.from + 4);
      track = into.fragments.get(id);
      defaults = fragmentHeader(r, body, into.movie.fragments?.get(id) ?? defaults);
    } else if (type === TFDT && track !== undefined) {
      track.begin(r.u8(body.from) === 1 ? r.u64(body.from + 4) : r.u32(body.from + 4));
    } else if (type === TRUN && track !== undefined) addRun(r, body, { track, defaults });
  });
}

/** `tfhd`: what holds for this fragment in place of the movie's defaults. */
function fragmentHeader(r: Reader, { from, to }: Extent, defaults: FragmentDefaults): FragmentDefaults {
  const flags = r.u32(from) & 0xff_ffff;
  let at = from + 8 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0);
  const next = (present: number, otherwise: number): number => {
    if (present === 0 || at + 4 > to) return otherwise;
    at += 4;
    return r.u32(at - 4);
  };
  const duration = next(flags & 0x8, defaults.duration);
  next(flags & 0x10, 0);
  return { duration, flags: next(flags & 0x20, defaults.flags) };
}

/** `trun`: a run of samples with optional duration, size, flags and composition offset each. */
function addRun(
  r: Reader,
  { from, to }: Extent,
  { track, defaults }: { track: FragmentedTrack; defaults: FragmentDefaults },
): void {
  // Implied samples take no bytes, and so no fetch would tell that the time is over.
  r.checkTime();
  const flags = r.u32(from) & 0xff_ffff;
  const run = runLayout(flags);
  const hasFirst = (flags & 0x4) !== 0;
  let at = from + 8 + (flags & 0x1 ? 4 : 0);
  const first = hasFirst ? r.u32(at) : 0;
  if (hasFirst) at += 4;
  const room = run.entryBytes === 0 ? MAX_IMPLIED : Math.floor((to - at) / run.entryBytes);
  const count = Math.min(r.u32(from + 4), room);
  for (let i = 0; i < count; i++, at += run.entryBytes) {
    const duration = run.duration < 0 ? defaults.duration : r.u32(at + run.duration);
    const own = run.flags < 0 ? defaults.flags : r.u32(at + run.flags);
    const composition = run.composition < 0 ? 0 : r.i32(at + run.composition);
    const key = ((i === 0 && hasFirst ? first : own) & NOT_KEY) === 0;
    track.add({ duration: duration >= 2 ** 31 ? 0 : duration, composition, key });
  }
}

/** Where a field stands in an entry of a run, by the run's flags; -1: not there. */
function runLayout(flags: number): {
  duration: number;
  flags: number;
  composition: number;
  entryBytes: number;
} {
  let entryBytes = 0;
  const place = (flag: number): number => {
    if ((flags & flag) === 0) return -1;
    entryBytes += 4;
    return entryBytes - 4;
  };
  const duration = place(0x100);
  place(0x200); // size
  return { duration, flags: place(0x400), composition: place(0x800), entryBytes };
}
