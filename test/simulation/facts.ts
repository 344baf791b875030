/** What is true of the footage and the holds, whatever the daemon believes. */
import { MINUTE_MS } from '../../src/base/clock.ts';
import { overlaps, widen, type TimeRange } from '../../src/base/range.ts';
import { HOLD_MARGIN_MS, type HoldTerms } from '../../src/holds/hold.ts';
import type { Inode } from './sim-disk.ts';

export interface ClipFact {
  readonly rootId: string;
  readonly cameraId: string;
  readonly path: string;
  readonly inode: Inode;
  /** What its name and its first mtime say it was recorded at. */
  intervals: TimeRange[];
  /** True time of its first byte. */
  readonly begunMs: number;
  /** True time of its last byte; undefined while it grows. */
  endedMs: number | undefined;
  /** By how much the wall clock may have made it seem older than it is, as far as that is believed. */
  seemsOlderMs: number;
  /** How wrong the wall clock was while it was recorded; negative: behind. */
  wrongMs: number;
  /** A clock was in doubt before the index knew it: first sight counts. */
  troubled: boolean;
  /** True time at which the index was first found to know it as finished. */
  seenMs: number | undefined;
  /** Its structure is not whole: it is finished when it was quiet for an hour. */
  cut: boolean;
  /** An unlink of it was refused: it is tried again later and later. */
  refused: boolean;
  /** It was not there for a while, or its bytes changed. */
  disturbed: boolean;
  /** True time at which its name went. */
  goneMs: number | undefined;
  goneBy: 'daemon' | 'other' | undefined;
}

export interface HoldFact {
  readonly key: string;
  readonly terms: HoldTerms;
  /** Known from the answer. */
  holdId: string | undefined;
  /** A placement was sent, and may bind since. */
  readonly askedMs: number;
  /** The placement was acknowledged: it must bind since. */
  ackedMs: number | undefined;
  /** Retention clock when a release was first asked for, and whether one was acknowledged. */
  releaseAskedR: number | undefined;
  releaseAckedR: number | undefined;
  /** True time at which it was found to have ended. */
  endedMs: number | undefined;
}

export function touches(hold: HoldFact, clip: ClipFact): boolean {
  if (!hold.terms.cameraIds.includes(clip.cameraId)) return false;
  return clip.intervals.some((i) => overlaps(widen(i, HOLD_MARGIN_MS), hold.terms.window));
}

/**
 * Whether the hold may reach the clip by evidence the daemon has and the model has not: the longest clip of the layout
 * where the length is not known, the moment of the first sight, and anything between when clocks were in doubt.
 */
export function mayTouch(hold: HoldFact, clip: ClipFact, nowMs: number): boolean {
  const seen = { fromMs: clip.begunMs, toMs: clip.seenMs ?? nowMs };
  const reach = [...clip.intervals, seen].map((i) => widen(i, LONGEST_MS + BELIEVED_MS));
  return (
    hold.terms.cameraIds.includes(clip.cameraId) &&
    (clip.troubled || reach.some((i) => overlaps(i, hold.terms.window)))
  );
}

/** Frigate's longest clip. */
const LONGEST_MS = 10 * MINUTE_MS;

/** The most that a wrong wall clock is believed (retention-clock.ts, DOUBT_MS), and that it may move `r` in a day. */
export const BELIEVED_MS = 15 * MINUTE_MS;

export class Violation extends Error {
  override readonly name = 'Violation';
  readonly invariant: string;
  constructor(invariant: string, message: string) {
    super(`${invariant}: ${message}`);
    this.invariant = invariant;
  }
}
