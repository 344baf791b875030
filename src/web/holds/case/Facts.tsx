/** What of a hold's window is gone, was saved at the last moment, is missing, or is still to come. */
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Camera, HoldCoverage } from '../../../http/api/index.ts';
import { Icon, type IconName } from '../../parts/Icon.tsx';
import { useWords } from '../../state/language.ts';
import type { Words } from '../../texts/words.ts';
import type { Span } from '../../timeline/footage.ts';
import { Receipts } from '../composer/Receipts.tsx';

export interface FactsProps {
  readonly coverage: HoldCoverage;
  readonly cameras: readonly Camera[];
  readonly days: number;
}

export function Facts(props: FactsProps): JSX.Element {
  const words = useWords();
  const { coverage, cameras } = props;
  const { composer } = words.texts;
  const spans = (part: 'gaps' | 'future'): Span[] => coverage.cameras.flatMap((c) => c[part]);
  return (
    <dl class="covers-facts">
      <Deleted {...props} />
      <Fact icon="hold" tone="hold" name={composer.rescued} value={countOf(coverage.rescued, words)}>
        {coverage.rescued === 0 ? null : composer.rescuedMore}
      </Fact>
      <Fact
        icon="warn"
        tone="due"
        name={composer.unknown}
        value={countOf(coverage.outcomeUnknown.length, words)}
        hidden={coverage.outcomeUnknown.length === 0}
      >
        {composer.unknownMore}
      </Fact>
      <Fact icon="camera" name={composer.gaps} value={lengthOf(spans('gaps'), words)}>
        {spans('gaps').length === 0 ? null : gapsNamed(coverage, cameras, words)}
      </Fact>
      <Fact icon="clock" name={composer.future} value={lengthOf(spans('future'), words)}>
        {spans('future').length === 0 ? null : composer.futureMore}
      </Fact>
      <Fact
        icon="disk"
        name={composer.notPinned}
        value={countOf(coverage.notPinned, words)}
        hidden={coverage.notPinned === 0}
      >
        {composer.notPinnedMore}
      </Fact>
    </dl>
  );
}

function Deleted({ coverage, cameras, days }: FactsProps): JSX.Element {
  const words = useWords();
  const { composer, shared } = words.texts;
  const [open, setOpen] = useState(false);
  const gone = coverage.cameras.flatMap((c) => c.deleted);
  const name = gone.length === 0 ? composer.alreadyDeleted : composer.alreadyDeletedAt(Math.round(days));
  const count = coverage.deletedClips;
  return (
    <Fact icon="trash" tone="due" name={name} value={lengthOf(gone, words)}>
      {count === 0 ? null : (
        <>
          {shared.clips(count)} ·{' '}
          <button
            class="link"
            type="button"
            onClick={() => {
              setOpen(true);
            }}
          >
            {composer.receipts}
          </button>
        </>
      )}
      {open ? (
        <Receipts
          coverage={coverage}
          cameras={cameras}
          onClose={() => {
            setOpen(false);
          }}
        />
      ) : null}
    </Fact>
  );
}

export interface FactProps {
  readonly icon: IconName;
  readonly tone?: 'due' | 'hold' | 'ok';
  readonly name: string;
  readonly value: string;
  readonly hidden?: boolean;
  readonly children: ComponentChildren;
}

export function Fact({ icon, tone, name, value, hidden, children }: FactProps): JSX.Element {
  return (
    <div class={tone} hidden={hidden === true}>
      <Icon name={icon} />
      <dt>
        {name}
        {children === null ? null : <small>{children}</small>}
      </dt>
      <dd>{value}</dd>
    </div>
  );
}

function countOf(count: number, { texts, number }: Words): string {
  return count === 0 ? texts.shared.none : number(count);
}

function lengthOf(spans: readonly Span[], { texts, time }: Words): string {
  if (spans.length === 0) return texts.shared.none;
  return time.span(spans.reduce((ms, s) => ms + s.toMs - s.fromMs, 0));
}

const GAPS_NAMED = 2;

function gapsNamed(
  coverage: HoldCoverage,
  cameras: readonly Camera[],
  { language, texts, time }: Words,
): string {
  const named = coverage.cameras.flatMap((c) => {
    const name = cameras.find((k) => k.id === c.cameraId)?.name[language] ?? c.cameraId;
    return c.gaps.map((g) => `${name} ${fromTo(g, time)}`);
  });
  const shown = named.slice(0, GAPS_NAMED).join('; ');
  return named.length > GAPS_NAMED ? `${shown} ${texts.composer.andMore(named.length - GAPS_NAMED)}` : shown;
}

/** The day once where the gap lies within it, and seconds where the minutes would not tell its ends apart. */
function fromTo({ fromMs, toMs }: Span, time: Words['time']): string {
  if (time.day(fromMs) !== time.day(toMs)) return `${time.moment(fromMs)} – ${time.moment(toMs)}`;
  const clock = time.minute(fromMs) === time.minute(toMs) ? time.second : time.minute;
  return `${time.day(fromMs)} ${clock(fromMs)}–${clock(toMs)}`;
}
