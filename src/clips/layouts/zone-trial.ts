/**
 * Whether the zone a tree was read in is the recorder's: the times in the names against the times the files were
 * written. A zone is judged by reading the names in it, so that patterns with an epoch or an offset need no care. Pure.
 */
import { HOUR_MS, MINUTE_MS } from '../../base/clock.ts';
import { zoneOf } from '../../base/zone.ts';
import type { CompiledLayout, Reading } from './layout.ts';

/** A file of the tree: its path below the root as a byte string, and when it was written. */
export interface WrittenFile {
  readonly path: string;
  readonly mtimeMs: number;
}

export type ZoneFinding =
  /** The names agree with the files' times. */
  | { readonly is: 'fits' }
  /**
   * Most names are whole hours behind the files' times (negative: ahead). `zone` is one in which they agree; null when
   * none does: the recorder's clock is wrong.
   */
  | { readonly is: 'off'; readonly hoursBehind: number; readonly zone: string | null }
  /**
   * `few` names tell a time; the files' times are those of a `copied` tree; they agree on nothing (`mixed`); or clips begin
   * `regular`ly, whole hours apart: a short one in this zone has the times of one that lasts until the next in another.
   */
  | { readonly is: 'unknown'; readonly because: 'few' | 'copied' | 'mixed' | 'regular' };

export interface ZoneQuestion {
  readonly files: readonly WrittenFile[];
  /** The zone the tree was read in. */
  readonly zone: string;
  /** The layout in another zone. */
  readonly layoutIn: (zone: string) => CompiledLayout;
}

/** The latest files tell how the recorder is set now; more of them say nothing new. */
const MAX_FILES = 20_000;
const FEWEST = 3;
/** This share of the names must agree. */
const MOST = 0.8;
/** Zones lie at most this far apart. */
const MAX_HOURS = 26;
/** Between the end of a clip and the start of the next one of a recorder that never stops. */
const SEAM_MS = 2 * MINUTE_MS;
/** A clip that lasts until the next one begins is at most so long. */
const LONGEST_MS = 2 * HOUR_MS;
/** How much of an hour a clip of unknown length may take before its distance to the mtime stops telling of zones. */
const EVENT_MS = 20 * MINUTE_MS;
/** Files written in less than this share of the time their names cover were not written by the recorder. */
const COPIED = 0.5;

/** Zones recorders are found in where the asked one does not fit; the first that fits is proposed. */
const LIKELY = ['Europe/Amsterdam', 'Europe/London', 'Europe/Athens'];

/** Compares names and files, in the zone asked and in others. */
export function tryZone({ files, zone, layoutIn }: ZoneQuestion): ZoneFinding {
  const latest = files.length <= MAX_FILES ? files : newest(files);
  const asked = datedClips(latest, layoutIn(zone));
  if (asked.length < FEWEST) return { is: 'unknown', because: 'few' };
  if (isCopied(asked)) return { is: 'unknown', because: 'copied' };
  const votes = votesOf(asked);
  const enough = asked.length * MOST;
  const fitting = votes.get(0) ?? 0;
  if (fitting >= enough) return { is: 'fits' };
  if (fitting + (votes.get('either') ?? 0) >= enough) return { is: 'unknown', because: 'regular' };
  const [hoursBehind, often] = mostSaid(votes);
  const better = otherZones(zone).find((other) => fits(datedClips(latest, layoutIn(other)), enough));
  if (better !== undefined) return { is: 'off', hoursBehind, zone: better };
  return often >= enough ? { is: 'off', hoursBehind, zone: null } : { is: 'unknown', because: 'mixed' };
}

/** In another zone other names have one meaning: of those there, too, most must agree. */
function fits(clips: readonly DatedClip[], enough: number): boolean {
  return (votesOf(clips).get(0) ?? 0) >= Math.max(enough, clips.length * MOST);
}

function mostSaid(votes: Votes): readonly [hours: number, often: number] {
  const hours = [...votes].filter((v): v is [number, number] => v[0] !== 'either' && v[0] !== 0);
  return hours.sort((a, b) => b[1] - a[1])[0] ?? [0, 0];
}

function newest(files: readonly WrittenFile[]): WrittenFile[] {
  return [...files].sort((a, b) => b.mtimeMs - a.mtimeMs).slice(0, MAX_FILES);
}

interface DatedClip {
  readonly mtimeMs: number;
  readonly startMs: number;
  /** The end its name states. */
  readonly endMs: number | undefined;
  /** Where its file's time may lie when it is as long as the layout's clips usually are; undefined where that tells nothing. */
  readonly soon: { readonly ms: number; readonly offMs: number } | undefined;
  /** The start of its camera's next clip. */
  nextMs?: number;
}

