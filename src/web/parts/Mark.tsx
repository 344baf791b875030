/** The mark: a fortnight as two weeks of ticks; the oldest are fading. */
import type { JSX } from 'preact';

const TICKS = Array.from({ length: 14 }, (_, day) => ({
  day,
  height: day % 7 === 0 || day === 13 ? 20 : 11,
  opacity: [0.25, 0.4, 0.6, 0.8][day] ?? 1,
}));

export function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 28 26" aria-hidden="true" shape-rendering="crispEdges">
      {TICKS.map(({ day, height, opacity }) => (
        <rect
          key={day}
          x={day * 2}
          y={23 - height}
          width="1"
          height={height}
          fill={day === 13 ? 'var(--needle)' : 'currentColor'}
          opacity={opacity}
        />
      ))}
    </svg>
  );
}

export function Brand({ name, city }: { name: string; city: string }): JSX.Element {
  return (
    <a class="brand" href="#/">
      <Mark />
      <span>
        <b>{name}</b>
        <small>Fortnight · {city}</small>
      </span>
    </a>
  );
}
