/** One case: its facts, its way, and its release. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Hold, HoldDetail, Session } from '../../http/api/index.ts';
import { getHold } from '../api/endpoints.ts';
import { Await } from '../parts/Failure.tsx';
import { useTexts, useWords } from '../state/language.ts';
import { useLoad } from '../state/load.ts';
import { camerasOf, StateChip } from './HoldList.tsx';
import type { Cases } from './Holds.tsx';
import { ReleaseDialog } from './ReleaseDialog.tsx';
import { SecondPerson } from './SecondPerson.tsx';
import { Steps } from './Steps.tsx';

export interface CaseViewProps {
  readonly hold: Hold;
  readonly cases: Cases;
  readonly session: Session;
  readonly onChange: () => void;
}

export function CaseView({ hold, cases, session, onChange }: CaseViewProps): JSX.Element {
  const { holds } = useTexts();
  const [releasing, setReleasing] = useState(false);
  const detail = useLoad<HoldDetail>(`${hold.id} ${String(hold.version)}`, () => getHold(hold.id));
  const mayRelease =
    session.permissions.includes('holds.change') && hold.state === 'standing' && hold.pending === null;
  return (
    <main class="case">
      <div class="page-head">
        <h1>{hold.caseRef}</h1>
        <StateChip hold={hold} />
        <span class="spring" />
        {mayRelease ? (
          <button
            class="button"
            onClick={() => {
              setReleasing(true);
            }}
          >
            {holds.release}
          </button>
        ) : null}
      </div>
      <SecondPerson hold={hold} session={session} onDone={onChange} />
      <div class="case-columns">
        <Facts hold={hold} cases={cases} />
        <section class="panel case-panel">
          <h2>{holds.history}</h2>
          <Await of={detail}>{(value) => <Steps hold={hold} versions={value.versions} />}</Await>
        </section>
      </div>
      {releasing ? (
        <ReleaseDialog
          hold={hold}
          cases={cases}
          onClose={() => {
            setReleasing(false);
          }}
          onReleased={() => {
            setReleasing(false);
            onChange();
          }}
        />
      ) : null}
    </main>
  );
}

function Facts({ hold, cases }: { hold: Hold; cases: Cases }): JSX.Element {
  const words = useWords();
  const { holds, composer } = words.texts;
  const { time } = words;
  const facts: readonly (readonly [string, string])[] = [
    [composer.kind, holds.kinds[hold.kind]],
    [composer.ground, holds.grounds[hold.ground]],
    [holds.cameras, camerasOf(hold, cases, words)],
    [
      holds.window,
      `${time.moment(hold.fromMs)} – ${time.moment(hold.toMs)} · ${time.span(hold.toMs - hold.fromMs)}`,
    ],
    [composer.review, time.longDay(hold.reviewMs)],
    [holds.setBy, holds.setByAt(hold.setBy, time.moment(hold.setMs))],
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
