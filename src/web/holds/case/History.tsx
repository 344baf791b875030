/** All that was done with the holds of a case, oldest first: who, when, and why. */
import type { JSX } from 'preact';
import type { CaseDetail, Hold } from '../../../http/api/index.ts';
import { useWords } from '../../state/language.ts';
import { camerasOf, StateChip } from '../HoldEntry.tsx';
import type { Cases } from '../cases.ts';
import { deedOf, nameOf } from './way.ts';

export interface HistoryProps {
  readonly detail: CaseDetail;
  /** The hold that is shown. */
  readonly hold: Hold;
  readonly cases: Cases;
}

export function History({ detail, hold, cases }: HistoryProps): JSX.Element {
  const words = useWords();
  const { texts, time } = words;
  return (
    <>
      <ol class="case-history">
        {detail.history.map((h) => (
          <li key={`${h.holdId} ${String(h.version)}`} data-other={h.holdId !== hold.id}>
            <span class="hold-line">
              <b>
                {nameOf(h.by, cases, words)} {deedOf(h, texts)}
              </b>
              <time>{time.moment(h.atMs)}</time>
            </span>
            {h.reason === '' ? null : <span class="case-why">{texts.shared.quote(h.reason)}</span>}
          </li>
        ))}
      </ol>
      <Versions detail={detail} cases={cases} />
      <Others detail={detail} hold={hold} cases={cases} />
    </>
  );
}

/** What the case said of itself, once it has been changed: its title, and who needed to know. */
function Versions({ detail, cases }: Omit<HistoryProps, 'hold'>): JSX.Element | null {
  const words = useWords();
  const { texts, time } = words;
  if (detail.versions.length < 2) return null;
  return (
    <section class="case-others" aria-label={texts.cases.versions}>
      <h3>{texts.cases.versions}</h3>
      <ol class="case-history">
        {detail.versions.map((v) => (
          <li key={v.version}>
            <span class="hold-line">
              <b>{v.title}</b>
              <time>{time.moment(v.atMs)}</time>
            </span>
            <span>
              {texts.holds.viewers}
              {texts.shared.colon}{' '}
              {v.viewers.map((u) => nameOf(u, cases, words)).join(', ') || texts.shared.none}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The other holds under the same case. */
function Others({ detail, hold, cases }: HistoryProps): JSX.Element | null {
  const words = useWords();
  const { texts, time } = words;
  const others = detail.holds.filter((h) => h.id !== hold.id);
  if (others.length === 0) return null;
  return (
    <nav class="case-others" aria-label={texts.cases.holdsOfCase}>
      <h3>{texts.cases.holdsOfCase}</h3>
      {others.map((h) => (
        <a key={h.id} href={`#/holds/${h.id}`}>
          <span>
            {camerasOf(h.cameraIds, cases, words)} · {time.range(h)}
          </span>
          <StateChip hold={h} />
        </a>
      ))}
    </nav>
  );
}
