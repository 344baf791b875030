/** Findings of the ingest that wait for the word of a pin or a copy, which may be there although nobody has heard of it. */
import { DAY_MS, MINUTE_MS } from '../../base/clock.ts';
import { ASKED, MADE, signed } from './kept-rows.ts';
import type { Db } from '../open.ts';

/** So long a finding waits: a disk that gives no word hides no file for ever. */
const WORD_MS = 10 * MINUTE_MS;
/** What is said of a clip after so long is another finding, and waits anew. */
const ONE_FINDING_MS = DAY_MS;

/**
 * Whether what was found of a clip is not to be believed yet: a link to its file, or a copy of it, is asked for. `now`: the
 * inode that has the clip's name now; if it is the clip's own, a link has the new content too, and nothing is won by
 * waiting for one. Ends by itself ten minutes (retention clock) after it was first said, with the next look.
 */
export type AwaitsWord = (clipId: number, at: { readonly nowMs: number; readonly now?: bigint }) => boolean;

/** Of what the clip is now. */
const COPY = 'SELECT 1 FROM copy WHERE copy.clip_id = clip.id AND copy.size_bytes = clip.size_bytes';

export function createAwaitsWord(db: Db): AwaitsWord {
  const find = db
    .prepare<[number, bigint | null], number>(
      `SELECT 1 FROM clip WHERE clip.id = +? AND (
         (clip.ino IS NOT ? AND EXISTS (SELECT 1 FROM pin
           WHERE pin.clip_id = clip.id AND pin.ino = clip.ino AND pin.state = ${String(ASKED)}))
         OR (EXISTS (${COPY} AND copy.state = ${String(ASKED)}) AND NOT EXISTS (${COPY} AND copy.state = ${String(MADE)})))`,
    )
    .pluck();
  const sinceMs = new Map<number, number>();
  return (clipId, { nowMs, now }) => {
    if (find.get(clipId, now === undefined ? null : signed(now)) === undefined) {
      sinceMs.delete(clipId);
      return false;
    }
    // In the order in which they were first said.
    for (const [id, since] of sinceMs) {
      if (nowMs - since <= ONE_FINDING_MS) break;
      sinceMs.delete(id);
    }
    const since = sinceMs.get(clipId) ?? nowMs;
    sinceMs.set(clipId, since);
    return nowMs - since < WORD_MS;
  };
}
