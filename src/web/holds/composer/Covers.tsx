/** The truth at once: what the hold finds, what is missing, what is already gone, what is still to come. */
import type { ComponentChildren, JSX } from 'preact';
import type { Camera, HoldCoverage } from '../../../http/api/index.ts';
import { Failure } from '../../parts/Failure.tsx';
import { useWords } from '../../state/language.ts';
import { formatBytes, formatPercent } from '../../time/format.ts';
import type { Span } from '../../timeline/footage.ts';

import { CoverList } from './CoverList.tsx';
import type { Missing } from './form.ts';
import { PARTS } from '../coverages.ts';
import { Facts } from '../case/Facts.tsx';
import type { Preview } from './preview.ts';

export interface CoversProps {
  readonly coverage: Preview;
  readonly cameras: readonly Camera[];
  readonly window: Span | undefined;
  readonly days: number;
  /** What is still to be said before anything can be covered. */
  readonly missing?: readonly Missing[];
  /** The hold is set: what is there is held, and not only will be. */
  readonly binds?: boolean;
  readonly children?: ComponentChildren;
}

export function Covers({
  coverage,
  cameras,
  window,
  days,
  missing = [],
  binds = false,
  children,
}: CoversProps): JSX.Element {
  const { texts } = useWords();
  const { value, failed, waiting } = coverage;
  return (
    <section class="panel covers" aria-live="polite" aria-label={texts.composer.covers} data-stale={waiting}>
      <h2>{texts.composer.covers}</h2>
      <Failure code={failed} />
      {value === undefined || window === undefined ? (
        <p class="muted">{missing.map((what) => texts.composer.missing[what]).join(' ')}</p>
      ) : (
        <>
          <Sum coverage={value} binds={binds} />
          <Bars coverage={value} cameras={cameras} window={window} />
          <Facts coverage={value} cameras={cameras} days={days} />
          <CoverList coverage={value} cameras={cameras} />
        </>
      )}
      {children}
    </section>
  );
}

function Sum({ coverage, binds }: { coverage: HoldCoverage; binds: boolean }): JSX.Element {
  const { texts, time } = useWords();
  const { shared, composer } = texts;
  if (coverage.percent === null) return <p class="covers-sum">{composer.allFuture}</p>;
  return (
    <div class="covers-sum">
      <span class="covers-percent">
        {formatPercent(coverage.percent, time.locale)}
        <small> %</small>
      </span>
      <p>
        <b>
          {shared.clips(coverage.clips)}, {formatBytes(coverage.bytes, time.locale)}
        </b>
        <br />
        {binds ? composer.sumHeld : composer.sum}
      </p>
    </div>
  );
}

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
            {c.percent === null ? '–' : `${formatPercent(c.percent, time.locale)} %`}
          </span>
        </div>
      ))}
    </div>
  );
}
