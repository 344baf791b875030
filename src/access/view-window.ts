/**
 * A view window: one person, in one session, for one purpose, looking at one hour of one camera. It is the unit of
 * the record of looking: a film is thousands of range requests, but one fact.
 */
import { HOUR_MS } from '../base/clock.ts';
import { merge, type TimeRange } from '../base/range.ts';
import type { Purpose } from './purpose.ts';

export const VIEW_QUIET_MS = 10 * 60_000;

/** More hours than this in one clip (it grew for days) share the last window. */
const MAX_HOURS = 48;

/** Spans kept per window; beyond, the nearest are joined: the record stays small and never claims less than was seen. */
const MAX_SPANS = 64;

export interface ViewWindow {
  readonly key: string;
  readonly sessionId: string;
  readonly userName: string;
  readonly cameraId: string;
  readonly hourMs: number;
  readonly purpose: Purpose;
  /** Audit sequence of its view_start. */
  readonly startSeq: number;
  requests: number;
  bytes: number;
  spans: TimeRange[];
  lastMs: number;
}

/** Where open windows survive a crash; db/access/views.ts implements it. */
export interface ViewStore {
  open(window: ViewWindow): void;
  close(window: { readonly sessionId: string; readonly startSeq: number }): void;
  /** Windows that an earlier run left open. */
  leftovers(): {
    readonly sessionId: string;
    readonly userName: string;
    readonly cameraId: string;
    readonly startSeq: number;
  }[];
}

/** The hours of footage a range touches, each by its start; at least one. */
export function hoursOf(range: TimeRange): number[] {
  const first = Math.floor(range.fromMs / HOUR_MS);
  const last = Math.max(first, Math.ceil(range.toMs / HOUR_MS) - 1);
  const count = Math.min(last - first + 1, MAX_HOURS);
  return Array.from({ length: count }, (_, i) => (first + i) * HOUR_MS);
}

/** The spans with one more, merged and bounded. */
export function withSpan(spans: readonly TimeRange[], span: TimeRange): TimeRange[] {
  const joined = merge([...spans, span]);
  while (joined.length > MAX_SPANS) {
    let at = 1;
    for (let i = 1; i < joined.length; i += 1) if (gapBefore(joined, i) < gapBefore(joined, at)) at = i;
    const [left, right] = [joined[at - 1], joined[at]];
    if (left === undefined || right === undefined) break;
    joined.splice(at - 1, 2, { fromMs: left.fromMs, toMs: right.toMs });
  }
  return joined;
}

function gapBefore(spans: readonly TimeRange[], i: number): number {
  return (spans[i]?.fromMs ?? 0) - (spans[i - 1]?.toMs ?? 0);
}
