/** MP4, MOV and their relatives: the top level, and what the boxes together say about the clip. */
import type { MediaInfo, Probe } from '../../../clips/media-info.ts';
import { boxHeader, fourcc, isFourcc, type BoxHeader, type Extent } from '../boxes.ts';
import { mediaInfo, type RawVideo } from '../info.ts';
import { addFragment, fragmentedTracks, fragmentLine, type FragmentedTracks } from './fragments.ts';
import { chunksPresent, sampleBytes, trackTimes, type TrackTimes } from './samples.ts';
import { readMovie, type Movie, type Track } from './track.ts';
import { MAX_PIECE, type Reader } from '../reader.ts';

const MOOV = fourcc('moov');
const MOOF = fourcc('moof');
const MDAT = fourcc('mdat');
const SIDX = fourcc('sidx');
const MFRA = fourcc('mfra');
const MFRO = fourcc('mfro');

/** Seconds from 1904-01-01, the epoch of QuickTime, to 1970-01-01. */
const EPOCH_1904_S = 2_082_844_800;

/** What the walk over the top level found. */
interface Found {
  movie: Movie | undefined;
  times: ReadonlyMap<Track, TrackTimes>;
  fragments: FragmentedTracks;
  /** A `moof` was seen. */
  fragmented: boolean;
  /** The index behind the last fragment was seen: no more footage is to come. */
  ended: boolean;
  /** `mdat` that goes on to the end of the file: where it begins. */
  openMdat: number | undefined;
  mdatSeen: boolean;
  /** A promise goes beyond the end of the file, or a `moof` has no `mdat` behind it. */
  cut: boolean;
}

export function probeMp4(r: Reader): Probe {
  const found: Found = {
    movie: undefined,
    times: new Map(),
    fragments: new Map(),
    fragmented: false,
    ended: false,
    openMdat: undefined,
    mdatSeen: false,
    cut: false,
  };
  walkTop(r, found, 0);
  const { movie } = found;
  if (movie === undefined) {
    const reason = found.cut || found.mdatSeen ? 'no index (moov): cut or unfinished' : 'no index (moov)';
    return { ok: false, reason, arbiter: false };
  }
  if (movie.tracks.length === 0) return { ok: false, reason: 'no tracks', arbiter: false };
  return { ok: true, info: describe(movie, found), complete: isComplete(r, movie, found) };
}

/**
 * Visits the boxes of the file from `from` on. What is no box (padding, junk, zeros that were never written) ends the walk.
 * A file of more fragments than the limits allow is walked in two parts: from its start, and from its last fragment.
 */
function walkTop(r: Reader, found: Found, from: number): void {
  let before: number | undefined;
  for (let at = from; at < r.sizeBytes;) {
    const box = topBox(r, at, found);
    if (box === undefined) return;
    if (box.to > r.sizeBytes) found.cut = true;
    visit(r, box, found);
    if (box.type === MOOF) r.readAhead = fragmentReadAhead(box.to - at);
    if (from === 0 && found.fragmented && r.scarce) {
      skipToEnd(r, found);
      return;
    }
    before = box.type;
    at = box.to;
  }
  if (before === MOOF) found.cut = true;
}

function skipToEnd(r: Reader, found: Found): void {
  const last = lastFragment(r);
  for (const track of found.fragments.values()) track.skip();
  if (last === undefined) found.cut = true;
  else walkTop(r, found, last);
}

/** How far from the end of the fragments a last one is looked for. */
const MAX_SEARCH = 512 * 1024;

/** Where the last `moof` begins that an `mdat` follows, searched from the end; undefined when there is none near it. */
function lastFragment(r: Reader): number | undefined {
  const fragmentsEnd = indexFrom(r) ?? r.sizeBytes;
  const first = Math.max(0, fragmentsEnd - MAX_SEARCH);
  for (let to = fragmentsEnd; to > first; to -= MAX_PIECE - 16) {
    const from = Math.max(first, to - MAX_PIECE);
    const piece = Buffer.from(r.bytes(from, to - from));
    for (let i = piece.lastIndexOf('moof'); i >= 4; i = piece.lastIndexOf('moof', i - 1)) {
      const end = from + i - 4 + piece.readUInt32BE(i - 4);
      if (end + 8 <= r.sizeBytes && r.u32(end + 4) === MDAT) return from + i - 4;
    }
  }
  return undefined;
}

const MFRO_BYTES = 16;

/** Where the random-access index behind the fragments begins, by its size in the last box and the header that is there. */
function indexFrom(r: Reader): number | undefined {
  const last = r.sizeBytes - MFRO_BYTES;
  if (last < 0 || r.u32(last) !== MFRO_BYTES || r.u32(last + 4) !== MFRO) return undefined;
  const bytes = r.u32(last + 12);
  const from = r.sizeBytes - bytes;
  return bytes >= 8 && from > 0 && r.u32(from) === bytes && r.u32(from + 4) === MFRA ? from : undefined;
}

/** Enough for the header of the `mdat` that follows a fragment, or for the next `moof` of about the same size. */
function fragmentReadAhead(moofBytes: number): number {
  return Math.min(MAX_PIECE, Math.max(256, moofBytes + 64));
}

