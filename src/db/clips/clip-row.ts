/**
 * How a clip stands in its row: the small integers and bits of schema.sql and their domain names, in one place.
 * Numbers once written are never reused for another meaning.
 */
import { HOUR_MS } from '../../base/clock.ts';
import type { TimeRange } from '../../base/range.ts';
import type { Clip, ClipFlag, ClipKind, ClipState, EndFrom } from '../../clips/clip.ts';
import type { ClipLocation } from '../../clips/store.ts';

const KINDS: readonly ClipKind[] = ['video', 'still'];
const STATES: readonly ClipState[] = ['recording', 'live', 'deleting', 'gone_external'];
const END_FROM: readonly EndFrom[] = ['name', 'mtime', 'first_seen'];

/** The bit of each flag in `clip.flags`, also for statements that set or clear one. */
export const FLAG_BITS: Readonly<Record<ClipFlag, number>> = {
  unreadable: 1,
  truncated: 2,
  time_disagrees: 4,
  undatable: 8,
  ambiguous_hour: 16,
  gap_hour: 32,
  provisional_time: 64,
  overlong: 128,
  lost_once: 256,
  missing: 512,
};
/** What is cleared when a file is there again. */
export const LOST_BITS = FLAG_BITS.lost_once | FLAG_BITS.missing;
const FLAGS = Object.keys(FLAG_BITS) as ClipFlag[];

export const kindToInt = (kind: ClipKind): number => KINDS.indexOf(kind);
export const intToKind = (n: number): ClipKind => named(KINDS, n, 'kind');
export const stateToInt = (state: ClipState): number => STATES.indexOf(state);
export const intToState = (n: number): ClipState => named(STATES, n, 'state');
export const endFromToInt = (from: EndFrom): number => END_FROM.indexOf(from);
export const intToEndFrom = (n: number): EndFrom => named(END_FROM, n, 'end_from');

/** The flags as the bits of `clip.flags`. */
export function flagsToBits(flags: readonly ClipFlag[]): number {
  return flags.reduce((bits, flag) => bits | FLAG_BITS[flag], 0);
}

/** The flags that the bits of `clip.flags` stand for, in a fixed order. */
export function bitsToFlags(bits: number): ClipFlag[] {
  return FLAGS.filter((flag) => (bits & FLAG_BITS[flag]) !== 0);
}

/** What a hold's search is bounded by: an envelope of class n is at most COVER_CLASS_MS[n] long. */
export const COVER_CLASS_MS: readonly number[] = [2 * HOUR_MS, 49 * HOUR_MS, Infinity];

/** `clip.cover_class` of an envelope of this length. */
export function coverClass(lengthMs: number): number {
  return COVER_CLASS_MS.findIndex((limit) => lengthMs <= limit);
}

export interface PackedIntervals {
  readonly coverFromMs: number;
  readonly coverToMs: number;
  readonly coverClass: number;
  /** JSON of the list; null when the envelope is the only one. */
  readonly intervals: string | null;
}

/** Candidate intervals (merged, ascending, at least one) as columns. */
export function packIntervals(intervals: readonly TimeRange[]): PackedIntervals {
  const first = intervals[0];
  const last = intervals.at(-1);
  if (first === undefined || last === undefined)
    throw new Error('a clip has at least one candidate interval');
  return {
    coverFromMs: first.fromMs,
    coverToMs: last.toMs,
    coverClass: coverClass(last.toMs - first.fromMs),
    intervals: intervals.length === 1 ? null : JSON.stringify(intervals.map((i) => [i.fromMs, i.toMs])),
  };
}

/** The inverse of packIntervals. */
export function unpackIntervals(row: {
  readonly cover_from_ms: number;
  readonly cover_to_ms: number;
  readonly intervals: string | null;
}): TimeRange[] {
  if (row.intervals === null) return [{ fromMs: row.cover_from_ms, toMs: row.cover_to_ms }];
  const pairs = JSON.parse(row.intervals) as [number, number][];
  return pairs.map(([fromMs, toMs]) => ({ fromMs, toMs }));
}

/**
 * `SELECT ${CLIP_COLUMNS} FROM ${CLIP_TABLES}` gives rows that rowToClip reads.
 *
 * Ask for one row by `clip.id = +?`, here and in every join: this SQLite has STAT4 and plans a join anew whenever a bare
 * parameter changes, which takes five times as long as the answer (25 us against 4). The plus keeps the plan.
 */
export const CLIP_TABLES = 'clip JOIN root ON root.n = clip.root_n JOIN camera ON camera.n = clip.camera_n';
export const CLIP_COLUMNS = `clip.id, root.id AS root_id, camera.id AS camera_id, clip.kind, clip.state, clip.start_ms,
  clip.end_ms, clip.end_from, clip.cover_from_ms, clip.cover_to_ms, clip.intervals, clip.due_ms, clip.first_seen_ms,
  clip.finished_ms, clip.size_bytes, clip.flags`;

export interface ClipRow {
  readonly id: number;
  readonly root_id: string;
  readonly camera_id: string;
  readonly kind: number;
  readonly state: number;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly end_from: number;
  readonly cover_from_ms: number;
  readonly cover_to_ms: number;
  readonly intervals: string | null;
  readonly due_ms: number | null;
  readonly first_seen_ms: number;
  readonly finished_ms: number | null;
  readonly size_bytes: number;
  readonly flags: number;
}

export function rowToClip(row: ClipRow): Clip {
  return {
    id: row.id,
    rootId: row.root_id,
    cameraId: row.camera_id,
    kind: intToKind(row.kind),
    state: intToState(row.state),
    startMs: row.start_ms,
    endMs: row.end_ms,
    endFrom: intToEndFrom(row.end_from),
    intervals: unpackIntervals(row),
    dueMs: row.due_ms,
    firstSeenMs: row.first_seen_ms,
    finishedMs: row.finished_ms,
    sizeBytes: row.size_bytes,
    flags: bitsToFlags(row.flags),
  };
}

function named<T>(names: readonly T[], n: number, column: string): T {
  const name = names[n];
  if (name === undefined) throw new Error(`the index holds an unknown ${column}: ${String(n)}`);
  return name;
}

/** Where a clip's file is: needs `dir` and `root` joined. 64-bit numbers come as text, exact. */
export const LOCATION_COLUMNS = `root.id AS root_id, dir.path AS dir, clip.name, CAST(clip.ino AS TEXT) AS ino,
  clip.size_bytes, CAST(clip.mtime_ns AS TEXT) AS mtime_ns`;

export interface LocationRow {
  readonly root_id: string;
  readonly dir: string;
  readonly name: string;
  readonly ino: string;
  readonly size_bytes: number;
  readonly mtime_ns: string;
}

export function rowToLocation(row: LocationRow): ClipLocation {
  return {
    rootId: row.root_id,
    dir: row.dir,
    name: row.name,
    ino: BigInt.asUintN(64, BigInt(row.ino)),
    sizeBytes: row.size_bytes,
    mtimeNs: BigInt(row.mtime_ns),
  };
}
