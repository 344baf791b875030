/** Holds: the list, and beside it the composer or one case. */
import type { JSX } from 'preact';
import type { Camera, Hold, Session } from '../../http/api/index.ts';
import { getCameras, getHolds } from '../api/endpoints.ts';
import { Await } from '../parts/Failure.tsx';
import { useTexts } from '../state/language.ts';
import { useLoad } from '../state/load.ts';
import { go, route } from '../state/route.ts';
import { useStore } from '../state/store.ts';
import { CaseView } from './CaseView.tsx';
import { Composer } from './Composer.tsx';
import { HoldList } from './HoldList.tsx';

const EVERY_MS = 30_000;
const NEW = 'new';

export interface HoldsProps {
  readonly session: Session;
  /** Retention of the site. */
  readonly days: number;
}

export interface Cases {
  readonly holds: readonly Hold[];
  readonly cameras: readonly Camera[];
  /** How long a hold binds on after its release. */
  readonly coolingOffMs: number;
}

async function loadCases(): Promise<Cases> {
  const [{ holds, coolingOffMs }, cameras] = await Promise.all([getHolds(), getCameras()]);
  return { holds, cameras, coolingOffMs };
}

export function Holds({ session, days }: HoldsProps): JSX.Element {
  const cases = useLoad('cases', loadCases, EVERY_MS);
  const chosen = useStore(route, (r) => r.rest);
  const mayPlace = session.permissions.includes('holds.place');
  return (
    <Await of={cases}>
      {(value) => (
        <div class="holds">
          <HoldList
            cases={value}
            chosen={chosen}
            onNew={
              mayPlace
                ? () => {
                    go('holds', NEW);
                  }
                : undefined
            }
          />
          <Beside
            cases={value}
            chosen={chosen}
            mayPlace={mayPlace}
            days={days}
            session={session}
            onChange={cases.reload}
          />
        </div>
      )}
    </Await>
  );
}

interface BesideProps {
  readonly cases: Cases;
  readonly chosen: string;
  readonly mayPlace: boolean;
  readonly days: number;
  readonly session: Session;
  readonly onChange: () => void;
}

function Beside({ cases, chosen, mayPlace, days, session, onChange }: BesideProps): JSX.Element {
  const { holds } = useTexts();
  const hold = cases.holds.find((h) => h.id === chosen);
  if (hold !== undefined) {
    return <CaseView key={hold.id} hold={hold} cases={cases} session={session} onChange={onChange} />;
  }
  if (mayPlace && (chosen === NEW || chosen === '')) {
    return (
      <Composer
        cameras={cases.cameras}
        days={days}
        onPlaced={() => {
          onChange();
        }}
      />
    );
  }
  return <main class="state">{cases.holds.length === 0 ? holds.emptyHint : holds.choose}</main>;
}
