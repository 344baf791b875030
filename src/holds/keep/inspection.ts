/**
 * What a full decode says of a preserved clip: whether all of it can be seen, and whether it is as long as it ought to
 * be. Said while the original may still be found elsewhere. Pure.
 */

/** Why a copy could not be looked through. */
export type Unchecked =
  | 'no_ffmpeg'
  | 'still' // one picture, which has no length
  | 'time' // it would have taken too long
  | 'failed'; // ffmpeg ended before the clip did

export type Inspection =
  | {
      /** `ends_early`: by `shortMs`, with errors or without. `errors`: of full length, and not all of it decodes. */
      readonly found: 'whole' | 'ends_early' | 'errors';
      /** Null: it complained without end. */
      readonly decodedMs: number | null;
      readonly shortMs: number;
      readonly errors: number;
    }
  | { readonly found: 'unchecked'; readonly why: Unchecked };

export interface Neighbour {
  readonly startMs: number;
  readonly endMs: number;
}

/** What is known of how long the clip ought to be. */
export interface Expected {
  readonly startMs: number;
  /** Length by the container; null when it does not tell. */
  readonly claimedMs: number | null;
  /** Clips of the camera that began before, the nearest first. */
  readonly before: readonly Neighbour[];
  /** Clips that began after it, the nearest first. */
  readonly after: readonly Neighbour[];
}

/** Neighbours that are asked for on either side. */
export const NEIGHBOURS = 3;

/** The last picture of a slow camera lasts a second or two, and a container counts its sound as well. */
const CLAIM_TOLERANCE_MS = 2000;
/** Between two files a recorder waits for a key frame: at most so long, and not a large part of a short file. */
const SEAM_MS = 5000;
const SEAM_SHARE = 0.2;
/** Files of one rhythm differ by their key frames. */
const RHYTHM = 0.01;
/** So many neighbours must have the same rhythm, and fill it. */
const WITNESSES = 2;

/** Judges what was decoded of a clip by its container's claim and by the rhythm of its camera. */
export function inspect(
  { decodedMs, errors }: { readonly decodedMs: number | null; readonly errors: number },
  expected: Expected,
): Inspection {
  if (decodedMs === null) return { found: 'errors', decodedMs, shortMs: 0, errors };
  const missing = (lengthMs: number | null, toleranceMs: number): number =>
    lengthMs !== null && decodedMs < lengthMs - toleranceMs ? lengthMs - decodedMs : 0;
  const intervalMs = intervalOf(expected);
  const shortMs = Math.max(
    missing(expected.claimedMs, CLAIM_TOLERANCE_MS),
    missing(intervalMs, seamOf(intervalMs ?? 0)),
  );
  const found = shortMs > 0 ? 'ends_early' : errors > 0 ? 'errors' : 'whole';
  return { found, decodedMs, shortMs, errors };
}

/**
 * The time until the next clip begins, where the recording was to go on until then: the camera records without a pause
 * and in files of this length, by at least two clips beside it. Null elsewhere: a camera that records when something
 * moves owes nothing between two clips.
 */
function intervalOf({ startMs, before, after }: Expected): number | null {
  const next = after[0];
  if (next === undefined) return null;
  const interval = next.startMs - startMs;
  const witnesses = [...filledBefore(startMs, before), ...filledAfter(after)];
  const alike = witnesses.filter((ms) => Math.abs(ms - interval) <= Math.max(1000, interval * RHYTHM));
  return alike.length >= WITNESSES ? interval : null;
}

function filledBefore(startMs: number, before: readonly Neighbour[]): number[] {
  return before.flatMap((clip, i) => filled(clip, before[i - 1]?.startMs ?? startMs));
}

function filledAfter(after: readonly Neighbour[]): number[] {
  return after.flatMap((clip, i) => filled(clip, after[i + 1]?.startMs));
}

/** The time from a clip's begin to the next one's, when it was recorded to its end. */
function filled(clip: Neighbour, nextMs: number | undefined): number[] {
  if (nextMs === undefined) return [];
  const interval = nextMs - clip.startMs;
  return clip.endMs >= nextMs - seamOf(interval) ? [interval] : [];
}

function seamOf(intervalMs: number): number {
  return Math.min(SEAM_MS, intervalMs * SEAM_SHARE);
}
