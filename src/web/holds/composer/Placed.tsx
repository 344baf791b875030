/** The truth of a placement or a widening, as the server found it. */
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { HoldPlaced } from '../../../http/api/index.ts';
import { useWords } from '../../state/language.ts';
import { go } from '../../state/route.ts';
import { Covers } from './Covers.tsx';
import type { Cases } from '../cases.ts';

export interface PlacedProps {
  readonly placed: HoldPlaced;
  readonly cases: Cases;
  readonly onDone: () => void;
}

export function Placed({ placed, cases, onDone }: PlacedProps): JSX.Element {
  const { texts, time } = useWords();
  const { holds, shared } = texts;
  const heading = useRef<HTMLHeadingElement>(null);
  const { hold, coverage } = placed;
  useEffect(() => {
    heading.current?.focus();
  }, []);
  const window = useMemo(() => ({ fromMs: hold.fromMs, toMs: hold.toMs }), [hold]);
  return (
    <>
      <div class="page-head" role="status">
        <h1 ref={heading} tabIndex={-1}>
          {holds.placed(hold.caseRef)}
        </h1>
      </div>
      <Covers
        coverage={{ value: coverage, failed: undefined, waiting: false }}
        cameras={cases.cameras}
        window={window}
        days={cases.days}
        binds
      >
        <div class="covers-foot">
          <p>
            {holds.setByAt(hold.setBy, time.moment(hold.setMs))}
            {hold.confirmByMs === null
              ? null
              : ` · ${holds.todo.confirm(hold.caseRef, time.moment(hold.confirmByMs))}`}
          </p>
          <button
            class="button go"
            onClick={() => {
              onDone();
              go('holds', hold.id);
            }}
          >
            {shared.close}
          </button>
        </div>
      </Covers>
    </>
  );
}
