/**
 * When a clip was recorded, when it is due, and which times could be its time.
 * Pure. The rules are those of docs/design/invariants.md, "Times of a clip".
 */
import { DAY_MS, MINUTE_MS } from '../base/clock.ts';
import { merge, type TimeRange } from '../base/range.ts';
import type { ClipFlag, EndFrom } from './clip.ts';

/** Ends before this are a recorder's missing clock, not a recording: 2026-01-01, the year of the first release. */
export const RELEASE_MS = 1_767_225_600_000;

/** How far name and mtime may be apart (besides the clip's length) to confirm one another. */
export const AGREEMENT_MS = 10 * MINUTE_MS;

/** Length assumed for holds when neither the clip nor the layout tells. */
export const UNKNOWN_LENGTH_MS = DAY_MS;

export interface TimeEvidence {
  /** Starts the name can mean, UTC (two in the autumn hour), ascending; empty when it tells no time. */
  readonly nameStartsMs: readonly number[];
  /** Ends the name states, matching nameStartsMs by position; empty when it tells none. */
  readonly nameEndsMs: readonly number[];
  readonly mtimeMs: number;
  /** Length from the probe or the name; null when unknown. */
  readonly lengthMs: number | null;
  /** Longest clip of the layout; null when it has no limit. */
  readonly maxClipMs: number | null;
  /** First seen finished, by the retention clock. */
  readonly firstSeenFinishedMs: number;
  /** False while wall and retention clock differ too much: then no written time is believed. */
  readonly timesBelievable: boolean;
  /** "Trust the names": confirmed by a person for roots whose copying reset the mtimes. */
  readonly trustNames: boolean;
}

export interface ClipTimes {
  readonly startMs: number;
  readonly endMs: number;
  readonly endFrom: EndFrom;
  readonly intervals: readonly TimeRange[];
  readonly flags: readonly ClipFlag[];
}

/** The believed range of a clip with where it came from. Due is `endMs + retention`, see dueMs. */
export function clipTimes(e: TimeEvidence): ClipTimes {
  const flags: ClipFlag[] = [];
  if (e.nameStartsMs.length > 1) flags.push('ambiguous_hour');
  const length = believableLength(e);
  const { endMs, endFrom, flag } = endOfRecording(e, length ?? 0);
  if (flag !== undefined) flags.push(flag);
  if (!e.timesBelievable) flags.push('provisional_time');
  const named = endFrom === 'name' ? e.nameStartsMs.at(-1) : undefined;
  // Nothing was recorded after it was seen finished: a time in the future is shown as what it can be at most.
  const shownEndMs = Math.min(endMs, e.firstSeenFinishedMs);
  const startMs = Math.min(named ?? shownEndMs - (length ?? 0), shownEndMs);
  const believed = { fromMs: startMs, toMs: shownEndMs + 1 };
  return {
    startMs,
    endMs: shownEndMs,
    endFrom,
    intervals: merge([...candidateIntervals(e), believed]),
    flags,
  };
}

/** Due = min(end of recording, first seen finished) + retention: a time in the future never lengthens retention. */
export function dueMs(endMs: number, firstSeenFinishedMs: number, retentionMs: number): number {
  return Math.min(endMs, firstSeenFinishedMs) + retentionMs;
}

/**
 * Every interval the clip could have been recorded in, by its own evidence. The values of the first sight are kept by
 * the index.
 */
export function candidateIntervals(e: TimeEvidence): TimeRange[] {
  const reach = believableLength(e) ?? e.maxClipMs ?? UNKNOWN_LENGTH_MS;
  const ranges: TimeRange[] = e.nameStartsMs.map((fromMs, i) => {
    const statedEnd = e.nameEndsMs[i];
    const toMs = Math.max(fromMs + reach, statedEnd ?? 0, fromMs + 1);
    return { fromMs, toMs };
  });
  ranges.push({ fromMs: e.mtimeMs - reach, toMs: e.mtimeMs + 1 });
  // Begun at the name and finished at the mtime: what lies between was recorded too, whatever length the header states.
  const begun = e.nameStartsMs[0];
  const span = begun === undefined ? -1 : e.mtimeMs - begun;
  if (begun !== undefined && span >= 0 && span <= (e.maxClipMs ?? UNKNOWN_LENGTH_MS)) {
    ranges.push({ fromMs: begun, toMs: e.mtimeMs + 1 });
  }
  return merge(ranges);
}

/** The length, unless it is unknown or above what the layout can produce. */
function believableLength(e: TimeEvidence): number | null {
  if (e.lengthMs === null || e.lengthMs < 0) return null;
  return e.maxClipMs !== null && e.lengthMs > e.maxClipMs ? null : e.lengthMs;
}

function endOfRecording(
  e: TimeEvidence,
  length: number,
): { endMs: number; endFrom: EndFrom; flag?: ClipFlag } {
  const firstSeen = { endMs: e.firstSeenFinishedMs, endFrom: 'first_seen' as const };
  if (!e.timesBelievable) return firstSeen;
  const named = namedEnd(e, length);
  const agrees = named !== undefined && Math.abs(named - e.mtimeMs) <= AGREEMENT_MS + length;
  if (named !== undefined && (agrees || e.trustNames)) {
    if (named < RELEASE_MS) return { ...firstSeen, flag: 'undatable' };
    // Without a length or a stated end the name tells when the clip began, not when it ended.
    const open = believableLength(e) === null && e.nameEndsMs.length === 0;
    return { endMs: open && agrees ? Math.max(named, e.mtimeMs) : named, endFrom: 'name' };
  }
  if (e.mtimeMs < RELEASE_MS) return { ...firstSeen, flag: 'undatable' };
  const mtime = { endMs: e.mtimeMs, endFrom: 'mtime' as const };
  return named === undefined ? mtime : { ...mtime, flag: 'time_disagrees' };
}

/** The later reading counts: a clip is never due early because its name is ambiguous. */
function namedEnd(e: TimeEvidence, length: number): number | undefined {
  const start = e.nameStartsMs.at(-1);
  if (start === undefined) return undefined;
  return Math.max(e.nameEndsMs.at(-1) ?? 0, start + length);
}
