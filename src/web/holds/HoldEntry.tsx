/** One hold in the list: its case, where it stands, what of its window is there, its age and its next date. */
import type { JSX } from 'preact';
import type { Hold, HoldCoverage } from '../../http/api/index.ts';
import { Icon, type IconName } from '../parts/Icon.tsx';
import { serverNow } from '../state/clock.ts';
import { useTexts, useWords } from '../state/language.ts';
import type { Words } from '../texts/words.ts';
import { formatBytes, formatPercent } from '../time/format.ts';
import { PARTS, partsOf } from './coverages.ts';
import type { Cases } from './cases.ts';
import { conditionOf, type Condition } from './standing.ts';

export interface HoldEntryProps {
  readonly hold: Hold;
  readonly cases: Cases;
  /** Not known yet, or nothing is held any more. */
  readonly coverage: HoldCoverage | undefined;
  readonly current: boolean;
}

export function HoldEntry({ hold, cases, coverage, current }: HoldEntryProps): JSX.Element {
  const words = useWords();
  const { texts, time } = words;
  const percent = coverage?.percent ?? null;
  return (
    <a class="hold-entry" href={`#/holds/${hold.id}`} aria-current={current}>
      <span class="hold-line">
        <b>{hold.caseRef}</b>
        <StateChip hold={hold} />
      </span>
      <span class="hold-title">
        {hold.title} <span class="muted">· {camerasOf(hold.cameraIds, cases, words)}</span>
      </span>
      <Bar coverage={coverage} />
      <span class="hold-line muted">
        <span data-overdue={hold.reviewOverdue && hold.state === 'standing'}>{whenOf(hold, words)}</span>
        <span>{percent === null ? '' : `${formatPercent(percent, time.locale)} %`}</span>
      </span>
      <span class="hold-line muted">
        <span>
          {coverage === undefined
            ? ''
            : `${texts.shared.clips(coverage.clips)}, ${formatBytes(coverage.bytes, time.locale)}`}
        </span>
        <span>{nextOf(hold, words)}</span>
      </span>
    </a>
  );
}

/** Deleted, held, gap and still to come, each as long as its share of the window. */
function Bar({ coverage }: { coverage: HoldCoverage | undefined }): JSX.Element {
  const shares = coverage === undefined ? undefined : partsOf(coverage);
  return (
    <span class="hold-progress" aria-hidden="true">
      {shares === undefined
        ? null
        : PARTS.map((part) => (
            <i key={part} class={part} style={{ width: `${String(shares[part] * 100)}%` }} />
          ))}
    </span>
  );
}

export function camerasOf(
  cameraIds: readonly string[],
  { cameras }: Pick<Cases, 'cameras'>,
  { language }: Words,
): string {
  return cameraIds.map((id) => cameras.find((c) => c.id === id)?.name[language] ?? id).join(', ');
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

/** The next thing with a clock: the time left to confirm, or the end of a window that is still being recorded. */
function nextOf(hold: Hold, { texts, time }: Words): string {
  const now = serverNow();
  if (hold.state !== 'standing') return '';
  if (hold.confirmByMs !== null && hold.confirmByMs > now && hold.pending === null) {
    return texts.holds.confirmLeft(time.span(hold.confirmByMs - now));
  }
  return hold.toMs > now ? texts.holds.until(time.moment(hold.toMs)) : '';
}

const CHIPS: Readonly<Record<Condition, { tone: string; icon: IconName }>> = {
  standing: { tone: 'hold', icon: 'hold' },
  to_confirm: { tone: 'due', icon: 'people' },
  unconfirmed: { tone: 'bad', icon: 'warn' },
  release_asked: { tone: 'due', icon: 'people' },
  narrowing_asked: { tone: 'due', icon: 'people' },
  overdue: { tone: 'bad', icon: 'warn' },
  cooling_off: { tone: 'due', icon: 'clock' },
  ended: { tone: 'ok', icon: 'ok' },
};

export function StateChip({ hold }: { hold: Hold }): JSX.Element {
  const { holds } = useTexts();
  const condition = conditionOf(hold);
  const { tone, icon } = CHIPS[condition];
  return (
    <span class={`chip ${tone}`}>
      <Icon name={icon} />
      {holds.states[condition]}
    </span>
  );
}
