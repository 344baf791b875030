/** The icons: 16 px, one stroke; `fill` marks the parts that are filled. */
import type { JSX } from 'preact';

const PATHS = {
  play: <path class="fill" d="M4.5 2.5v11l9-5.5z" />,
  pause: <path class="fill" d="M4 2.5h3v11H4zM9 2.5h3v11H9z" />,
  stepBack: (
    <>
      <path class="fill" d="M11.5 3v10L5 8z" />
      <path d="M4 3.500v9" />
    </>
  ),
  stepOn: (
    <>
      <path class="fill" d="M4.5 3v10L11 8z" />
      <path d="M12 3.500v9" />
    </>
  ),
  back5: <path d="M8 3.500 3.500 8 8 12.500M13 3.500 8.500 8l4.500 4.500" />,
  on5: <path d="M8 3.500 12.500 8 8 12.500M3 3.500 7.500 8 3 12.500" />,
  one: <rect x="2" y="3" width="12" height="10" rx="1" />,
  two: <path d="M2.500 4h11a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM8 4v8" />,
  four: (
    <path d="M3 2.500h10a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zM8 2.500v11M2 8h12" />
  ),
  eye: (
    <>
      <path d="M1.500 8S4 3.500 8 3.500 14.500 8 14.500 8 12 12.500 8 12.500 1.500 8 1.500 8z" />
      <circle cx="8" cy="8" r="2" />
    </>
  ),
  noEye: (
    <path d="M6 3.800A6 6 0 0 1 8 3.500C12 3.500 14.500 8 14.500 8a12 12 0 0 1-1.700 2.200M4 5C2.400 6.200 1.500 8 1.500 8S4 12.500 8 12.500a6 6 0 0 0 3.200-.9M2 2l12 12" />
  ),
  hold: (
    <>
      <path d="M4 7V5a4 4 0 0 1 8 0v2" />
      <rect x="3" y="7" width="10" height="7" rx="1.500" />
    </>
  ),
  note: <path d="M3 2.500h10v7l-4 4H3zM13 9.500H9v4" />,
  x: <path d="m4 4 8 8m0-8-8 8" />,
  help: (
    <>
      <path d="M5.500 6a2.500 2.500 0 1 1 3.400 2.300c-.6.300-.9.700-.9 1.400" />
      <circle class="fill" cx="8" cy="12.300" r=".9" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.500V8l2.500 1.500" />
    </>
  ),
  warn: (
    <>
      <path d="M8 2 1.500 13.500h13zM8 6.500v3" />
      <circle class="fill" cx="8" cy="11.500" r=".8" />
    </>
  ),
  ok: <path d="m3 8.500 3.500 3.500L13 4.500" />,
  camera: (
    <>
      <rect x="1.500" y="4" width="9" height="8" rx="1.500" />
      <path d="m10.500 7 4-2v6l-4-2z" />
    </>
  ),
  disk: (
    <>
      <ellipse cx="8" cy="4" rx="5.500" ry="2" />
      <path d="M2.500 4v8c0 1.100 2.500 2 5.500 2s5.500-.9 5.500-2V4M2.500 8c0 1.100 2.500 2 5.500 2s5.500-.9 5.500-2" />
    </>
  ),
  trash: <path d="M2.500 4.500h11M6 4.500v-2h4v2M4 4.500l.7 9h6.600l.7-9" />,
  file: <path d="M4 1.500h5l3.500 3.500v9.500H4zM9 1.500V5h3.500" />,
  key: (
    <>
      <circle cx="5" cy="11" r="3" />
      <path d="m7.200 8.800 6-6M11 5l2 2" />
    </>
  ),
  people: (
    <>
      <circle cx="6" cy="5" r="2.500" />
      <path d="M1.500 13.500c0-3 2-4.500 4.500-4.500s4.500 1.500 4.500 4.500M11 3a2.300 2.300 0 0 1 0 4.300M12.300 9.500c1.500.6 2.400 2 2.400 4" />
    </>
  ),
  shield: (
    <path d="M8 1.500 13.500 3.500V8c0 3.500-2.500 5.500-5.500 6.500C5 13.500 2.500 11.500 2.500 8V3.500z" />
  ),
  down: <path d="m4 6 4 4 4-4" />,
  list: <path d="M5.500 4h8M5.500 8h8M5.500 12h8M2.500 4h.01M2.500 8h.01M2.500 12h.01" />,
  out: <path d="M6.500 2.500h-4v11h4M10 5l3 3-3 3M13 8H6" />,
} as const satisfies Record<string, JSX.Element>;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      {PATHS[name]}
    </svg>
  );
}
