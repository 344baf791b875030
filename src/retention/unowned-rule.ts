/**
 * Which of the files nobody owns the rule of a source lets go. Pure. Such a file may be footage whose camera nobody
 * named, so it is treated as footage of all cameras of its root at once: kept for the retention by every evidence there
 * is, and kept by any hold on any of those cameras.
 */
import { DAY_MS } from '../base/clock.ts';
import { merge, overlaps, widen, type TimeRange } from '../base/range.ts';
import type { UnownedReason } from '../clips/change.ts';
import type { Reading } from '../clips/layouts/index.ts';
import { binds, HOLD_MARGIN_MS, type HoldVersion } from '../holds/hold.ts';
import type { FileSight } from './file-protocol.ts';

/** What the rule may delete: regular files. A link is not followed, a device not touched, a directory not entered. */
export const DELETABLE: readonly UnownedReason[] = ['no_layout', 'no_camera', 'no_clip', 'unfinished'];

/** A row of the list. Paths are byte strings. */
export interface UnownedFile {
  readonly path: string;
  readonly reason: UnownedReason;
  readonly sizeBytes: number;
  /** Retention clock, its latest reading, when it was first seen as nobody's. */
  readonly seenMs: number;
}

export interface UnownedCircumstances {
  /** Retention clock. */
  readonly nowMs: number;
  /** The rule, or the retention where that is longer. */
  readonly deleteAfterMs: number;
  /** What its path says to the layout now; undefined: nothing. A path that is a clip's by now is no unowned file. */
  readonly reading: Reading | undefined;
  /** Longest clip of the layout; null when it has no limit. */
  readonly maxClipMs: number | null;
  readonly cameraIds: ReadonlySet<string>;
  readonly holds: readonly HoldVersion[];
}

export type UnownedDecision =
  | { readonly mayDelete: true }
  | { readonly mayDelete: false; readonly why: 'young'; readonly untilMs: number }
  | { readonly mayDelete: false; readonly why: 'held'; readonly holdId: string };

export function decideUnowned(
  file: Pick<UnownedFile, 'seenMs'>,
  sight: FileSight,
  by: UnownedCircumstances,
): UnownedDecision {
  const mtimeMs = Number(sight.mtimeNs / 1_000_000n);
  const said = by.reading === undefined ? [] : [...by.reading.startsMs, ...by.reading.endsMs];
  const untilMs = Math.max(mtimeMs, sight.ctimeMs, file.seenMs, ...said) + by.deleteAfterMs;
  if (untilMs > by.nowMs) return { mayDelete: false, why: 'young', untilMs };
  const intervals = intervalsOf([mtimeMs, sight.ctimeMs], by);
  const hold = by.holds.find(
    (h) =>
      binds(h, by.nowMs) &&
      h.terms.cameraIds.some((id) => by.cameraIds.has(id)) &&
      intervals.some((i) => overlaps(widen(i, HOLD_MARGIN_MS), h.terms.window)),
  );
  return hold === undefined ? { mayDelete: true } : { mayDelete: false, why: 'held', holdId: hold.holdId };
}

/** When it may have been recorded: as long as a clip can be before each of its times, and what its name says. */
function intervalsOf(endsMs: readonly number[], by: UnownedCircumstances): TimeRange[] {
  const reach = by.maxClipMs ?? DAY_MS;
  const named = (by.reading?.startsMs ?? []).map((fromMs, i) => ({
    fromMs,
    toMs: Math.max(fromMs + reach, by.reading?.endsMs[i] ?? 0),
  }));
  const within = by.reading?.within === undefined ? [] : [by.reading.within];
  return merge([...endsMs.map((ms) => ({ fromMs: ms - reach, toMs: ms + 1 })), ...named, ...within]);
}
