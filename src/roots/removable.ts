/** Which empty directories may go. Pure. */
import { DAY_MS } from '../base/clock.ts';

/** A directory below a root that holds no clip any more. */
export interface EmptyDir {
  readonly path: string;
  /** Moment after which it receives no more files, by the dates in its path; null: for ever. */
  readonly closesMs: number | null;
}

/**
 * Directories to be removed by rmdir (never more: one that is not empty refuses): those whose path carries a date that
 * closed more than the retention and a day ago. A camera's own directory has no date of its own. Deepest first, so
 * that a parent is empty when its turn comes. `nowMs` is the retention clock.
 */
export function removableDirs(
  dirs: readonly EmptyDir[],
  at: { readonly nowMs: number; readonly retentionMs: number },
): string[] {
  return dirs
    .filter(
      (dir) => dir.path !== '' && dir.closesMs !== null && dir.closesMs + at.retentionMs + DAY_MS < at.nowMs,
    )
    .map((dir) => dir.path)
    .sort((a, b) => b.split('/').length - a.split('/').length || (a < b ? -1 : 1));
}
