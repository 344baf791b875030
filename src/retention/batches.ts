/** How due clips are grouped into delete batches. Pure. */
import { HOUR_MS } from '../base/clock.ts';
import type { DueClip } from './erasure.ts';

export const MAX_BATCH = 64;
/** A batch is halved when its unlinks took longer than this, so that a placement never waits long at the gate. */
export const SLOW_BATCH_MS = 200;

/** Oldest hour first, within an hour by directory: one fsync then serves many clips. `size` is asked for each batch. */
export function* batchesOf(due: readonly DueClip[], size: () => number): Generator<readonly DueClip[]> {
  const hour = (c: DueClip): number => Math.floor(c.dueMs / HOUR_MS);
  const sorted = [...due].sort((a, b) => hour(a) - hour(b) || a.dirId - b.dirId || a.dueMs - b.dueMs);
  let batch: DueClip[] = [];
  for (const clip of sorted) {
    const first = batch[0];
    if (first !== undefined && (batch.length >= size() || hour(first) !== hour(clip))) {
      yield batch;
      batch = [];
    }
    batch.push(clip);
  }
  if (batch.length > 0) yield batch;
}

/** The size of the next batch after one whose unlinks took `tookMs`. */
export function nextBatchSize(size: number, tookMs: number): number {
  if (tookMs > SLOW_BATCH_MS) return Math.max(1, Math.floor(size / 2));
  return tookMs < SLOW_BATCH_MS / 4 ? Math.min(MAX_BATCH, size * 2) : size;
}
