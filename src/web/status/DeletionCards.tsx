/** What was deleted, hour by hour, and how the last sweep went. */
import type { JSX } from 'preact';
import type { Status } from '../../http/api/index.ts';
import { serverNow } from '../state/clock.ts';
import { useWords } from '../state/language.ts';
import { HOUR_MS } from '../time/zone.ts';
import { Card, Figure, Pairs } from './Card.tsx';

const WIDTH = 440;
const HEIGHT = 70;

export function DeletionCards({ status }: { status: Status }): JSX.Element {
  return (
    <>
      <PerHour status={status} />
      <LastSweep status={status} />
    </>
  );
}

function PerHour({ status }: { status: Status }): JSX.Element {
  const { texts, number, time } = useWords();
  const t = texts.status;
  const hours = status.deletedPerHour;
  const most = Math.max(1, ...hours);
  const step = WIDTH / Math.max(1, hours.length);
  const late = status.overdueClips;
  const chip = { tone: late > 0 ? 'bad' : 'ok', text: t.chipLate(number(late)) } as const;
  const label = (back: number): string => {
    const at = Math.floor(serverNow() / HOUR_MS) * HOUR_MS - back * HOUR_MS;
    return `${time.weekday(at)} ${time.minute(at)}`;
  };
  return (
    <Card icon="trash" title={t.deletedPerHour(hours.length)} span={5} chip={chip}>
      <Figure value={number(hours.at(-1) ?? 0)} unit={t.inLastHour(hours.at(-1) ?? 0)} />
      <svg
        class="per-hour"
        viewBox={`0 0 ${String(WIDTH)} 96`}
        role="img"
        aria-label={t.perHourSays(hours.length, number(Math.max(0, ...hours)))}
      >
        <path d={`M0 ${String(HEIGHT + 0.5)}H${String(WIDTH)}`} stroke="var(--edge)" />
        {hours.map((n, i) => {
          const height = (n / most) * HEIGHT * 0.95;
          const ink = i === hours.length - 1 ? 'var(--needle)' : 'var(--act)';
          return (
            <rect
              key={i}
              x={i * step}
              y={HEIGHT - height}
              width={Math.max(1, step - 2)}
              height={height}
              fill={ink}
              rx="1"
            />
          );
        })}
        <text x="0" y="92">
          {label(hours.length - 1)}
        </text>
        <text x={WIDTH / 2} y="92" text-anchor="middle">
          {label(Math.floor(hours.length / 2))}
        </text>
        <text x={WIDTH} y="92" text-anchor="end">
          {texts.shared.now}
        </text>
      </svg>
    </Card>
  );
}

function LastSweep({ status }: { status: Status }): JSX.Element {
  const { texts, number, time } = useWords();
  const t = texts.status;
  const sweep = status.lastSweep;
  if (sweep === null) {
    return (
      <Card icon="ok" title={t.lastSweep} span={4}>
        <p>{t.noSweep}</p>
        <Drill status={status} />
      </Card>
    );
  }
  const seconds = new Intl.NumberFormat(time.locale, { maximumFractionDigits: 2 }).format(
    sweep.tookMs / 1000,
  );
  return (
    <Card icon="ok" title={t.lastSweep} span={4}>
      <Figure
        value={time.second(sweep.atMs)}
        unit={t.ago(time.span(Math.max(0, serverNow() - sweep.atMs)))}
      />
      <Pairs
        pairs={[
          { name: t.deleted, value: t.deletedIn(sweep.deleted, seconds) },
          { name: t.longestWait, value: time.span(sweep.longestWaitMs) },
          {
            name: t.failed,
            value: sweep.failed === 0 ? texts.shared.none : number(sweep.failed),
            bad: sweep.failed > 0,
          },
        ]}
      />
      <Drill status={status} />
    </Card>
  );
}

/** What the last deletion drill proved. */
function Drill({ status }: { status: Status }): JSX.Element {
  const { texts, time } = useWords();
  const t = texts.status;
  const { drill } = status;
  if (drill === null) return <p class="card-note">{t.drillNone}</p>;
  const sentences = { ok: t.drillOk, failed: t.drillFailed, skipped: t.drillSkipped };
  return <p class="card-note">{sentences[drill.verdict](time.day(drill.atMs))}</p>;
}
