/** The `moov` box: what tracks a file has and where their tables are. Reads no table yet. */
import { forEachBox, fourcc, type Extent } from '../boxes.ts';
import { sampleEntry, type SampleEntry } from './entry.ts';
import type { Reader } from '../reader.ts';

export type TrackKind = 'video' | 'audio' | 'other';

/** Edit list (14496-12, 8.6.6), reduced to what matters: what comes before, and which part of the media is shown. */
export interface Edits {
  /** Empty edits at the start, in units of the movie's time scale. */
  readonly lead: number;
  /** Media time at which the presentation begins, in units of the media's time scale. */
  readonly mediaTime: number;
  /** Sum of the non-empty edits in units of the movie's time scale; 0: to the end (fragmented files). */
  readonly shown: number;
  readonly count: number;
}

export interface TrackTables {
  readonly stts?: Extent;
  readonly ctts?: Extent;
  readonly stss?: Extent;
  readonly stsz?: Extent;
  /** Chunk offsets, with the width of an entry in bytes. */
  readonly chunks?: Extent & { readonly width: 4 | 8 };
}

export interface Track {
  readonly id: number;
  readonly kind: TrackKind;
  /** Units per second of the track's own times; 0 when it states none. */
  readonly timescale: number;
  readonly entry: SampleEntry | undefined;
  /** Size in the track header: what is meant to be shown. */
  readonly shownSize: { readonly widthPx: number; readonly heightPx: number };
  readonly edits: Edits | undefined;
  readonly tables: TrackTables;
}

/** What a fragment's samples are like unless it says otherwise (`trex`). */
export interface FragmentDefaults {
  readonly duration: number;
  readonly flags: number;
}

export interface Movie {
  /** Units per second of edits and of the movie's duration. */
  readonly timescale: number;
  readonly duration: number;
  /** Seconds since 1904-01-01 UTC; 0: not stated. */
  readonly created: number;
  readonly tracks: readonly Track[];
  /** By track id; undefined when the movie is not made of fragments. */
  readonly fragments: ReadonlyMap<number, FragmentDefaults> | undefined;
}

const MVHD = fourcc('mvhd');
const TRAK = fourcc('trak');
const MVEX = fourcc('mvex');
const TREX = fourcc('trex');
const TKHD = fourcc('tkhd');
const EDTS = fourcc('edts');
const ELST = fourcc('elst');
const MDIA = fourcc('mdia');
const MDHD = fourcc('mdhd');
const HDLR = fourcc('hdlr');
const MINF = fourcc('minf');
const STBL = fourcc('stbl');
const STSD = fourcc('stsd');
const VIDE = fourcc('vide');
const SOUN = fourcc('soun');

/** More tracks than this are not looked at. */
const MAX_TRACKS = 64;

export function readMovie(r: Reader, moov: Extent): Movie {
  const head = { timescale: 0, duration: 0, created: 0 };
  const tracks: Track[] = [];
  let fragments: Map<number, FragmentDefaults> | undefined;
  forEachBox(r, moov, (type, body) => {
    if (type === MVHD) Object.assign(head, readHeader(r, body));
    else if (type === TRAK && tracks.length < MAX_TRACKS) tracks.push(readTrack(r, body));
    else if (type === MVEX) fragments = readDefaults(r, body);
  });
  return { ...head, tracks, fragments };
}

/** Creation, time scale and duration of `mvhd` and `mdhd`, which begin alike. */
function readHeader(r: Reader, body: Extent): { created: number; timescale: number; duration: number } {
  const at = body.from;
  if (r.u8(at) === 1) return { created: r.u64(at + 4), timescale: r.u32(at + 20), duration: r.u64(at + 24) };
  return { created: r.u32(at + 4), timescale: r.u32(at + 12), duration: r.u32(at + 16) };
}

