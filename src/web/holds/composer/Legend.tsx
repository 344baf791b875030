/** What the inks of the timeline without pictures mean. */
import type { JSX } from 'preact';
import { useTexts } from '../../state/language.ts';

export function Legend(): JSX.Element {
  const { composer } = useTexts();
  return (
    <p class="legend">
      <span>
        <i class="recorded" />
        {composer.legend.recorded}
      </span>
      <span>
        <i class="gap" />
        {composer.legend.gap}
      </span>
      <span>
        <i class="held" />
        {composer.legend.held}
      </span>
      <span>
        <i class="future" />
        {composer.legend.future}
      </span>
      <span>
        <i class="due" />
        {composer.legend.due}
      </span>
    </p>
  );
}
