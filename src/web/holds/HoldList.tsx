/** The holds at the left: what binds, until when, and what waits for a person. */
import type { JSX } from 'preact';
import type { Hold } from '../../http/api/index.ts';
import { Icon, type IconName } from '../parts/Icon.tsx';
import { serverNow } from '../state/clock.ts';
import { useTexts, useWords } from '../state/language.ts';
import type { Words } from '../texts/words.ts';
import type { Cases } from './Holds.tsx';

export interface HoldListProps {
  readonly cases: Cases;
  readonly chosen: string;
  /** Absent for roles that only read. */
  readonly onNew: (() => void) | undefined;
}

export function HoldList({ cases, chosen, onNew }: HoldListProps): JSX.Element {
  const { holds } = useTexts();
  return (
    <aside class="hold-list" aria-label={holds.title}>
      <header>
        <h1>{holds.title}</h1>
        {onNew === undefined ? null : (
          <button class="button go" onClick={onNew}>
            <span aria-hidden="true">+</span> {holds.new}
          </button>
        )}
      </header>
      {cases.holds.length === 0 ? (
        <p class="state">
          <b>{holds.empty}</b>
          {holds.emptyHint}
        </p>
      ) : null}
      {cases.holds.map((hold) => (
        <Entry key={hold.id} hold={hold} cases={cases} current={hold.id === chosen} />
      ))}
      <footer>
        {onNew === undefined ? `${holds.readOnly} ` : ''}
        {holds.foot}
      </footer>
    </aside>
  );
}

function Entry({ hold, cases, current }: { hold: Hold; cases: Cases; current: boolean }): JSX.Element {
  const words = useWords();
  return (
    <a class="hold-entry" href={`#/holds/${hold.id}`} aria-current={current}>
      <span class="hold-line">
        <b>{hold.caseRef}</b>
        <StateChip hold={hold} />
      </span>
      <span class="hold-title">
        {hold.title} <span class="muted">· {camerasOf(hold, cases, words)}</span>
      </span>
      <Progress hold={hold} />
      <span class="hold-line muted">
        <span>{whenOf(hold, words)}</span>
        <span>{hold.toMs > serverNow() ? words.texts.holds.until(words.time.moment(hold.toMs)) : null}</span>
      </span>
    </a>
  );
}

/** Recorded part solid, the part still to come dashed; empty once the hold has ended. */
function Progress({ hold }: { hold: Hold }): JSX.Element {
  const passed = Math.min(1, Math.max(0, (serverNow() - hold.fromMs) / (hold.toMs - hold.fromMs)));
  const width = (share: number): { width: string } => ({ width: `${String(share * 100)}%` });
  return (
    <span class="hold-progress" aria-hidden="true">
      {hold.state === 'ended' ? null : (
        <>
          <i style={width(passed)} />
          <i class="coming" style={width(1 - passed)} />
        </>
      )}
    </span>
  );
}

export function camerasOf(hold: Hold, cases: Cases, { language }: Words): string {
  return hold.cameraIds.map((id) => cases.cameras.find((c) => c.id === id)?.name[language] ?? id).join(', ');
}

function whenOf(hold: Hold, { texts, time }: Words): string {
  const { holds } = texts;
  const now = serverNow();
  if (hold.state === 'ended') return holds.endedOn(time.day(hold.endsMs ?? now));
  if (hold.state === 'cooling_off') return holds.endsOn(time.moment(hold.endsMs ?? now));
  const age = holds.age(time.span(now - hold.setMs));
  const review = hold.reviewOverdue
    ? holds.reviewWas(time.span(now - hold.reviewMs))
    : holds.reviewOn(time.day(hold.reviewMs));
  return `${age} · ${review}`;
}

const CHIPS: Readonly<
  Record<'standing' | 'overdue' | 'cooling_off' | 'ended', { tone: string; icon: IconName }>
> = {
  standing: { tone: 'hold', icon: 'hold' },
  overdue: { tone: 'bad', icon: 'warn' },
  cooling_off: { tone: 'due', icon: 'clock' },
  ended: { tone: 'ok', icon: 'ok' },
};

export function StateChip({ hold }: { hold: Hold }): JSX.Element {
  const { holds } = useTexts();
  const state = hold.state === 'standing' && hold.reviewOverdue ? 'overdue' : hold.state;
  const { tone, icon } = CHIPS[state];
  return (
    <span class={`chip ${tone}`}>
      <Icon name={icon} />
      {holds.states[state]}
    </span>
  );
}
