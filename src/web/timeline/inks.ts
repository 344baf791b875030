/** The design tokens as the canvas needs them: resolved colours of the scheme in force. */
const ROLES = [
  'surface',
  'sunken',
  'well',
  'line',
  'edge',
  'text',
  'text-2',
  'text-3',
  'accent',
  'accent-ink',
  'needle',
  'needle-ink',
  'hold',
  'hold-wash',
  'due',
  'danger',
  'cov',
  'act',
  'gap',
  'brush',
] as const;
export type Ink = (typeof ROLES)[number];

export interface Inks {
  readonly font: string;
  of(ink: Ink): string;
  /** The same colour, see-through; `alpha` 0 to 1. */
  thin(ink: Ink, alpha: number): string;
}

/** Reads the tokens through a probe element, since `light-dark()` is resolved by the style engine only. */
export function readInks(): Inks {
  const probe = document.createElement('i');
  document.body.append(probe);
  const colours = new Map<Ink, string>();
  for (const role of ROLES) {
    probe.style.color = `var(--${role})`;
    colours.set(role, getComputedStyle(probe).color);
  }
  probe.remove();
  const of = (ink: Ink): string => colours.get(ink) ?? 'transparent';
  return {
    font: getComputedStyle(document.body).fontFamily,
    of,
    thin(ink, alpha) {
      const [r = '0', g = '0', b = '0'] = of(ink).match(/[\d.]+/g) ?? [];
      return `rgba(${r}, ${g}, ${b}, ${String(alpha)})`;
    },
  };
}

/** Calls back when the scheme changes; returns the function that stops it. */
export function onSchemeChange(listener: () => void): () => void {
  const query = matchMedia('(prefers-color-scheme: dark)');
  query.addEventListener('change', listener);
  return () => {
    query.removeEventListener('change', listener);
  };
}
