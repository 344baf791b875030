/** How far the clips of a hold are preserved, and what was found wrong with them: counts and times, never a picture. */
import { widen } from '../../base/range.ts';
import { HOLD_MARGIN_MS, type HoldVersion } from '../hold.ts';
import type { PinStore } from './pins.ts';

/** A preserved clip that is not, or may not be, what it ought to be. */
export interface Flaw {
  readonly cameraId: string;
  readonly startMs: number;
  readonly endMs: number;
  /** `altered`: the copy is no longer what was hashed. `unchecked`: it could not be looked through. */
  readonly what: 'ends_early' | 'errors' | 'altered' | 'unchecked';
  /** How much earlier it ends than it ought to; 0: it does not, or nobody knows. */
  readonly shortMs: number;
  /** What the decoder complained of. */
  readonly errors: number;
  /** Why it could not be looked through. */
  readonly why: 'no_ffmpeg' | 'still' | 'time' | 'failed' | null;
}

export interface PreservedCounts {
  readonly covered: number;
  /** With a second name. */
  readonly pinned: number;
  /** With a copy, hashed; the clip itself counts where it lives on as its copy. */
  readonly copied: number;
  /** Copied and looked through from begin to end: nothing missing, nothing broken. */
  readonly whole: number;
  readonly damaged: number;
  readonly unchecked: number;
}

export interface PreservedReport extends PreservedCounts {
  /** Damaged clips, then those that could not be looked through, by time; at most MAX_FLAWS. */
  readonly flaws: readonly Flaw[];
}

export const MAX_FLAWS = 100;

export interface PreservedStore {
  /** Of these clips, pinned under this hold. */
  counts(holdId: string, clipIds: readonly number[]): PreservedCounts;
  flaws(clipIds: readonly number[], limit: number): Flaw[];
  /** Every damaged clip there is, by camera: how many, and the first of them. */
  damaged(): readonly {
    readonly cameraId: string;
    readonly clips: number;
    readonly firstMs: readonly number[];
  }[];
}

/** Clips looked up at once: a few milliseconds. */
const SLICE = 2048;

export interface PreservedDeps {
  readonly store: PreservedStore;
  readonly covered: PinStore['covered'];
  readonly breathe: () => Promise<void>;
}

/** Reads the index in slices, so that others are served in between. */
export async function reportPreserved(
  { store, covered, breathe }: PreservedDeps,
  { holdId, terms }: HoldVersion,
): Promise<PreservedReport> {
  let sum: PreservedCounts = { covered: 0, pinned: 0, copied: 0, whole: 0, damaged: 0, unchecked: 0 };
  const flaws: Flaw[] = [];
  for (const cameraId of terms.cameraIds) {
    const ids = covered(cameraId, widen(terms.window, HOLD_MARGIN_MS));
    for (let at = 0; at < ids.length; at += SLICE) {
      const slice = ids.slice(at, at + SLICE);
      sum = added(sum, store.counts(holdId, slice));
      flaws.push(...store.flaws(slice, MAX_FLAWS));
      await breathe();
    }
  }
  return { ...sum, flaws: flaws.sort(worstFirst).slice(0, MAX_FLAWS) };
}

function added(a: PreservedCounts, b: PreservedCounts): PreservedCounts {
  return {
    covered: a.covered + b.covered,
    pinned: a.pinned + b.pinned,
    copied: a.copied + b.copied,
    whole: a.whole + b.whole,
    damaged: a.damaged + b.damaged,
    unchecked: a.unchecked + b.unchecked,
  };
}

function worstFirst(a: Flaw, b: Flaw): number {
  const unsure = (flaw: Flaw): number => (flaw.what === 'unchecked' ? 1 : 0);
  return unsure(a) - unsure(b) || a.startMs - b.startMs;
}
