/** The typed side of widening and narrowing: the whole way first, then times, reason, and the password again. */
import type { JSX } from 'preact';
import type { Hold } from '../../../http/api/index.ts';
import { useWords } from '../../state/language.ts';
import { Asked, Trouble } from '../case/ActDialog.tsx';
import { Typed } from '../fields.tsx';
import type { Cases } from '../cases.ts';
import type { Change } from './scope.ts';
import type { ScopeChange } from './scope-change.ts';
import { StepList } from '../case/Steps.tsx';
import { requestWay } from '../case/way.ts';

export interface ScopeFormProps {
  readonly hold: Hold;
  readonly cases: Cases;
  readonly change: Change;
  readonly wanted: ScopeChange;
}

export function ScopeForm({ hold, cases, change, wanted }: ScopeFormProps): JSX.Element {
  const words = useWords();
  const { form, set, failed } = wanted;
  const { texts } = words;
  const refused = failed === 'forbidden';
  return (
    <form
      class="panel case-form"
      onSubmit={(event) => {
        event.preventDefault();
        wanted.submit();
      }}
    >
      {change === 'narrow' ? (
        <div class="wide">
          <StepList steps={requestWay({ hold, cases, words }, 'narrowing')} />
        </div>
      ) : null}
      <p class="wide muted">{change === 'widen' ? texts.cases.mustContain : texts.cases.mustLieWithin}</p>
      <Times wanted={wanted} />
      <div class="wide dialog-form">
        <Asked
          asks={change === 'narrow' ? ['reason', 'password'] : ['reason']}
          reason={form.reason}
          password={form.password}
          wrong={refused ? texts.shared.wrongPassword : undefined}
          onReason={(reason) => {
            set({ reason });
          }}
          onPassword={(password) => {
            set({ password });
          }}
        />
        <Trouble code={refused ? undefined : failed} />
      </div>
    </form>
  );
}

function Times({ wanted: { form, set } }: Pick<ScopeFormProps, 'wanted'>): JSX.Element {
  const { texts, time } = useWords();
  const { composer } = texts;
  return (
    <>
      <Typed
        label={composer.from}
        value={form.from}
        onChange={(from) => {
          set({ from });
        }}
      />
      <Typed
        label={composer.to}
        aside={time.zone.name}
        value={form.to}
        onChange={(to) => {
          set({ to });
        }}
      />
      <Typed
        wide
        label={composer.end}
        aside={composer.endHint}
        value={form.end}
        onChange={(end) => {
          set({ end });
        }}
      />
    </>
  );
}
