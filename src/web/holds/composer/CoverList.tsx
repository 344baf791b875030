/** The bars in words, for those who cannot see them: each part of the window by camera, with its reason. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Camera, HoldCoverage } from '../../../http/api/index.ts';
import { Icon } from '../../parts/Icon.tsx';
import { useWords } from '../../state/language.ts';
import { PARTS } from '../coverages.ts';

/** A window of many small gaps is read on the timeline, not line by line. */
const MOST = 200;

export interface CoverListProps {
  readonly coverage: HoldCoverage;
  readonly cameras: readonly Camera[];
}

export function CoverList(props: CoverListProps): JSX.Element {
  const { composer } = useWords().texts;
  const [open, setOpen] = useState(false);
  return (
    <div class="cover-list">
      <button
        class="button ghost"
        type="button"
        aria-expanded={open}
        onClick={() => {
          setOpen(!open);
        }}
      >
        <Icon name="list" />
        {composer.asList}
      </button>
      {open ? <Lines {...props} /> : null}
    </div>
  );
}

function Lines({ coverage, cameras }: CoverListProps): JSX.Element {
  const { language, texts, time } = useWords();
  const { composer, review } = texts;
  const lines = coverage.cameras
    .flatMap((c) => PARTS.flatMap((part) => c[part].map((span) => ({ ...span, part, cameraId: c.cameraId }))))
    .sort((a, b) => a.fromMs - b.fromMs)
    .slice(0, MOST);
  return (
    <div class="receipts">
      <table>
        <thead>
          <tr>
            <th>{review.camera}</th>
            <th>{review.what}</th>
            <th>{review.from}</th>
            <th>{review.to}</th>
            <th>{review.length}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((l) => (
            <tr key={`${l.cameraId} ${l.part} ${String(l.fromMs)}`}>
              <td>{cameras.find((c) => c.id === l.cameraId)?.name[language] ?? l.cameraId}</td>
              <td>{composer.listed[l.part]}</td>
              <td>{`${time.day(l.fromMs)} ${time.second(l.fromMs)}`}</td>
              <td>{`${time.day(l.toMs)} ${time.second(l.toMs)}`}</td>
              <td>{time.span(l.toMs - l.fromMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
