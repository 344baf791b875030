/**
 * Widening and narrowing on the timeline. Widening binds at once and is confirmed again; narrowing is asked for, and shows
 * its whole way before the first step.
 */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Coverage, Hold, HoldPlaced } from '../../../http/api/index.ts';
import { Await } from '../../parts/Failure.tsx';
import { loadCoverage } from '../../review/Review.tsx';
import { useWords } from '../../state/language.ts';
import { useLoad } from '../../state/load.ts';
import { HOUR_MS } from '../../time/zone.ts';
import { Covers } from './Covers.tsx';
import { missingOf, windowOf } from './form.ts';
import type { Cases } from '../cases.ts';
import { Legend } from './Legend.tsx';
import { Placed } from './Placed.tsx';
import { usePreview } from './preview.ts';
import type { Change } from './scope.ts';
import { ScopeForm } from './ScopeForm.tsx';
import { useScopeChange, type ScopeChange } from './scope-change.ts';
import { WindowTimeline } from './WindowTimeline.tsx';

export interface ScopePageProps {
  readonly hold: Hold;
  readonly cases: Cases;
  readonly change: Change;
  readonly onChange: () => void;
}

export function ScopePage(props: ScopePageProps): JSX.Element {
  const { hold, cases } = props;
  const coverage = useLoad<Coverage>(`scope ${hold.id}`, () => loadCoverage(cases.days, hold.fromMs), 30_000);
  const [placed, setPlaced] = useState<HoldPlaced | undefined>(undefined);
  return (
    <main class="composer">
      <Await of={coverage}>
        {(value) =>
          placed === undefined ? (
            <Open {...props} coverage={value} onPlaced={setPlaced} />
          ) : (
            <Placed placed={placed} cases={cases} onDone={props.onChange} />
          )
        }
      </Await>
    </main>
  );
}

interface OpenProps extends ScopePageProps {
  readonly coverage: Coverage;
  readonly onPlaced: (placed: HoldPlaced) => void;
}

function Open({ hold, cases, change, coverage, onChange, onPlaced }: OpenProps): JSX.Element {
  const { texts, time } = useWords();
  const wanted = useScopeChange({ hold, change, onChange, onPlaced });
  const { form, set } = wanted;
  const window = windowOf(form, time);
  const preview = usePreview(form.cameraIds, window);
  return (
    <>
      <div class="page-head">
        <h1>{texts.cases.titles[change](hold.caseRef)}</h1>
        <span class="spring" />
        <a href={`#/holds/${hold.id}`}>{texts.cases.back}</a>
      </div>
      <WindowTimeline
        coverage={coverage}
        cameras={cases.cameras}
        window={window}
        cameraIds={form.cameraIds}
        onWindow={({ fromMs, toMs }) => {
          set({ from: time.fullMoment(fromMs), to: time.fullMoment(toMs) });
        }}
        onCameras={(cameraIds) => {
          set({ cameraIds });
        }}
      />
      <Legend />
      <div class="composer-columns">
        <ScopeForm hold={hold} cases={cases} change={change} wanted={wanted} />
        <Covers
          coverage={preview}
          cameras={cases.cameras}
          window={window}
          days={cases.days}
          missing={missingOf(form, time)}
        >
          <Foot change={change} wanted={wanted} confirmWithinMs={cases.confirmWithinMs} />
        </Covers>
      </div>
    </>
  );
}

function Foot(props: { change: Change; wanted: ScopeChange; confirmWithinMs: number }): JSX.Element {
  const { cases, composer, way } = useWords().texts;
  const { change, wanted } = props;
  const hours = Math.round(props.confirmWithinMs / HOUR_MS);
  return (
    <div class="covers-foot">
      <p>{change === 'widen' ? composer.bindsAtOnce(hours) : way.coolingNarrow}</p>
      <button
        class={change === 'narrow' ? 'button bad' : 'button go'}
        disabled={!wanted.complete || wanted.running}
        onClick={wanted.submit}
      >
        {cases.go[change]}
      </button>
    </div>
  );
}
