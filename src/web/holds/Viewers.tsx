/** Who needs to know: the people named on a case. Security among them see its footage past its time. */
import type { JSX } from 'preact';
import type { PeopleList } from '../../http/api/index.ts';
import { Icon } from '../parts/Icon.tsx';
import { useWords } from '../state/language.ts';

export interface ViewersProps {
  readonly people: PeopleList['people'];
  /** User names. */
  readonly viewers: readonly string[];
  readonly onChange: (viewers: readonly string[]) => void;
}

export function Viewers({ people, viewers, onChange }: ViewersProps): JSX.Element {
  const { texts } = useWords();
  const { composer } = texts;
  const left = people.filter((p) => !viewers.includes(p.userName));
  return (
    <div class="field wide">
      <span class="caption">
        {composer.viewers}
        <span class="aside">{composer.viewersHint}</span>
      </span>
      <ul class="viewers" aria-label={composer.viewers}>
        {viewers.map((userName) => {
          const name = people.find((p) => p.userName === userName)?.displayName ?? userName;
          return (
            <li key={userName} class="chip">
              {labelOf(userName, people, texts.shared.roles)}
              <button
                type="button"
                aria-label={composer.removeViewer(name)}
                onClick={() => {
                  onChange(viewers.filter((v) => v !== userName));
                }}
              >
                <Icon name="x" />
              </button>
            </li>
          );
        })}
        {left.length === 0 ? null : (
          <li>
            <select
              class="viewer-add"
              aria-label={composer.addViewerLabel}
              value=""
              onChange={(e) => {
                onChange([...viewers, e.currentTarget.value]);
              }}
            >
              <option value="" disabled hidden>
                {composer.addViewer}
              </option>
              {left.map((p) => (
                <option key={p.userName} value={p.userName}>
                  {labelOf(p.userName, people, texts.shared.roles)}
                </option>
              ))}
            </select>
          </li>
        )}
      </ul>
    </div>
  );
}

function labelOf(
  userName: string,
  people: PeopleList['people'],
  roles: Readonly<Record<string, string>>,
): string {
  const person = people.find((p) => p.userName === userName);
  return person === undefined ? userName : `${person.displayName} · ${roles[person.role] ?? person.role}`;
}
