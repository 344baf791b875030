/** Time on a line of pixels. Pure; a view is a half-open range of UTC milliseconds. */

export interface View {
  readonly fromMs: number;
  readonly toMs: number;
}

/** How far one may see, and how near. */
export interface Bounds {
  readonly fromMs: number;
  /** Now: a view reaches past it by about a third of its width. */
  readonly nowMs: number;
  readonly widestMs: number;
}

export const NARROWEST_MS = 8000;
const FUTURE_SHARE = 0.35;
const FUTURE_LEAST_MS = 10 * 60_000;

export function widthOf(view: View): number {
  return view.toMs - view.fromMs;
}

export function xOf(view: View, widthPx: number, ms: number): number {
  return ((ms - view.fromMs) / widthOf(view)) * widthPx;
}

export function timeAt(view: View, widthPx: number, x: number): number {
  return view.fromMs + (x / widthPx) * widthOf(view);
}

/** The view nearest to the wanted one that lies within the bounds; its middle is kept where its width must change. */
export function within(wanted: View, bounds: Bounds): View {
  const width = Math.min(Math.max(widthOf(wanted), NARROWEST_MS), bounds.widestMs);
  const middle = (wanted.fromMs + wanted.toMs) / 2;
  const latest = bounds.nowMs + Math.max(width * FUTURE_SHARE, FUTURE_LEAST_MS) - width;
  const from = Math.max(Math.min(middle - width / 2, latest), Math.min(bounds.fromMs, latest));
  return { fromMs: from, toMs: from + width };
}

/** The view `factor` times as wide, with the moment at share `at` (0 to 1) staying where it is. */
export function zoomed(view: View, factor: number, at: number): View {
  const fixed = view.fromMs + widthOf(view) * at;
  const width = widthOf(view) * factor;
  return { fromMs: fixed - width * at, toMs: fixed + width * (1 - at) };
}

export function moved(view: View, byMs: number): View {
  return { fromMs: view.fromMs + byMs, toMs: view.toMs + byMs };
}

/** The view of the same width with the moment in its middle, unless it is in sight already. */
export function showing(view: View, ms: number): View {
  if (ms >= view.fromMs && ms <= view.toMs) return view;
  const half = widthOf(view) / 2;
  return { fromMs: ms - half, toMs: ms + half };
}

/** While playing, the needle walks to this share of the width; then the paper moves. */
export const FOLLOW_AT = 0.85;

export function following(view: View, ms: number): View {
  const line = view.fromMs + widthOf(view) * FOLLOW_AT;
  return ms > line ? moved(view, ms - line) : view;
}

/** A view on the way from one to another; `share` 0 to 1, slowing down. */
export function between(from: View, to: View, share: number): View {
  const eased = 1 - (1 - share) ** 3;
  return {
    fromMs: from.fromMs + (to.fromMs - from.fromMs) * eased,
    toMs: from.toMs + (to.toMs - from.toMs) * eased,
  };
}