/** Clips whose name has one meaning. */
function datedClips(files: readonly WrittenFile[], layout: CompiledLayout): DatedClip[] {
  const cameras = new Map<string, DatedClip[]>();
  for (const file of files) {
    const meaning = layout.read(file.path);
    if (meaning?.is !== 'clip') continue;
    const clip = datedClip(file, meaning.reading, layout.usualClipMs);
    if (clip === undefined) continue;
    const { recorderCamera } = meaning.reading;
    const mates = cameras.get(recorderCamera);
    if (mates === undefined) cameras.set(recorderCamera, [clip]);
    else mates.push(clip);
  }
  return [...cameras.values()].flatMap((clips) => {
    clips.sort((a, b) => a.startMs - b.startMs);
    clips.forEach((clip, i) => {
      const next = clips[i + 1];
      if (next !== undefined) clip.nextMs = next.startMs;
    });
    return clips;
  });
}

function datedClip(file: WrittenFile, reading: Reading, usualMs: number | null): DatedClip | undefined {
  const [startMs, another] = reading.startsMs;
  if (startMs === undefined || another !== undefined || reading.shifted) return undefined;
  const statedMs = reading.lengthMs === null ? undefined : startMs + reading.lengthMs;
  return {
    mtimeMs: file.mtimeMs,
    startMs,
    endMs: reading.endsMs[0] ?? statedMs,
    soon: usualTime(startMs, usualMs),
  };
}

/** Recorders are often set to other lengths than the usual: a long one tells nothing. Without one it is soon after the start. */
function usualTime(startMs: number, usualMs: number | null): DatedClip['soon'] {
  if (usualMs !== null) return usualMs > EVENT_MS ? undefined : { ms: startMs + usualMs, offMs: EVENT_MS };
  const middle = (EVENT_MS - MINUTE_MS) / 2;
  return { ms: startMs + middle, offMs: middle + MINUTE_MS };
}

/** A copy that did not keep the times: files of hours or days that were all written within a fraction of them. */
function isCopied(clips: readonly DatedClip[]): boolean {
  return spread(clips.map((c) => c.mtimeMs)) < COPIED * spread(clips.map((c) => c.startMs));
}

/** Of most values, so that a few newly recorded files beside a copied archive change nothing. */
function spread(values: number[]): number {
  values.sort((a, b) => a - b);
  const tenth = Math.floor(values.length / 10);
  return (values[values.length - 1 - tenth] ?? 0) - (values[tenth] ?? 0);
}

/** `either`: this zone if the clip was short, another if it lasted until the next one began. */
type Vote = number | 'either';
type Votes = ReadonlyMap<Vote, number>;

/** How many clips lie how many whole hours behind their files; those that tell nothing are left out. */
function votesOf(clips: readonly DatedClip[]): Votes {
  const votes = new Map<Vote, number>();
  for (const clip of clips) {
    const vote = voteOf(clip);
    if (vote !== undefined) votes.set(vote, (votes.get(vote) ?? 0) + 1);
  }
  return votes;
}

/** The end of a clip is the stated one, else where the next clip begins, else what is usual. */
function voteOf({ mtimeMs, startMs, endMs, soon, nextMs }: DatedClip): Vote | undefined {
  if (endMs !== undefined) return wholeHours(mtimeMs - endMs, EVENT_MS);
  const lasts = nextMs !== undefined && nextMs - startMs <= LONGEST_MS;
  const fromNext = lasts ? wholeHours(mtimeMs - nextMs, SEAM_MS) : undefined;
  const ofItself = soon === undefined ? undefined : wholeHours(mtimeMs - soon.ms, soon.offMs);
  if (fromNext === undefined) return ofItself;
  return ofItself === 0 && fromNext !== 0 ? 'either' : fromNext;
}

/** Undefined when `ms` is further than `offMs` from any whole hour that could be a zone's. */
function wholeHours(ms: number, offMs: number): number | undefined {
  // Adding 0 makes a plain zero of minus zero.
  const hours = Math.round(ms / HOUR_MS) + 0;
  const near = Math.abs(ms - hours * HOUR_MS) <= offMs && Math.abs(hours) <= MAX_HOURS;
  return near ? hours : undefined;
}

/** UTC first, then the asked zone without summer time (as many cameras keep it), likely ones, every whole hour. */
function otherZones(asked: string): string[] {
  const offsets = [Date.UTC(2026, 0), Date.UTC(2026, 6)].map((ms) => zoneOf(asked).offsetMs(ms));
  const standard = Math.round(Math.min(...offsets) / HOUR_MS);
  const hours = Array.from({ length: 27 }, (_, i) => i - 12).filter((h) => h !== 0);
  const fixed = hours.sort((a, b) => Math.abs(a) - Math.abs(b)).map(fixedZone);
  const first = standard === 0 ? [] : [fixedZone(standard)];
  return [...new Set(['Etc/UTC', ...first, ...LIKELY, ...fixed])].filter((zone) => zone !== asked);
}

/** The zone that is always `hours` ahead of UTC; its name counts the other way (POSIX). */
function fixedZone(hours: number): string {
  return `Etc/GMT${hours > 0 ? '-' : '+'}${String(Math.abs(hours))}`;
}
