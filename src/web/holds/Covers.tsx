/** The truth at once: what the hold finds, what is missing, what is already gone, what is still to come. */
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Camera, HoldCoverage } from '../../http/api/index.ts';
import { Dialog } from '../parts/Dialog.tsx';
import { Failure } from '../parts/Failure.tsx';
import { Icon, type IconName } from '../parts/Icon.tsx';
import { useWords, type Words } from '../state/language.ts';
import { formatBytes } from '../time/format.ts';
import type { Span } from '../timeline/footage.ts';
import type { Preview } from './preview.ts';

export interface CoversProps {
  readonly coverage: Preview;
  readonly cameras: readonly Camera[];
  readonly window: Span | undefined;
  readonly days: number;
  readonly children: ComponentChildren;
}

export function Covers({ coverage, cameras, window, days, children }: CoversProps): JSX.Element {
  const { texts } = useWords();
  const { value, failed, waiting } = coverage;
  return (
    <section class="panel covers" aria-live="polite" aria-label={texts.composer.covers} data-stale={waiting}>
      <h2>{texts.composer.covers}</h2>
      <Failure code={failed} />
      {value === undefined || window === undefined ? (
        <p class="muted">{failed === undefined && !waiting ? texts.composer.chooseCamera : ''}</p>
      ) : (
        <>
          <Sum coverage={value} />
          <Bars coverage={value} cameras={cameras} window={window} />
          <Facts coverage={value} cameras={cameras} days={days} />
        </>
      )}
      {children}
    </section>
  );
}

/** Rounded down: 99.96 per cent is not all of it. */
function percent(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(Math.floor(value * 10) / 10);
}

function Sum({ coverage }: { coverage: HoldCoverage }): JSX.Element {
  const { texts, time, number } = useWords();
  const { shared, composer } = texts;
  if (coverage.percent === null) return <p class="covers-sum">{composer.allFuture}</p>;
  return (
    <div class="covers-sum">
      <span class="covers-percent">
        {percent(coverage.percent, time.locale)}
        <small> %</small>
      </span>
      <p>
        <b>
          {shared.clips(number(coverage.clips), coverage.clips === 1)},{' '}
          {formatBytes(coverage.bytes, time.locale)}
        </b>
        <br />
        {composer.sum}
      </p>
    </div>
  );
}

const PARTS = ['covered', 'gaps', 'deleted', 'future'] as const;

function Bars({
  coverage,
  cameras,
  window,
}: {
  coverage: HoldCoverage;
  cameras: readonly Camera[];
  window: Span;
}): JSX.Element {
  const { language, time } = useWords();
  const place = ({ fromMs, toMs }: Span): { left: string; width: string } => {
    const share = (ms: number): string => `${String((ms / (window.toMs - window.fromMs)) * 100)}%`;
    return { left: share(fromMs - window.fromMs), width: share(toMs - fromMs) };
  };
  return (
    <div class="covers-bars">
      {coverage.cameras.map((c) => (
        <div key={c.cameraId}>
          <span>{cameras.find((k) => k.id === c.cameraId)?.name[language] ?? c.cameraId}</span>
          <span class="covers-bar" aria-hidden="true">
            {PARTS.flatMap((part) =>
              c[part].map((s) => <i key={`${part} ${String(s.fromMs)}`} class={part} style={place(s)} />),
            )}
          </span>
          <span class="covers-share">
            {c.percent === null ? '–' : `${percent(c.percent, time.locale)} %`}
          </span>
        </div>
      ))}
    </div>
  );
}

const GAPS_NAMED = 2;

function sum(spans: readonly Span[]): number {
  return spans.reduce((ms, s) => ms + s.toMs - s.fromMs, 0);
}

