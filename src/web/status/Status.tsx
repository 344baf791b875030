/** Status: one sentence that answers "is it well?", then the instruments behind it. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Session } from '../../http/api/index.ts';
import { getCameras, getCoverage, getStatus } from '../api/endpoints.ts';
import { Await } from '../parts/Failure.tsx';
import { serverNow, setServerTime } from '../state/clock.ts';
import { useWords } from '../state/language.ts';
import { useLoad } from '../state/load.ts';
import { DAY_MS } from '../time/zone.ts';
import { Alarms } from './Alarms.tsx';
import { CamerasCard } from './CamerasCard.tsx';
import type { StatusData } from './data.ts';
import { DeletionCards } from './DeletionCards.tsx';
import { Gauge } from './Gauge.tsx';
import { Headline } from './Headline.tsx';
import { HouseCards } from './HouseCards.tsx';
import { Roots } from './Roots.tsx';
import { Vault } from './Vault.tsx';

const EVERY_MS = 10_000;

async function load(mayCover: boolean): Promise<StatusData> {
  const day = { fromMs: Math.floor(serverNow() - DAY_MS), toMs: Math.floor(serverNow()) };
  const [status, cameras, coverage] = await Promise.all([
    getStatus(),
    getCameras(),
    mayCover ? getCoverage(day) : undefined,
  ]);
  setServerTime(status.nowMs);
  return { status, cameras, coverage };
}

export function Status({ session }: { session: Session }): JSX.Element {
  const mayCover = session.permissions.includes('coverage.read');
  const data = useLoad('status', () => load(mayCover), EVERY_MS);
  return (
    <Await of={data}>
      {(value) => (
        <main class="status">
          <div class="status-say">
            <Headline data={value} />
            <Live stale={data.failed !== undefined} />
          </div>
          <Alarms status={value.status} />
          <div class="status-grid">
            <Gauge status={value.status} />
            <CamerasCard data={value} />
            <DeletionCards status={value.status} />
            <HouseCards data={value} session={session} onChange={data.reload} />
            <Roots data={value} session={session} onChange={data.reload} />
            <Vault data={value} session={session} onChange={data.reload} />
          </div>
        </main>
      )}
    </Await>
  );
}

function Live({ stale }: { stale: boolean }): JSX.Element {
  const { texts, time } = useWords();
  const [now, setNow] = useState(serverNow());
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(serverNow());
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return (
    <span class="status-live">
      <span class={stale ? 'dot off' : 'dot'} />
      {stale ? texts.status.stale : texts.status.live} · {time.day(now)}, {time.second(now)}
    </span>
  );
}
