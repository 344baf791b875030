/**
 * What the watchdog makes of a file it finds on a disk, by the disk's own evidence: name, times, and the holds. It does
 * not know the index, so that it notices what the index has lost (I13). Pure.
 */
import { HOUR_MS, MINUTE_MS } from '../base/clock.ts';
import { RELEASE_MS, candidateIntervals, clipTimes, type TimeEvidence } from '../clips/times.ts';
import { binds, covers, type HoldVersion } from '../holds/hold.ts';

/** A deletion within this of its due moment is on time (I2). */
const GRACE_MS = 5 * MINUTE_MS;
/** A file that was written to within this is still growing. */
const GROWING_MS = 60 * MINUTE_MS;

export interface FoundFile {
  readonly cameraId: string;
  /** Starts and ends its name can mean. */
  readonly startsMs: readonly number[];
  readonly endsMs: readonly number[];
  readonly statedLengthMs: number | null;
  readonly maxClipMs: number | null;
  readonly mtimeMs: number;
  /** When it was made, by the file system; 0: it does not say. */
  readonly birthMs: number;
}

export interface WatchTerms {
  /** Retention clock. */
  readonly nowMs: number;
  readonly retentionMs: number;
  readonly holds: readonly HoldVersion[];
  /** A person said of this root that copying reset the mtimes. */
  readonly trustNames: boolean;
  /** How far the wall clock is behind: what was recorded meanwhile looks so much older than it is. */
  readonly behindMs: number;
}

export interface Judged {
  readonly endMs: number;
  readonly held: boolean;
  /** It should have been deleted by now, if nothing holds it. */
  readonly overdue: boolean;
}

/** Judges one file. A file that has been growing for longer than the retention counts from its start. */
export function judgeFound(file: FoundFile, terms: WatchTerms): Judged {
  const e = evidence(file, terms);
  const growing = terms.nowMs - file.mtimeMs < GROWING_MS && file.birthMs > 0;
  const endMs = growing ? Math.min(clipTimes(e).endMs, file.birthMs) : clipTimes(e).endMs;
  const binding = terms.holds.filter((h) => binds(h, terms.nowMs));
  const clip = { cameraId: file.cameraId, intervals: candidateIntervals(e) };
  const dueMs = endMs + terms.retentionMs + GRACE_MS + terms.behindMs;
  return { endMs, held: binding.some((h) => covers(h.terms, clip)), overdue: dueMs <= terms.nowMs };
}

/** Whether a name alone says that the file is younger than the retention: then nothing else need be asked. */
export function youngByName(startsMs: readonly number[], terms: WatchTerms): boolean {
  const startMs = startsMs[0];
  return startMs !== undefined && startMs <= terms.nowMs && startMs + terms.retentionMs > terms.nowMs;
}

/** Pins and copies are gone through each hour. */
const KEPT_GRACE_MS = 2 * HOUR_MS;

/** A pin or a copy in a root's own directory. */
export interface KeptFile {
  /** Of a pin: the hold under whose name it lies; undefined: a copy, which may be any hold's. */
  readonly holdId: string | undefined;
  /** Cameras of its root. */
  readonly cameraIds: readonly string[];
}

/**
 * Since when no hold can be about a pin or a copy; undefined while one may. A pin may also be the only name of a clip of
 * another hold over the same cameras.
 */
export function looseSinceMs(
  { holdId, cameraIds }: KeptFile,
  { holds, nowMs }: WatchTerms,
): number | undefined {
  const own = holds.filter((h) => h.holdId === holdId);
  const cameras = new Set(own.length === 0 ? cameraIds : own.flatMap((h) => h.terms.cameraIds));
  const could = holds.filter((h) => h.holdId === holdId || h.terms.cameraIds.some((id) => cameras.has(id)));
  return could.some((h) => binds(h, nowMs)) ? undefined : Math.max(0, ...could.map((h) => h.endsMs ?? 0));
}

/** When a kept file that is loose should have been deleted: by when its content was recorded, or copied, at the latest. */
export function keptDueMs(
  { mtimeMs, birthMs }: Pick<FoundFile, 'mtimeMs' | 'birthMs'>,
  sinceMs: number,
  terms: WatchTerms,
): number {
  const recordedMs = mtimeMs < RELEASE_MS ? birthMs : mtimeMs;
  return Math.max(recordedMs + terms.retentionMs, sinceMs) + KEPT_GRACE_MS + terms.behindMs;
}

/** Written times are always believed here: a doubt about the clock must not make the watchdog blind. */
function evidence(file: FoundFile, terms: WatchTerms): TimeEvidence {
  return {
    nameStartsMs: file.startsMs,
    nameEndsMs: file.endsMs,
    mtimeMs: file.mtimeMs,
    lengthMs: file.statedLengthMs,
    maxClipMs: file.maxClipMs,
    firstSeenFinishedMs: terms.nowMs,
    timesBelievable: true,
    trustNames: terms.trustNames,
  };
}
