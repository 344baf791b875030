/** The times of a clip as its row stores them: reckoned from its file by clips/times.ts, never narrowed later. */
import { merge, type TimeRange } from '../../base/range.ts';
import type { ClipFile, Content } from '../../clips/change.ts';
import type { ClipFlag } from '../../clips/clip.ts';
import type { Reckoning } from '../../clips/index-writer.ts';
import { candidateIntervals, clipTimes, dueMs, type TimeEvidence } from '../../clips/times.ts';
import { endFromToInt, flagsToBits, packIntervals, unpackIntervals } from '../clips/clip-row.ts';
import { MAX_INTERVALS } from './limits.ts';

export interface CoverColumns {
  readonly cover_from_ms: number;
  readonly cover_to_ms: number;
  readonly intervals: string | null;
}

export interface TimeColumns {
  readonly startMs: number;
  readonly endMs: number;
  readonly endFrom: number;
  readonly coverFromMs: number;
  readonly coverToMs: number;
  readonly coverClass: number;
  readonly intervals: string | null;
  readonly dueMs: number | null;
  readonly finishedMs: number | null;
  /** Flags that say where the times come from; others of the row are not touched by them. */
  readonly flags: number;
}

type Named = Pick<ClipFile, 'startsMs' | 'endsMs' | 'statedLengthMs' | 'shifted' | 'within' | 'mtimeNs'>;

/** Times of a finished clip. `before`: the row's intervals so far, which stay among its candidates for ever. */
export function finishedTimes(
  file: Named,
  content: Pick<Content, 'media'>,
  at: Reckoning & { readonly before?: CoverColumns | undefined },
): TimeColumns {
  const lengthMs = content.media?.durationMs ?? file.statedLengthMs;
  const times = clipTimes(evidence(file, lengthMs === null ? null : Math.round(lengthMs), at));
  const flags = file.shifted ? [...times.flags, 'gap_hour' as const] : times.flags;
  return {
    startMs: times.startMs,
    endMs: times.endMs,
    endFrom: endFromToInt(times.endFrom),
    ...packed([...times.intervals, ...besides(file, at.before)]),
    dueMs: dueMs(times.endMs, at.nowMs, at.retentionMs),
    finishedMs: at.nowMs,
    flags: flagsToBits(flags),
  };
}

/**
 * Times of a file that is still being written: from its name's start (in every reading) to its last write, which is
 * what it holds so far. Without a believable name, the longest it can be.
 */
export function recordingTimes(
  file: Named,
  at: Reckoning & { readonly before?: CoverColumns | undefined },
): TimeColumns {
  const mtimeMs = toMs(file.mtimeNs);
  const startMs = file.startsMs[0];
  const soFar = startMs === undefined ? -1 : mtimeMs - startMs;
  const e = evidence(file, soFar < 0 ? null : soFar, at);
  const times = clipTimes(e);
  const shown: ClipFlag[] = times.flags.filter((f) => f === 'ambiguous_hour' || f === 'provisional_time');
  if (file.shifted) shown.push('gap_hour');
  return {
    startMs: times.startMs,
    endMs: times.endMs,
    endFrom: endFromToInt(times.endFrom),
    ...packed([...times.intervals, ...besides(file, at.before)]),
    dueMs: null,
    finishedMs: null,
    flags: flagsToBits(shown),
  };
}

/** The row's intervals widened by what its file says now: a touched file is found under its old and its new time. */
export function widened(
  file: Named,
  at: Reckoning & { readonly before: CoverColumns; readonly lengthMs: number | null },
): Pick<TimeColumns, 'coverFromMs' | 'coverToMs' | 'coverClass' | 'intervals'> {
  return packed([...candidateIntervals(evidence(file, at.lengthMs, at)), ...besides(file, at.before)]);
}

/** Intervals of two rows that are one clip. */
export function united(
  a: CoverColumns,
  b: CoverColumns,
): Pick<TimeColumns, 'coverFromMs' | 'coverToMs' | 'coverClass' | 'intervals'> {
  return packed([...unpackIntervals(a), ...unpackIntervals(b)]);
}

function evidence(file: Named, lengthMs: number | null, at: Reckoning): TimeEvidence {
  return {
    nameStartsMs: file.startsMs,
    nameEndsMs: file.endsMs,
    mtimeMs: toMs(file.mtimeNs),
    lengthMs,
    maxClipMs: at.maxClipMs,
    firstSeenFinishedMs: at.nowMs,
    timesBelievable: at.timesBelievable,
    trustNames: at.trustNames,
  };
}

function besides(file: Named, before: CoverColumns | undefined): TimeRange[] {
  const ranges = before === undefined ? [] : unpackIntervals(before);
  return file.within === null ? ranges : [...ranges, file.within];
}

function packed(
  ranges: readonly TimeRange[],
): Pick<TimeColumns, 'coverFromMs' | 'coverToMs' | 'coverClass' | 'intervals'> {
  return packIntervals(bounded(merge(ranges)));
}

/** Joins the closest neighbours until there are few enough. `ranges` is merged. */
function bounded(ranges: readonly TimeRange[]): TimeRange[] {
  const out = [...ranges];
  while (out.length > MAX_INTERVALS) {
    const gaps = out.slice(1).map((next, i) => next.fromMs - (out[i]?.toMs ?? 0));
    const at = gaps.indexOf(Math.min(...gaps));
    const [left, right] = [out[at], out[at + 1]];
    if (left === undefined || right === undefined) break;
    out.splice(at, 2, { fromMs: left.fromMs, toMs: right.toMs });
  }
  return out;
}

function toMs(ns: bigint): number {
  return Number(ns / 1_000_000n);
}