function Facts({
  coverage,
  cameras,
  days,
}: {
  coverage: HoldCoverage;
  cameras: readonly Camera[];
  days: number;
}): JSX.Element {
  const words = useWords();
  const { texts, time, number } = words;
  const { composer, shared } = texts;
  const [receipts, setReceipts] = useState(false);
  const all = (part: (typeof PARTS)[number]): Span[] => coverage.cameras.flatMap((c) => c[part]);
  const gone = all('deleted');
  const gaps = all('gaps');
  const future = all('future');
  const length = (spans: readonly Span[]): string =>
    spans.length === 0 ? shared.none : time.span(sum(spans));
  return (
    <dl class="covers-facts">
      <Fact
        icon="trash"
        tone="due"
        name={gone.length === 0 ? composer.alreadyDeleted : composer.alreadyDeletedAt(Math.round(days))}
        value={length(gone)}
      >
        {coverage.deletedClips === 0 ? null : (
          <>
            {shared.clips(number(coverage.deletedClips), coverage.deletedClips === 1)} ·{' '}
            <button
              class="link"
              type="button"
              onClick={() => {
                setReceipts(true);
              }}
            >
              {composer.receipts}
            </button>
          </>
        )}
      </Fact>
      <Fact
        icon="hold"
        tone="hold"
        name={composer.rescued}
        value={coverage.rescued === 0 ? shared.none : number(coverage.rescued)}
      >
        {coverage.rescued === 0 ? null : composer.rescuedMore}
      </Fact>
      {coverage.outcomeUnknown.length === 0 ? null : (
        <Fact icon="warn" tone="due" name={composer.unknown} value={number(coverage.outcomeUnknown.length)}>
          {composer.unknownMore}
        </Fact>
      )}
      <Fact icon="camera" name={composer.gaps} value={length(gaps)}>
        {gaps.length === 0 ? null : gapsNamed(coverage, cameras, words)}
      </Fact>
      <Fact icon="clock" name={composer.future} value={length(future)}>
        {future.length === 0 ? null : composer.futureMore}
      </Fact>
      {coverage.notPinned === 0 ? null : (
        <Fact icon="disk" name={composer.notPinned} value={number(coverage.notPinned)}>
          {composer.notPinnedMore}
        </Fact>
      )}
      {receipts ? (
        <Receipts
          coverage={coverage}
          cameras={cameras}
          onClose={() => {
            setReceipts(false);
          }}
        />
      ) : null}
    </dl>
  );
}

function Fact(props: {
  icon: IconName;
  tone?: string;
  name: string;
  value: string;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div class={props.tone}>
      <Icon name={props.icon} />
      <dt>
        {props.name}
        {props.children === null ? null : <small>{props.children}</small>}
      </dt>
      <dd>{props.value}</dd>
    </div>
  );
}

function gapsNamed(
  coverage: HoldCoverage,
  cameras: readonly Camera[],
  { language, texts, time }: Words,
): string {
  const named = coverage.cameras.flatMap((c) => {
    const name = cameras.find((k) => k.id === c.cameraId)?.name[language] ?? c.cameraId;
    return c.gaps.map((g) => `${name} ${time.minute(g.fromMs)}–${time.minute(g.toMs)}`);
  });
  const shown = named.slice(0, GAPS_NAMED).join('; ');
  return named.length > GAPS_NAMED ? `${shown} ${texts.composer.andMore(named.length - GAPS_NAMED)}` : shown;
}

function Receipts(props: {
  coverage: HoldCoverage;
  cameras: readonly Camera[];
  onClose: () => void;
}): JSX.Element {
  const { coverage, cameras, onClose } = props;
  const { language, texts, time, number } = useWords();
  const { composer, review, shared } = texts;
  return (
    <Dialog
      title={composer.receiptsTitle}
      about={composer.receiptsShown(coverage.receipts.length, number(coverage.deletedClips))}
      onClose={onClose}
    >
      <div class="receipts">
        <table>
          <thead>
            <tr>
              <th>{review.camera}</th>
              <th>{review.from}</th>
              <th>{shared.deleted}</th>
              <th>{texts.audit.number}</th>
            </tr>
          </thead>
          <tbody>
            {coverage.receipts.map((r) => (
              <tr key={r.clipId}>
                <td>{cameras.find((c) => c.id === r.cameraId)?.name[language] ?? r.cameraId}</td>
                <td>{`${time.day(r.startMs)} ${time.second(r.startMs)}`}</td>
                <td>{`${time.day(r.atMs)} ${time.second(r.atMs)}`}</td>
                <td>{number(r.terminalSeq)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="dialog-foot">
        <button class="button" onClick={onClose}>
          {shared.close}
        </button>
      </div>
    </Dialog>
  );
}
