/** The lines of a configuration that describe a tree that was looked at. */
import { basename } from 'node:path';
import { parse } from 'yaml';
import type { CameraSurvey } from '../clips/layouts/survey.ts';

export interface Described {
  readonly root: string;
  readonly zone: string;
  readonly layout: string | null;
  readonly pattern: string | null;
}

const MAX_ID = 40;
const LONE_SURROGATE = /\p{Cs}/u;

/** YAML to paste below `sources:`. A camera whose name is no text cannot be written and is left out, with a remark. */
export function configLines(tree: Described, cameras: readonly CameraSurvey[]): string {
  const taken = new Set<string>();
  const mapping = cameras.map(({ recorderCamera }) =>
    LONE_SURROGATE.test(recorderCamera)
      ? '      # one camera is left out: its name is not UTF-8\n'
      : `      ${text(recorderCamera)}: ${word(idOf(recorderCamera, taken))}\n`,
  );
  return [
    `  - id: ${word(idOf(basename(tree.root), new Set()))}\n`,
    `    root: ${text(tree.root)}\n`,
    `    layout: ${tree.layout ?? ''}\n`,
    tree.pattern === null ? '' : `    pattern: ${text(tree.pattern)}\n`,
    `    timeZone: ${tree.zone}\n`,
    '    cameras: # name in the paths: id of a camera of this file\n',
    ...mapping,
  ].join('');
}

/** A text in double quotes: JSON's form is YAML's. */
function text(value: string): string {
  return JSON.stringify(value);
}

/** Bare, unless YAML would read something else than these letters: `null`, `1e5`. */
function word(id: string): string {
  return parse(id) === id ? id : text(id);
}

/** An id the configuration accepts, made from a name and different from those taken. */
function idOf(name: string, taken: Set<string>): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  // Digits alone tell nobody anything.
  const base = (/^\d*$/.test(plain) ? `camera${plain && `-${plain}`}` : plain).slice(0, MAX_ID - 4);
  let id = base;
  for (let n = 2; taken.has(id); n++) id = `${base}-${String(n)}`;
  taken.add(id);
  return id;
}