/** The header at `at`; undefined where there is none, or none that is a box. */
function topBox(r: Reader, at: number, found: Found): BoxHeader | undefined {
  if (r.sizeBytes - at < 8 || (r.u32(at) === 1 && r.sizeBytes - at < 16)) {
    found.cut = true;
    return undefined;
  }
  const type = r.u32(at + 4);
  const box = isFourcc(type) ? boxHeader(r, at, r.sizeBytes) : undefined;
  // Behind the samples that a movie lists it is padding; how many fragments there should be stands nowhere.
  if (box === undefined && (found.movie === undefined || (found.fragmented && !found.ended)))
    found.cut = true;
  return box;
}

function visit(r: Reader, box: BoxHeader, found: Found): void {
  const body = { from: box.bodyFrom, to: Math.min(box.to, r.sizeBytes) };
  if (box.type === MOOV) found.movie ??= open(r, body, found);
  else if (box.type === MDAT) {
    found.mdatSeen = true;
    if (box.open) found.openMdat = box.bodyFrom;
  } else if (box.type === MOOF) {
    found.fragmented = true;
    const { movie, fragments } = found;
    if (movie !== undefined && box.to <= r.sizeBytes) addFragment(r, body, { movie, fragments });
  } else if (box.type === MFRA) found.ended = true;
  else if (box.type === SIDX && !reaches(r, body)) found.cut = true;
}

function open(r: Reader, moov: Extent, found: Found): Movie {
  const movie = readMovie(r, moov);
  const times = new Map<Track, TrackTimes>();
  for (const track of movie.tracks) {
    const its = track.kind === 'other' ? undefined : trackTimes(r, movie, track);
    if (its !== undefined) times.set(track, its);
  }
  found.times = times;
  if (movie.fragments !== undefined) found.fragments = fragmentedTracks(movie, times);
  return movie;
}

/** Whether everything a segment index (14496-12, 8.16.3) refers to lies inside the file. */
function reaches(r: Reader, { from, to }: Extent): boolean {
  const wide = r.u8(from) !== 0;
  const list = from + (wide ? 28 : 20);
  let end = to + (wide ? r.u64(from + 20) : r.u32(from + 16));
  const count = Math.min(r.u16(list + 2), Math.floor((to - list - 4) / 12));
  for (let i = 0; i < count; i++) end += r.u32(list + 4 + 12 * i) & 0x7fff_ffff;
  return end <= r.sizeBytes;
}

function isComplete(r: Reader, movie: Movie, found: Found): boolean {
  if (found.cut) return false;
  const listed = movie.tracks.filter((t) => (found.times.get(t)?.samples ?? 0) > 0);
  if (listed.length > 0 && (!found.mdatSeen || !listed.every((t) => chunksPresent(r, t)))) return false;
  if (listed.length === 0 && !found.fragmented) return false;
  if (found.openMdat === undefined) return true;
  const owed = listed.reduce((sum, t) => sum + sampleBytes(r, t), 0);
  return found.openMdat + owed <= r.sizeBytes;
}

function describe(movie: Movie, found: Found): MediaInfo {
  const line = found.fragmented ? fragmentsLine(found) : sampleLine(movie, found);
  const video = movie.tracks.find((t) => t.kind === 'video');
  return mediaInfo({
    container: 'mov',
    durationMs: line.durationMs,
    claimedStartMs: (movie.created - EPOCH_1904_S) * 1000,
    video: video === undefined ? undefined : videoOf(video, line),
    audioCodec: movie.tracks.find((t) => t.kind === 'audio')?.entry?.codec,
    fragmented: found.fragmented || movie.fragments !== undefined,
  });
}

function videoOf(track: Track, line: Line): RawVideo {
  const coded = track.entry?.size;
  return {
    codec: track.entry?.codec ?? null,
    size: coded !== undefined && coded.widthPx > 0 ? coded : track.shownSize,
    frameRate: line.frameRate(track),
    keyFramesMs: line.keyFramesMs(track),
  };
}

/** The time line of a clip: its length, and frames and key frames on it. */
interface Line {
  readonly durationMs: number | null;
  frameRate(video: Track): number | null;
  keyFramesMs(video: Track): number[];
}

/** From the samples the `moov` lists. What empty edits put before the first picture or sound is no footage. */
function sampleLine(movie: Movie, { times }: Found): Line {
  const all = [...times.values()];
  const originMs = all.length === 0 ? 0 : Math.min(...all.map((t) => t.startMs));
  const endMs = Math.max(0, ...all.map((t) => t.startMs + t.shownMs));
  const statedMs =
    movie.timescale > 0 && movie.duration > 0 ? (movie.duration * 1000) / movie.timescale : null;
  const listed = all.some((t) => t.samples > 0);
  const durationMs = listed ? endMs - originMs : movie.fragments === undefined ? statedMs : null;
  return {
    durationMs,
    frameRate: (video) => {
      const its = times.get(video);
      return its === undefined ? null : (its.samples * video.timescale) / its.mediaUnits;
    },
    keyFramesMs: (video) => times.get(video)?.keyFrames.finish(-originMs, durationMs ?? 0) ?? [],
  };
}

function fragmentsLine({ fragments }: Found): Line {
  return { ...fragmentLine(fragments), frameRate: (video) => fragments.get(video.id)?.rate ?? null };
}
