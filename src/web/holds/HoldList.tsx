/** The holds at the left: what waits for a person, what binds and until when, and what each covers. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useTexts, useWords } from '../state/language.ts';
import type { Coverages } from './coverages.ts';
import { camerasOf, HoldEntry } from './HoldEntry.tsx';
import type { Cases } from './cases.ts';
import { FILTERS, inOrder, isListed, type Filter } from './standing.ts';
import { Todo } from './Todo.tsx';

export interface HoldListProps {
  readonly cases: Cases;
  readonly coverages: Coverages;
  readonly chosen: string;
  /** Absent for roles that only read and confirm. */
  readonly onNew: (() => void) | undefined;
}

export function HoldList({ cases, coverages, chosen, onNew }: HoldListProps): JSX.Element {
  const words = useWords();
  const { holds } = words.texts;
  const [filter, setFilter] = useState<Filter>('all');
  const [typed, setTyped] = useState('');
  const listed = inOrder(cases.holds).filter((h) =>
    isListed(h, { filter, typed }, camerasOf(h.cameraIds, cases, words)),
  );
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
      <Todo cases={cases} />
      {cases.holds.length === 0 ? (
        <p class="state">
          <b>{holds.empty}</b>
          {holds.emptyHint}
        </p>
      ) : (
        <Narrow filter={filter} typed={typed} onFilter={setFilter} onType={setTyped} />
      )}
      {listed.map((hold) => (
        <HoldEntry
          key={hold.id}
          hold={hold}
          cases={cases}
          coverage={coverages.get(hold.id)}
          current={hold.id === chosen}
        />
      ))}
      <p class="hold-none muted" role="status">
        {cases.holds.length > 0 && listed.length === 0 ? holds.noneLeft : ''}
      </p>
      <footer>
        {onNew === undefined ? `${holds.readOnly} ` : ''}
        {holds.foot}
      </footer>
    </aside>
  );
}

interface NarrowProps {
  readonly filter: Filter;
  readonly typed: string;
  readonly onFilter: (filter: Filter) => void;
  readonly onType: (typed: string) => void;
}

function Narrow({ filter, typed, onFilter, onType }: NarrowProps): JSX.Element {
  const { holds } = useTexts();
  return (
    <search class="hold-filter">
      <input
        class="input"
        type="search"
        aria-label={holds.search}
        placeholder={holds.search}
        value={typed}
        onInput={(e) => {
          onType(e.currentTarget.value);
        }}
      />
      <select
        class="input"
        aria-label={holds.filter}
        value={filter}
        onChange={(e) => {
          const chosen = FILTERS.find((f) => f === e.currentTarget.value);
          if (chosen !== undefined) onFilter(chosen);
        }}
      >
        {FILTERS.map((f) => (
          <option key={f} value={f}>
            {holds.filters[f]}
          </option>
        ))}
      </select>
    </search>
  );
}
