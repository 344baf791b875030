/** The way of a hold, from its placing to its end: what is done, what is now, what is still to come. */
import type { JSX } from 'preact';
import type { Hold, HoldDetail } from '../../http/api/index.ts';
import { useWords } from '../state/language.ts';
import type { Words } from '../texts/words.ts';

export interface Step {
  readonly title: string;
  readonly more: string;
  readonly state: 'done' | 'now' | 'coming';
}

export function StepList({ steps }: { steps: readonly Step[] }): JSX.Element {
  return (
    <ol class="steps">
      {steps.map((step) => (
        <li key={step.title} data-state={step.state}>
          <b>{step.title}</b>
          <span>{step.more}</span>
        </li>
      ))}
    </ol>
  );
}

export function Steps({ hold, versions }: { hold: Hold; versions: HoldDetail['versions'] }): JSX.Element {
  const words = useWords();
  return <StepList steps={[...placed(versions, words), ...ending(hold, words)]} />;
}

function placed(versions: HoldDetail['versions'], { texts, time }: Words): Step[] {
  const { holds } = texts;
  return versions.map((v) => ({
    title: holds.acts[v.act],
    more: [
      holds.setByAt(v.by, time.moment(v.atMs)),
      ...(v.reason === '' ? [] : [texts.shared.quote(v.reason)]),
    ].join(' · '),
    state: 'done' as const,
  }));
}

function ending(hold: Hold, words: Words): Step[] {
  const { steps } = words.texts.holds;
  if (hold.state === 'ended') {
    const when = words.time.moment(hold.endsMs ?? hold.setMs);
    return [{ title: steps.ended, more: steps.endedMore(when), state: 'done' }];
  }
  if (hold.state === 'cooling_off') {
    const until = steps.coolingUntil(words.time.moment(hold.endsMs ?? hold.setMs));
    return [
      { title: steps.coolingNow, more: `${until} ${steps.coolingMore}`, state: 'now' },
      { title: steps.destroyed, more: steps.destroyedMore, state: 'coming' },
    ];
  }
  return [{ title: steps.review(words.time.longDay(hold.reviewMs)), more: steps.reviewMore, state: 'now' }];
}
