/** The oldest footage on the scale of the retention: the last day in amber, what is past it in red. */
import type { JSX } from 'preact';
import type { Status } from '../../http/api/index.ts';
import { serverNow } from '../state/clock.ts';
import { useWords } from '../state/language.ts';
import type { Words } from '../texts/words.ts';
import { DAY_MS } from '../time/zone.ts';
import { Card } from './Card.tsx';

const CENTRE = { x: 220, y: 196 };
const RADIUS = 168;

export function Gauge({ status }: { status: Status }): JSX.Element {
  const words = useWords();
  const { texts, time, number } = words;
  const t = texts.status;
  const days = status.retentionDays;
  const oldest = status.oldestUnheldEndMs;
  const ageMs = oldest === null ? 0 : Math.max(0, serverNow() - oldest);
  const age = oldest === null ? t.noFootage : time.age(ageMs);
  const late = status.overdueClips > 0;
  const chip = late
    ? ({ tone: 'bad', text: t.chipLate(number(status.overdueClips)) } as const)
    : ({ tone: 'ok', text: t.chipOnTime } as const);
  return (
    <Card icon="clock" title={t.oldest} span={5} chip={chip}>
      <svg class="gauge" viewBox="0 0 440 206" role="img" aria-label={t.gaugeSays(age, days)}>
        <Scale days={days} />
        {oldest === null ? null : <Needle days={days} atDays={Math.min(ageMs / DAY_MS, days + 1)} />}
        <text class="gauge-note" x={CENTRE.x} y={CENTRE.y - 53}>
          {t.oldestUnheld}
        </text>
        <text class="gauge-age" x={CENTRE.x} y={CENTRE.y - 18}>
          {age}
        </text>
      </svg>
      <div class="gauge-under">
        <p>{goes(status, words)}</p>
        <p>{t.limit(days)}</p>
      </div>
    </Card>
  );
}

function goes(status: Status, { texts, time }: Words): string {
  if (status.nextDueMs === null) return '';
  const leftMs = status.nextDueMs - serverNow();
  if (leftMs <= 0) return texts.status.isDue;
  const when = leftMs < DAY_MS ? time.second(status.nextDueMs) : time.moment(status.nextDueMs);
  return texts.status.goesAt(when, time.span(leftMs));
}

/** A place on the scale of `days` + 1 days, at a radius. */
function place(days: number, day: number, radius: number): { x: number; y: number } {
  const angle = Math.PI * (1 - day / (days + 1));
  return { x: CENTRE.x + Math.cos(angle) * radius, y: CENTRE.y - Math.sin(angle) * radius };
}

function line(days: number, day: number, radii: readonly [number, number]): string {
  const [from, to] = radii.map((r) => place(days, day, r));
  return `M${point(from)} L${point(to)}`;
}

function point(at: { x: number; y: number } | undefined): string {
  return `${(at?.x ?? 0).toFixed(1)} ${(at?.y ?? 0).toFixed(1)}`;
}

function Arc({ days, from, to, ink }: { days: number; from: number; to: number; ink: string }): JSX.Element {
  const path = `M${point(place(days, from, RADIUS))} A${String(RADIUS)} ${String(RADIUS)} 0 0 1 ${point(place(days, to, RADIUS))}`;
  return <path d={path} fill="none" stroke={ink} stroke-width="7" />;
}

function Scale({ days }: { days: number }): JSX.Element {
  const whole = Math.max(1, Math.round(days));
  const labelled = [0, Math.round(whole * 0.21), Math.round(whole / 2), Math.round(whole * 0.71), whole];
  return (
    <>
      <Arc days={days} from={0} to={Math.max(0, days - 1)} ink="var(--cov)" />
      <Arc days={days} from={Math.max(0, days - 0.95)} to={days} ink="var(--due)" />
      <Arc days={days} from={days + 0.05} to={days + 1} ink="var(--danger)" />
      {Array.from({ length: whole + 1 }, (_, day) => (
        <Tick key={day} days={days} day={day} whole={whole} label={labelled.includes(day)} />
      ))}
    </>
  );
}

function Tick({
  days,
  day,
  whole,
  label,
}: {
  days: number;
  day: number;
  whole: number;
  label: boolean;
}): JSX.Element {
  const large = day % 7 === 0;
  const last = day === whole;
  const at = place(days, day, last ? RADIUS + 26 : RADIUS - 37);
  return (
    <>
      <path
        d={line(days, day, [RADIUS - 9, RADIUS - (large ? 23 : 16)])}
        stroke={large ? 'var(--text)' : 'var(--text-3)'}
        stroke-width={large ? 2 : 1}
      />
      {last
        ? null
        : [0.25, 0.5, 0.75].map((part) => (
            <path
              key={part}
              d={line(days, day + part, [RADIUS - 9, RADIUS - 12])}
              stroke="var(--edge)"
              stroke-width="0.8"
            />
          ))}
      {label ? (
        <text class={last ? 'gauge-limit' : 'gauge-day'} x={at.x} y={at.y + 4}>
          {day}
        </text>
      ) : null}
    </>
  );
}

function Needle({ days, atDays }: { days: number; atDays: number }): JSX.Element {
  return (
    <path
      d={line(days, atDays, [RADIUS - 32, RADIUS + 11])}
      stroke="var(--needle)"
      stroke-width="3.5"
      stroke-linecap="round"
    />
  );
}
