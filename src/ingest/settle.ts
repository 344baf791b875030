/**
 * "Finished": whether a file is still being written. Pure; the rules are those of invariants.md.
 *
 * The content of a file is read only when it may be finished, so the question is asked twice: `mayBeFinished` before
 * reading, `finished` with what reading told.
 */
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../base/clock.ts';
import { sameSight, type Sight } from '../clips/change.ts';

/** Size and mtime unchanged for this long: quiet. */
export const QUIET_MS = 2 * MINUTE_MS;
/** Quiet for this long: finished whatever its structure. */
export const ABANDONED_MS = HOUR_MS;
/**
 * A newer clip of the camera ends the one before. Some quiet is demanded all the same: a camera recorded in two
 * qualities has two files growing side by side, and each is newer than something.
 */
export const SUPERSEDED_QUIET_MS = 10 * SECOND_MS;

/** The first look at a file in its present state, by the boot clock. */
export interface EarlierLook extends Sight {
  readonly sinceBootMs: number;
}

export interface Moment {
  readonly wallMs: number;
  readonly bootMs: number;
  /** False while wall and retention clock differ too much: then an mtime proves no quiet. */
  readonly timesBelievable: boolean;
}

/**
 * How long a file has been quiet, in ms. Two looks prove it. A file whose mtime lies back and which is seen for the
 * first time has its mtime as the first look: the kernel noted it at the last write, so a settled tree is finished in
 * its first reconcile. An mtime in the future proves nothing.
 */
export function quietMs(now: Sight, earlier: EarlierLook | undefined, at: Moment): number {
  const sinceWrite = at.wallMs - Number(now.mtimeNs / 1_000_000n);
  const byMtime = at.timesBelievable ? Math.max(0, sinceWrite) : 0;
  const byLooks = earlier !== undefined && sameSight(earlier, now) ? at.bootMs - earlier.sinceBootMs : 0;
  return Math.max(byMtime, byLooks);
}

export interface Signs {
  readonly quietMs: number;
  /** The layout gives a file its name only when it is whole. */
  readonly finalName: boolean;
  /** A newer clip of the camera exists. */
  readonly superseded: boolean;
}

/** Whether it is worth reading the file: with the best possible content it would be finished. */
export function mayBeFinished(signs: Signs): boolean {
  return signs.finalName || endedByAnother(signs) || signs.quietMs >= QUIET_MS;
}

/** Whether a file with these signs is finished. `complete`: its structure is whole (true for a still). */
export function finished(signs: Signs, complete: boolean): boolean {
  if (endedByAnother(signs) || signs.quietMs >= ABANDONED_MS) return true;
  return complete && (signs.finalName || signs.quietMs >= QUIET_MS);
}

function endedByAnother(signs: Signs): boolean {
  return signs.superseded && signs.quietMs >= SUPERSEDED_QUIET_MS;
}
