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
        ? clips.flatMap((clip) => shapesOf(clip.nodes).flatMap(({ dir }) => prefixes(dir)))
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

interface Shape {
  /** Components of the directory. */
  readonly dir: readonly (readonly Node[])[];
  readonly name: readonly Node[];
}

/** A clip's pattern as directory and name, once per variant of its optional directories. */
export function shapesOf(nodes: readonly Node[]): Shape[] {
  return expand(nodes, hasSlash).map((variant) => {
    const parts = components(variant);
    return { dir: parts.slice(0, -1), name: parts.at(-1) ?? [] };
  });
}

function prefixes(dir: readonly (readonly Node[])[]): (readonly Node[])[][] {
  return dir.map((_, i) => dir.slice(0, i + 1));
}
