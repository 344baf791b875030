/** The buttons of a hold: what is owed is filled, what ends something stands last. */
import type { JSX } from 'preact';
import type { Hold, Session } from '../../../http/api/index.ts';
import { useTexts } from '../../state/language.ts';
import type { Act } from './acts.ts';
import { rightsOf } from '../standing.ts';

export interface ActBarProps {
  readonly hold: Hold;
  readonly session: Session;
  readonly acts: readonly Act[];
  readonly onOpen: (what: Act['act'] | 'case') => void;
}

export function ActBar({ hold, session, acts, onOpen }: ActBarProps): JSX.Element | null {
  const { cases } = useTexts();
  const may = rightsOf(hold, session);
  const mayPlace = session.permissions.includes('holds.place') && hold.state !== 'ended';
  const button = (act: Act): JSX.Element => (
    <button
      key={act.act}
      class={act.owed ? 'button go' : 'button'}
      onClick={() => {
        onOpen(act.act);
      }}
    >
      {act.label}
    </button>
  );
  return (
    <div class="act-bar">
      {acts.filter((a) => a.act !== 'release').map(button)}
      {may.widen ? (
        <a class="button" href={`#/holds/${hold.id}/widen`}>
          {cases.acts.widen}
        </a>
      ) : null}
      {mayPlace ? (
        <a class="button" href={`#/holds/new/${hold.caseId}`}>
          {cases.acts.further}
        </a>
      ) : null}
      {may.changeCase ? (
        <button
          class="button"
          onClick={() => {
            onOpen('case');
          }}
        >
          {cases.acts.changeCase}
        </button>
      ) : null}
      {may.narrow ? (
        <a class="button" href={`#/holds/${hold.id}/narrow`}>
          {cases.acts.narrow}
        </a>
      ) : null}
      {acts.filter((a) => a.act === 'release').map(button)}
    </div>
  );
}
