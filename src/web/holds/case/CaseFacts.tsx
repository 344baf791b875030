/** What a case and its hold say of themselves, and what is asked to change of it. */
import type { JSX } from 'preact';
import type { Hold } from '../../../http/api/index.ts';
import { Icon } from '../../parts/Icon.tsx';
import { useWords } from '../../state/language.ts';
import { camerasOf } from '../HoldEntry.tsx';
import type { Cases } from '../cases.ts';
import { nameOf } from './way.ts';

export interface CaseFactsProps {
  readonly hold: Hold;
  readonly cases: Cases;
}

export function CaseFacts({ hold, cases }: CaseFactsProps): JSX.Element {
  const words = useWords();
  const { holds, composer, shared } = words.texts;
  const { time } = words;
  const viewers = hold.viewers.map((v) => nameOf(v, cases, words)).join(', ');
  const window = `${time.range(hold)} · ${time.span(hold.toMs - hold.fromMs)}`;
  const facts: readonly (readonly [string, string])[] = [
    [composer.kind, holds.kinds[hold.kind]],
    [composer.ground, holds.grounds[hold.ground]],
    [holds.cameras, camerasOf(hold.cameraIds, cases, words)],
    [holds.window, `${window} · ${time.zone.name}`],
    [composer.review, time.longDay(hold.reviewMs)],
    ...(hold.endMs === null ? [] : [[holds.end, time.moment(hold.endMs)] as const]),
    [holds.viewers, viewers === '' ? shared.none : viewers],
    [holds.setBy, holds.setByAt(nameOf(hold.setBy, cases, words), time.moment(hold.setMs))],
    [holds.number, hold.id],
  ];
  return (
    <section class="panel case-panel">
      <h2>{hold.title}</h2>
      <p class="case-reason">{hold.reason}</p>
      <dl class="pairs">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** What would be left once a narrowing is granted. */
export function Remains({ hold, cases }: CaseFactsProps): JSX.Element | null {
  const words = useWords();
  const { pending } = hold;
  if (pending?.what !== 'narrowing') return null;
  const { time, texts } = words;
  const cameras = camerasOf(pending.cameraIds, cases, words);
  return (
    <p class="notice">
      <Icon name="hold" />
      <span>{texts.cases.remains(cameras, time.range(pending))}</span>
    </p>
  );
}

/** What earlier narrowings gave up and is still bound. */
export function Leaving({ hold, cases }: CaseFactsProps): JSX.Element {
  const words = useWords();
  const { time, texts } = words;
  return (
    <>
      {hold.leaving.map((part) => (
        <p class="notice" key={`${String(part.fromMs)} ${part.cameraIds.join()} ${String(part.endsMs)}`}>
          <Icon name="clock" />
          <span>
            {texts.cases.leaving(
              camerasOf(part.cameraIds, cases, words),
              time.range(part),
              time.moment(part.endsMs),
            )}
          </span>
        </p>
      ))}
    </>
  );
}
