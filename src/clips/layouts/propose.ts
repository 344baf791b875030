/** Which layout fits a tree best. */
import { CUSTOM, LAYOUTS, compileLayout } from './registry.ts';

export interface Proposal {
  readonly name: string;
  /** Files one of the layout's own patterns names: clips and stills in their exact shape, also pictures without a clip. */
  readonly matched: number;
  /** Files that belong to a clip, are unfinished or the recorder's own data. */
  readonly sidecars: number;
  /** The rest: footage only its directory gives away, and files the layout does not know. */
  readonly unmatched: number;
}

/** Layouts that read at least one of the files by its name, the best first. `zone` is only used to check dates. */
export function proposeLayouts(paths: readonly string[], zone: string): Proposal[] {
  return LAYOUTS.filter(({ name }) => name !== CUSTOM)
    .map(({ name }) => tally(name, paths, zone))
    .filter(({ matched }) => matched > 0)
    .sort((a, b) => b.matched - a.matched || a.unmatched - b.unmatched);
}

function tally(name: string, paths: readonly string[], timeZone: string): Proposal {
  const layout = compileLayout({ layout: name, timeZone });
  const there = new Set(paths);
  let matched = 0;
  let sidecars = 0;
  for (const path of paths) {
    const meaning = layout.read(path);
    if (meaning?.is === 'clip') matched += meaning.reading.named ? 1 : 0;
    else if (
      meaning?.is === 'sidecar' &&
      meaning.alone?.named === true &&
      !meaning.of.some((p) => there.has(p))
    )
      matched += 1;
    else if (meaning !== undefined) sidecars += 1;
  }
  return { name, matched, sidecars, unmatched: paths.length - matched - sidecars };
}
