/** One hold and its case: its facts, what it covers, its way and history, and what may be done with it. */
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { CaseDetail, Hold, HoldCoverage } from '../../../http/api/index.ts';
import { actOnHold, getCase, getHoldCoverage } from '../../api/endpoints.ts';
import { Await } from '../../parts/Failure.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { useWords } from '../../state/language.ts';
import { useLoad } from '../../state/load.ts';
import { ActDialog } from './ActDialog.tsx';
import { actsOf, overlapsOf, type Act } from './acts.ts';
import { ActBar } from './ActBar.tsx';
import { CaseDialog } from './CaseDialog.tsx';
import { CaseFacts, Leaving, Remains } from './CaseFacts.tsx';
import { Covers } from '../composer/Covers.tsx';
import { freshly } from '../freshly.ts';
import { camerasOf, StateChip } from '../HoldEntry.tsx';
import { History } from './History.tsx';
import type { Cases } from '../cases.ts';
import { Preserved } from './Preserved.tsx';
import { StepList } from './Steps.tsx';
import { wayOf } from './way.ts';

export interface CaseViewProps {
  readonly hold: Hold;
  readonly cases: Cases;
  readonly onChange: () => void;
}

/** A dialog that is open: an act by its name, so that it is told anew when the hold has changed; or the case's own. */
type Open = Act['act'] | 'case' | undefined;

export function CaseView({ hold, cases, onChange }: CaseViewProps): JSX.Element {
  const words = useWords();
  const { texts } = words;
  const [open, setOpen] = useState<Open>(undefined);
  const key = `${hold.id} ${String(hold.version)}`;
  const detail = useLoad<CaseDetail>(`${key} ${String(hold.caseVersion)}`, () => getCase(hold.caseId));
  const way = { hold, cases, words };
  const acts = actsOf(way);
  const act = acts.find((a) => a.act === open);
  const close = (): void => {
    setOpen(undefined);
  };
  return (
    <main class="case">
      <div class="page-head">
        <h1>{hold.caseRef}</h1>
        <StateChip hold={hold} />
        <span class="spring" />
        <ActBar hold={hold} session={cases.session} acts={acts} onOpen={setOpen} />
      </div>
      <div class="case-columns">
        <div class="case-column">
          <CaseFacts hold={hold} cases={cases} />
          <Found hold={hold} cases={cases} />
          <Preserved hold={hold} cameras={cases.cameras} />
        </div>
        <div class="case-column">
          <section class="panel case-panel">
            <h2>{texts.cases.way}</h2>
            <StepList steps={wayOf(way)} />
            <Remains hold={hold} cases={cases} />
            <Leaving hold={hold} cases={cases} />
          </section>
          <section class="panel case-panel">
            <h2>{texts.cases.history}</h2>
            <Await of={detail}>{(value) => <History detail={value} hold={hold} cases={cases} />}</Await>
          </section>
        </div>
      </div>
      {act === undefined ? null : (
        <Doing act={act} hold={hold} cases={cases} onClose={close} onChange={onChange} />
      )}
      {open === 'case' && detail.value !== undefined ? (
        <CaseDialog
          of={detail.value.case}
          people={cases.people}
          onClose={close}
          onChange={() => {
            onChange();
            detail.reload();
          }}
        />
      ) : null}
    </main>
  );
}

/** What the hold covers now. Nothing any more, once it has ended. */
function Found({ hold, cases }: Omit<CaseViewProps, 'onChange'>): JSX.Element | null {
  const ended = hold.state === 'ended';
  const coverage = useLoad<HoldCoverage | undefined>(`coverage ${hold.id} ${String(hold.version)}`, () =>
    ended ? Promise.resolve(undefined) : getHoldCoverage(hold.id),
  );
  const window = useMemo(() => ({ fromMs: hold.fromMs, toMs: hold.toMs }), [hold.fromMs, hold.toMs]);
  if (ended) return null;
  const waiting = coverage.value === undefined && coverage.failed === undefined;
  return (
    <Covers
      coverage={{ value: coverage.value, failed: coverage.failed, waiting }}
      cameras={cases.cameras}
      window={window}
      days={cases.days}
      binds
    />
  );
}

interface DoingProps extends CaseViewProps {
  readonly act: Act;
  readonly onClose: () => void;
}

function Doing({ act, hold, cases, onClose, onChange }: DoingProps): JSX.Element {
  const words = useWords();
  const { time } = words;
  const cameras = camerasOf(hold.cameraIds, cases, words);
  return (
    <ActDialog
      {...act}
      about={`${hold.title} · ${cameras} · ${time.range(hold)}`}
      onClose={onClose}
      onGo={async (given) => {
        await freshly(onChange, () => actOnHold(hold.id, act.act, { version: hold.version, ...given }));
        onClose();
      }}
    >
      {act.act === 'approve' ? <Remains hold={hold} cases={cases} /> : null}
      {act.destructive ? <Overlaps hold={hold} cases={cases} /> : null}
    </ActDialog>
  );
}

function Overlaps({ hold, cases }: Omit<CaseViewProps, 'onChange'>): JSX.Element | null {
  const { texts, time } = useWords();
  const others = overlapsOf(hold, cases.holds);
  if (others.length === 0) return null;
  return (
    <p class="notice">
      <Icon name="warn" />
      <span>{others.map((o) => texts.holds.overlap(time.span(o.ms), o.caseRef)).join(' ')}</span>
    </p>
  );
}
