/** What playback has just passed over, named with its length. */
import type { JSX } from 'preact';
import { useWords } from '../state/language.ts';
import { useValue } from '../state/store.ts';
import type { Desk } from './desk.ts';

export function Skipped({ desk }: { desk: Desk }): JSX.Element | null {
  const { texts, time } = useWords();
  const skippedMs = useValue(desk.skippedMs);
  if (skippedMs === null) return null;
  return (
    <p class="stage-note" role="status">
      {texts.review.skipped(time.span(skippedMs))}
    </p>
  );
}