function readDefaults(r: Reader, mvex: Extent): Map<number, FragmentDefaults> {
  const defaults = new Map<number, FragmentDefaults>();
  forEachBox(r, mvex, (type, { from, to }) => {
    if (type !== TREX || from + 24 > to || defaults.size >= MAX_TRACKS) return;
    defaults.set(r.u32(from + 4), { duration: r.u32(from + 12), flags: r.u32(from + 20) });
  });
  return defaults;
}

type Draft = { -readonly [K in keyof Track]: Track[K] };

function readTrack(r: Reader, trak: Extent): Track {
  const track: Draft = {
    id: 0,
    kind: 'other',
    timescale: 0,
    entry: undefined,
    shownSize: { widthPx: 0, heightPx: 0 },
    edits: undefined,
    tables: {},
  };
  forEachBox(r, trak, (type, body) => {
    if (type === TKHD) readTrackHeader(r, body, track);
    else if (type === MDIA) readMedia(r, body, track);
    else if (type === EDTS) {
      forEachBox(r, body, (inner, elst) => {
        if (inner === ELST) track.edits = readEdits(r, elst);
      });
    }
  });
  return track;
}

function readTrackHeader(r: Reader, { from }: Extent, track: Draft): void {
  const wide = r.u8(from) === 1 ? 12 : 0;
  track.id = r.u32(from + (wide === 0 ? 12 : 20));
  // 16.16 fixed point
  track.shownSize = { widthPx: r.u16(from + 76 + wide), heightPx: r.u16(from + 80 + wide) };
}

function readMedia(r: Reader, mdia: Extent, track: Draft): void {
  let minf: Extent | undefined;
  forEachBox(r, mdia, (type, body) => {
    if (type === MDHD) track.timescale = readHeader(r, body).timescale;
    else if (type === HDLR) track.kind = kindOf(r.u32(body.from + 8));
    else if (type === MINF) minf = body;
  });
  if (minf === undefined || track.kind === 'other') return;
  forEachBox(r, minf, (type, body) => {
    if (type === STBL) readTables(r, body, track);
  });
}

function kindOf(handler: number): TrackKind {
  return handler === VIDE ? 'video' : handler === SOUN ? 'audio' : 'other';
}

function readTables(r: Reader, stbl: Extent, track: Draft): void {
  const tables: Record<string, Extent> = {};
  forEachBox(r, stbl, (type, body) => {
    const name = TABLES.get(type);
    if (name !== undefined) tables[name] ??= body;
    else if (type === STSD && track.kind !== 'other') track.entry ??= sampleEntry(r, body, track.kind);
  });
  const { stco, co64, ...rest } = tables;
  const chunks = stco !== undefined ? { ...stco, width: 4 as const } : co64 && { ...co64, width: 8 as const };
  track.tables = chunks === undefined ? rest : { ...rest, chunks };
}

const TABLES = new Map(['stts', 'ctts', 'stss', 'stsz', 'stco', 'co64'].map((name) => [fourcc(name), name]));

/** Longer lists are not followed: they come from editing programs, not from recorders. */
const MAX_EDITS = 64;

function readEdits(r: Reader, elst: Extent): Edits | undefined {
  const wide = r.u8(elst.from) === 1;
  const entryBytes = wide ? 20 : 12;
  const count = Math.min(r.u32(elst.from + 4), MAX_EDITS, Math.floor((elst.to - elst.from - 8) / entryBytes));
  const edits = { lead: 0, mediaTime: 0, shown: 0, count: 0 };
  for (let i = 0; i < count; i++) {
    const at = elst.from + 8 + i * entryBytes;
    const duration = wide ? r.u64(at) : r.u32(at);
    const mediaTime = wide ? r.i32(at + 8) * 2 ** 32 + r.u32(at + 12) : r.i32(at + 4);
    if (mediaTime < 0 && edits.count === 0) edits.lead += duration;
    if (mediaTime < 0) continue;
    if (edits.count === 0) edits.mediaTime = mediaTime;
    edits.shown += duration;
    edits.count += 1;
  }
  return edits.count === 0 ? undefined : edits;
}
