/** The review desk: pictures, transport and timeline of the security role. */
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { Camera, Coverage } from '../../http/api/index.ts';
import { getCameras, getCoverage, getHolds } from '../api/endpoints.ts';
import { Await } from '../parts/Failure.tsx';
import { serverNow, setServerTime } from '../state/clock.ts';
import { useTexts } from '../state/language.ts';
import { useLoad } from '../state/load.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/zone.ts';
import { spanAt } from '../timeline/footage.ts';
import { DeskPage } from './DeskPage.tsx';
import { Desk } from './desk.ts';
import { isNarrow } from './narrow.ts';
import { keepPlace, keptPlace } from './place.ts';

const COVERAGE_EVERY_MS = 10_000;
const CAMERAS_EVERY_MS = 30_000;
/** Asked for beyond the fortnight on both sides. */
const MARGIN_MS = DAY_MS;
/** The server answers for 62 days at most; older held footage is found by its case. */
const LONGEST_MS = 60 * DAY_MS;

export interface Footage {
  readonly cameras: readonly Camera[];
  readonly coverage: Coverage;
}

/** `days` is the site's retention. */
export async function loadCoverage(days: number, oldestHeldMs: number): Promise<Coverage> {
  const now = serverNow();
  const wanted = Math.min(now - days * DAY_MS - MARGIN_MS, oldestHeldMs);
  const fromMs = Math.floor(Math.max(wanted, now - LONGEST_MS));
  const coverage = await getCoverage({ fromMs, toMs: Math.floor(now + MARGIN_MS) });
  setServerTime(coverage.nowMs);
  return coverage;
}

async function loadFootage(days: number): Promise<Footage & { oldestHeldMs: number }> {
  const [cameras, { holds }] = await Promise.all([getCameras(), getHolds()]);
  const standing = holds.filter((h) => h.state !== 'ended').map((h) => h.fromMs);
  const oldestHeldMs = Math.min(Infinity, ...standing);
  return { cameras, coverage: await loadCoverage(days, oldestHeldMs), oldestHeldMs };
}

export function Review({ days }: { days: number }): JSX.Element {
  const footage = useLoad('footage', () => loadFootage(days));
  return (
    <Await of={footage}>
      {(value) => (value.cameras.length === 0 ? <Empty /> : <Open footage={value} days={days} />)}
    </Await>
  );
}

function Empty(): JSX.Element {
  const { review } = useTexts();
  return (
    <div class="state">
      <b>{review.empty}</b>
      {review.emptyHint}
    </div>
  );
}

function Open(props: { footage: Footage & { oldestHeldMs: number }; days: number }): JSX.Element {
  const { footage, days } = props;
  const desk = useMemo(() => openDesk(footage), []);
  const coverage = useLoad('coverage', () => loadCoverage(days, footage.oldestHeldMs), COVERAGE_EVERY_MS);
  const fresh = useLoad('cameras', getCameras, CAMERAS_EVERY_MS);
  useEffect(() => {
    if (coverage.value !== undefined) desk.coverage.set(coverage.value);
  }, [coverage.value]);
  useEffect(() => {
    if (fresh.value !== undefined) desk.cameras.set(fresh.value);
  }, [fresh.value]);
  useEffect(() => {
    const stop = desk.run();
    return () => {
      keepPlace(desk);
      stop();
    };
  }, [desk]);
  return <DeskPage desk={desk} />;
}

/** Where one was before, else an hour ago; where nothing was recorded then, the end of the newest footage. */
function openDesk(footage: Footage): Desk {
  const layout = isNarrow() || footage.cameras.length === 1 ? 1 : 2;
  const place = keptPlace() ?? { atMs: firstMoment(footage.coverage), layout };
  return new Desk(footage.cameras, footage.coverage, place);
}

function firstMoment(coverage: Coverage): number {
  const hourAgo = coverage.nowMs - HOUR_MS;
  if (coverage.cameras.some((c) => spanAt(c.spans, hourAgo) !== undefined)) return hourAgo;
  const ends = coverage.cameras.flatMap((c) => c.spans.map((s) => s.toMs - MINUTE_MS));
  return Math.max(coverage.cutMs, ...ends);
}
