/**
 * Changing the retention. A longer one counts at once. A shorter one would delete footage people count on: somebody
 * must confirm it, and it counts a day later, so that a slip can be taken back. Pure.
 */
import { DAY_MS } from '../base/clock.ts';
import { FortnightError } from '../base/errors.ts';

/** A retention that was configured from `fromMs` (retention clock, UTC ms) until the next step. */
export interface RetentionStep {
  readonly retentionMs: number;
  readonly fromMs: number;
}

/** How long a shorter retention waits. */
export const SHORTENING_DELAY_MS = DAY_MS;

export interface EffectiveRetention {
  readonly retentionMs: number;
  /** A shorter one that is configured and counts from `fromMs` on. */
  readonly pending: RetentionStep | undefined;
}

/**
 * The retention in force at `nowMs`: the longest that was configured at any moment of the last 24 h. Undefined for an
 * empty history. Steps are in the order of their times; those after `nowMs` do not count.
 */
export function effectiveRetention(
  history: readonly RetentionStep[],
  nowMs: number,
): EffectiveRetention | undefined {
  const past = history.filter((step) => step.fromMs <= nowMs);
  const last = past.at(-1);
  if (last === undefined) return undefined;
  const recent = past.filter((_, i) => (past[i + 1]?.fromMs ?? Infinity) > nowMs - SHORTENING_DELAY_MS);
  const retentionMs = Math.max(...recent.map((step) => step.retentionMs));
  if (retentionMs === last.retentionMs) return { retentionMs, pending: undefined };
  return {
    retentionMs,
    pending: { retentionMs: last.retentionMs, fromMs: last.fromMs + SHORTENING_DELAY_MS },
  };
}

/**
 * The step to add to the history for what is configured now; undefined when nothing has changed. Throws
 * `config_invalid` for a shorter retention nobody confirmed.
 */
export function nextStep(
  history: readonly RetentionStep[],
  configured: { readonly retentionMs: number; readonly confirmShorter: boolean },
  nowMs: number,
): RetentionStep | undefined {
  const last = history.at(-1);
  if (last?.retentionMs === configured.retentionMs) return undefined;
  if (last !== undefined && configured.retentionMs < last.retentionMs && !configured.confirmShorter) {
    const days = (ms: number): string => String(ms / DAY_MS);
    const sentence = `retention.days goes down from ${days(last.retentionMs)} to ${days(configured.retentionMs)}`;
    throw new FortnightError('config_invalid', `${sentence}: footage would be deleted sooner than was said`, {
      hint: 'confirm it with: fortnight run --confirm-shorter; it counts 24 h later',
    });
  }
  return { retentionMs: configured.retentionMs, fromMs: nowMs };
}
