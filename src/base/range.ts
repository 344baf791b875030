/** Half-open ranges of UTC milliseconds: `from` belongs to the range, `to` does not. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Whether two ranges share a moment. An empty range overlaps nothing. */
export function overlaps(a: TimeRange, b: TimeRange): boolean {
  return a.fromMs < b.toMs && b.fromMs < a.toMs && a.fromMs < a.toMs && b.fromMs < b.toMs;
}

/** The range widened by `byMs` on both sides. */
export function widen(range: TimeRange, byMs: number): TimeRange {
  return { fromMs: range.fromMs - byMs, toMs: range.toMs + byMs };
}

/** The part of `range` inside `window`, or undefined when they share no moment. */
export function clamp(range: TimeRange, window: TimeRange): TimeRange | undefined {
  const fromMs = Math.max(range.fromMs, window.fromMs);
  const toMs = Math.min(range.toMs, window.toMs);
  return fromMs < toMs ? { fromMs, toMs } : undefined;
}

/** Ranges sorted and joined; those closer than `joinMs` become one. Empty ranges are dropped. */
export function merge(ranges: readonly TimeRange[], joinMs = 0): TimeRange[] {
  const sorted = ranges.filter((r) => r.fromMs < r.toMs).sort((a, b) => a.fromMs - b.fromMs);
  const out: { fromMs: number; toMs: number }[] = [];
  for (const r of sorted) {
    const last = out.at(-1);
    if (last !== undefined && r.fromMs <= last.toMs + joinMs) last.toMs = Math.max(last.toMs, r.toMs);
    else out.push({ fromMs: r.fromMs, toMs: r.toMs });
  }
  return out;
}

/** What of `window` none of `ranges` (merged) covers. */
export function subtract(window: TimeRange, ranges: readonly TimeRange[]): TimeRange[] {
  const out: TimeRange[] = [];
  let at = window.fromMs;
  for (const r of merge(ranges)) {
    if (r.toMs <= at) continue;
    if (r.fromMs >= window.toMs) break;
    if (r.fromMs > at) out.push({ fromMs: at, toMs: r.fromMs });
    at = r.toMs;
  }
  if (at < window.toMs) out.push({ fromMs: at, toMs: window.toMs });
  return out;
}

/** Total length in milliseconds of ranges that do not overlap. */
export function lengthMs(ranges: readonly TimeRange[]): number {
  return ranges.reduce((sum, r) => sum + (r.toMs - r.fromMs), 0);
}
