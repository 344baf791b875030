/** Holds: the list, and beside it the composer, one hold, or the change of its terms. */
import type { JSX } from 'preact';
import type { Hold, Session } from '../../http/api/index.ts';
import { Await } from '../parts/Failure.tsx';
import { useTexts } from '../state/language.ts';
import { useLoad } from '../state/load.ts';
import { go, route } from '../state/route.ts';
import { useStore } from '../state/store.ts';
import { loadCases, type Cases } from './cases.ts';
import { CaseView } from './case/CaseView.tsx';
import { Composer } from './composer/Composer.tsx';
import { useCoverages } from './coverages.ts';
import { HoldList } from './HoldList.tsx';
import { ScopePage } from './composer/ScopePage.tsx';
import { rightsOf } from './standing.ts';

const EVERY_MS = 30_000;
const NEW = 'new';

export interface HoldsProps {
  readonly session: Session;
  /** Retention of the site. */
  readonly days: number;
}

export function Holds({ session, days }: HoldsProps): JSX.Element {
  const cases = useLoad(`cases ${session.userName}`, () => loadCases(session, days), EVERY_MS);
  return <Await of={cases}>{(value) => <Open cases={value} onChange={cases.reload} />}</Await>;
}

interface OpenProps {
  readonly cases: Cases;
  readonly onChange: () => void;
}

function Open({ cases, onChange }: OpenProps): JSX.Element {
  const [chosen = '', more = ''] = useStore(route, (r) => r.rest).split('/');
  const texts = useTexts();
  const coverages = useCoverages(cases.holds);
  const mayPlace = cases.session.permissions.includes('holds.place');
  return (
    <div class="holds" data-open={chosen !== ''}>
      <HoldList
        cases={cases}
        coverages={coverages}
        chosen={chosen}
        onNew={
          mayPlace
            ? () => {
                go('holds', NEW);
              }
            : undefined
        }
      />
      {chosen === '' ? null : (
        <a class="button holds-back" href="#/holds">
          {texts.holds.all}
        </a>
      )}
      <Beside cases={cases} chosen={chosen} more={more} mayPlace={mayPlace} onChange={onChange} />
    </div>
  );
}

interface BesideProps extends OpenProps {
  readonly chosen: string;
  /** What follows: the case of a new hold, or how the terms of a hold are changed. */
  readonly more: string;
  readonly mayPlace: boolean;
}

function Beside({ cases, chosen, more, mayPlace, onChange }: BesideProps): JSX.Element {
  const { holds } = useTexts();
  const hold = cases.holds.find((h) => h.id === chosen);
  if (hold !== undefined) {
    const change = changeOf(hold, more, cases.session);
    return change === undefined ? (
      <CaseView key={hold.id} hold={hold} cases={cases} onChange={onChange} />
    ) : (
      <ScopePage key={`${hold.id} ${change}`} hold={hold} cases={cases} change={change} onChange={onChange} />
    );
  }
  if (mayPlace && (chosen === NEW || chosen === '')) {
    const under = cases.holds.find((h) => h.caseId === more);
    return <Composer key={more} cases={cases} under={under} onPlaced={onChange} />;
  }
  return <main class="state">{cases.holds.length === 0 ? holds.emptyHint : holds.choose}</main>;
}

function changeOf(hold: Hold, wanted: string, session: Session): 'widen' | 'narrow' | undefined {
  const change = (['widen', 'narrow'] as const).find((c) => c === wanted);
  return change !== undefined && rightsOf(hold, session)[change] ? change : undefined;
}
