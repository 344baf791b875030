/** Windows of time in queries and bodies. */
import { DAY_MS } from '../base/clock.ts';
import { FortnightError } from '../base/errors.ts';
import type { TimeRange } from '../base/range.ts';

/** Longest window of one question: the longest retention anywhere, doubled. */
export const MAX_WINDOW_MS = 62 * DAY_MS;

/** The window, or `invalid` when it ends before it begins or is longer than anyone can look at. */
export function windowOf(query: { readonly from: number; readonly to: number }): TimeRange {
  if (query.from >= query.to) throw new FortnightError('invalid', 'the window must end after it begins');
  if (query.to - query.from > MAX_WINDOW_MS)
    throw new FortnightError('invalid', 'the window is longer than 62 days');
  return { fromMs: query.from, toMs: query.to };
}
