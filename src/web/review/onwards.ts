/** Where playback goes on from a moment at which no shown camera has footage. Pure. */
import type { Moment } from '../timeline/footage.ts';

export type Onwards =
  | { readonly is: 'there' }
  /** Up with the recording: what is not known yet is told in a moment, and is never passed over. */
  | { readonly is: 'wait' }
  | { readonly is: 'skip'; readonly toMs: number }
  /** No footage follows. */
  | { readonly is: 'end' };

/** `moments`: of the shown cameras; `starts`: where the next footage of those begins that have some, when it is needed. */
export function onwards(moments: readonly Moment[], starts: () => readonly number[]): Onwards {
  if (moments.some((m) => m.kind === 'there')) return { is: 'there' };
  if (moments.some((m) => m.kind === 'recording')) return { is: 'wait' };
  const toMs = Math.min(...starts());
  return toMs === Infinity ? { is: 'end' } : { is: 'skip', toMs };
}
