/** Until when a directory receives files, by the dates in its path. */
import type { TimeRange } from '../../base/range.ts';
import type { FieldName } from './fields.ts';
import { readTime, type TimeRules } from './name-time.ts';
import { Pattern, components, expand, hasSlash, joined } from './pattern.ts';
import { parsePattern, type Node } from './pattern-text.ts';
import type { Recorder } from './recorder.ts';

const DATES: readonly FieldName[] = ['YYYY', 'YY'];

export class DirectoryDates {
  /** Shapes of directories with a date, the deepest first. */
  readonly #shapes: readonly Pattern[];
  readonly #time: TimeRules;

  constructor(recorder: Recorder, clips: readonly Pattern[], time: TimeRules) {
    this.#time = time;
    const shapes =
      recorder.closing === undefined
        ? clips.flatMap((clip) => directoriesOf(clip.nodes).flatMap(prefixes))
        : recorder.closing.map((text) => components(parsePattern(text)));
    this.#shapes = shapes
      .sort((a, b) => b.length - a.length)
      .map((shape) => new Pattern(joined(shape), [], '(?:/[^]*)?'))
      .filter((pattern) => pattern.has(...DATES));
  }

  /** The range of the most exact date in the path of `dir`; undefined when it tells none. */
  within(dir: string): TimeRange | undefined {
    for (const shape of this.#shapes) {
      const found = shape.match(dir);
      const within = found === undefined ? undefined : readTime(found, this.#time)?.within;
      if (within !== undefined) return within;
    }
    return undefined;
  }
}

/** The directory of a clip's pattern as components, once per variant of its optional directories. */
export function directoriesOf(nodes: readonly Node[]): Node[][][] {
  return expand(nodes, hasSlash).map((variant) => components(variant).slice(0, -1));
}

function prefixes(dir: readonly Node[][]): Node[][][] {
  return dir.map((_, i) => dir.slice(0, i + 1));
}
