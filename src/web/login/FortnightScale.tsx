/** The drawing at sign-in: the days footage lives, the oldest fading, now in vermilion. */
import type { JSX } from 'preact';
import { serverNow } from '../state/clock.ts';
import { useWords } from '../state/language.ts';
import { addDays } from '../time/zone.ts';

const WIDTH = 588;
const BASE = 46;
const FADING = [0.2, 0.4, 0.6, 0.8];

export function FortnightScale({ days }: { days: number }): JSX.Element {
  const { texts, time } = useWords();
  const count = Math.max(1, Math.round(days));
  const step = WIDTH / count;
  const middle = Math.floor(count / 2);
  const dayBefore = (back: number): string => time.day(addDays(time.zone, serverNow(), -back));
  return (
    <svg class="login-scale" viewBox="0 0 600 92" aria-hidden="true">
      {Array.from({ length: count }, (_, day) => (
        <Hours key={day} x={day * step} step={step} opacity={day < 2 ? 0.25 + day * 0.25 : 0.8} />
      ))}
      {Array.from({ length: count + 1 }, (_, day) => (
        <Day
          key={day}
          x={day * step}
          large={day === 0 || day === middle || day === count}
          last={day === count}
          opacity={FADING[day] ?? 1}
        />
      ))}
      <text x="0" y="76">
        {dayBefore(count)}
      </text>
      <text x={middle * step} y="76" text-anchor="middle">
        {dayBefore(count - middle)}
      </text>
      <text x={WIDTH} y="76" text-anchor="end">
        {texts.shared.now}
      </text>
      <text x="8" y="22">
        {texts.login.deletedToday}
      </text>
    </svg>
  );
}

function Hours({ x, step, opacity }: { x: number; step: number; opacity: number }): JSX.Element {
  return (
    <>
      {[1, 2, 3, 4, 5].map((part) => (
        <rect
          key={part}
          x={x + (part * step) / 6}
          y={BASE}
          width="1"
          height="8"
          fill="var(--edge)"
          opacity={opacity}
        />
      ))}
    </>
  );
}

function Day(props: { x: number; large: boolean; last: boolean; opacity: number }): JSX.Element {
  return (
    <rect
      x={props.last ? props.x - 1 : props.x}
      y={BASE - (props.large ? 34 : 12)}
      width={props.last ? 2 : 1.2}
      height={props.large ? 42 : 20}
      fill={props.last ? 'var(--needle)' : 'var(--text)'}
      opacity={props.opacity}
    />
  );
}
