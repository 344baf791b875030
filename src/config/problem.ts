/** What is wrong with a configuration, said so that a person finds the place. */
import { FortnightError } from '../base/errors.ts';
import { nearestName } from '../base/nearest.ts';
import { quoted } from '../base/printable.ts';

/** Where in the file: the keys and list positions that lead there. */
export type KeyPath = readonly (string | number)[];

/** What a check found about a key, before anybody knows its line. */
export interface Finding {
  readonly at: KeyPath;
  /** Reads on after the key: `must be a number`, `is missing`. */
  readonly sentence: string;
}

/** What checks found: problems refuse the configuration, warnings are told and it is used. */
export interface Findings {
  readonly problems: Finding[];
  readonly warnings: Finding[];
}

/** A finding with its place in the file; line 1 is the first, undefined when the place is the whole file. */
export interface ConfigProblem {
  readonly line: number | undefined;
  readonly key: string;
  readonly sentence: string;
}
export type ConfigWarning = ConfigProblem;

const MAX_SHOWN = 50;

/** The key as it is written in documents: `sources[0].root`. */
export function keyText(path: KeyPath): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${String(part)}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(part)) text += text === '' ? part : `.${part}`;
    else text += `[${quoted(part)}]`;
  }
  return text;
}

/** One line about one problem, e.g. `line 12: site.timeZone: is missing`. */
export function problemLine(problem: ConfigProblem): string {
  const place = problem.line === undefined ? [] : [`line ${String(problem.line)}`];
  const key = problem.key === '' ? [] : [problem.key];
  return [...place, ...key, problem.sentence].join(': ');
}

/** All problems of one file as one error, in the order of the file. */
export function configInvalid(file: string, problems: readonly ConfigProblem[]): FortnightError {
  const sorted = [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const lines = sorted.slice(0, MAX_SHOWN).map((p) => `  ${problemLine(p)}`);
  const more = sorted.length - lines.length;
  if (more > 0) lines.push(`  and ${String(more)} more`);
  const count = sorted.length === 1 ? 'a problem' : `${String(sorted.length)} problems`;
  // Of the file itself (who may write to it, what it is made of) no key is to blame.
  const extra = problems.some(({ key }) => key !== '')
    ? { hint: 'every key is explained by: fortnight config reference' }
    : {};
  return new FortnightError('config_invalid', [`${quoted(file)} has ${count}`, ...lines].join('\n'), extra);
}

/** `; did you mean "x"?` when a candidate is near, else nothing. */
export function didYouMean(name: string, candidates: readonly string[]): string {
  const near = nearestName(name, candidates);
  return near === undefined ? '' : `; did you mean ${quoted(near)}?`;
}
