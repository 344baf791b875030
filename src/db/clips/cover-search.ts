/** Finding the clips whose candidate intervals touch a window: one range of the index per class of envelope. */
import { overlaps, type TimeRange } from '../../base/range.ts';
import { COVER_CLASS_MS } from './clip-row.ts';

const LONGEST_WINDOW_MS = 366 * 86_400_000;

/** `SELECT ... ${COVERED}` with the values of a CoverSearch; where `intervals` is not NULL, `touches` decides. */
export const COVERED = `FROM clip INDEXED BY clip_cover
  WHERE camera_n = @camera AND cover_class = @class AND cover_from_ms > @low AND cover_from_ms < @to
    AND cover_to_ms > @from`;

export interface CoverSearch {
  readonly camera: number;
  readonly class: number;
  readonly low: number;
  readonly from: number;
  readonly to: number;
}

export function coverSearches(camera: number, window: TimeRange): CoverSearch[] {
  return COVER_CLASS_MS.map((reach, i) => {
    const low = window.fromMs - Math.min(reach, window.fromMs + LONGEST_WINDOW_MS) - 1;
    return { camera, class: i, low, from: window.fromMs, to: window.toMs };
  });
}

/** Whether one of a clip's several intervals (the column `intervals`) touches the window. */
export function touches(intervals: string, window: TimeRange): boolean {
  const pairs = JSON.parse(intervals) as [number, number][];
  return pairs.some(([fromMs, toMs]) => overlaps({ fromMs, toMs }, window));
}
