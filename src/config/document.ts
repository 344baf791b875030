/**
 * The YAML text as plain values, and the line every key and value stands on. Nothing in it is believed: the file is
 * written by hand, and a value that is silently not what was written would decide about people's footage.
 */
import { LineCounter, isMap, isScalar, isSeq, parseDocument, visit } from 'yaml';
import type { Document, Pair, YAMLMap } from 'yaml';
import { printable, quoted } from '../base/printable.ts';
import type { ConfigProblem, KeyPath } from './problem.ts';

/** How often anchors may be used: a file of this kind needs none, a bomb needs many. */
const MAX_ALIASES = 50;

export interface ConfigText {
  /** Maps, lists, texts, numbers, booleans and null; undefined when the text could not be read. */
  readonly value: unknown;
  readonly problems: readonly ConfigProblem[];
  /** The line of the key at `path`, or of the nearest key around it; undefined when none of it is in the file. */
  lineOf(path: KeyPath): number | undefined;
}

/** Reads a text; never throws. */
export function readConfigText(text: string): ConfigText {
  const lines = new LineCounter();
  try {
    return readDocument(text, lines);
  } catch (error) {
    return unreadable(
      `cannot be read as YAML (${parserSays(error instanceof Error ? error.message : String(error))})`,
    );
  }
}

function readDocument(text: string, lines: LineCounter): ConfigText {
  const options = { lineCounter: lines, version: '1.2', schema: 'core', uniqueKeys: false } as const;
  const doc = parseDocument(text, { ...options, prettyErrors: false });
  const lineAt = (offset: number | undefined): number | undefined =>
    offset === undefined ? undefined : lines.linePos(offset).line;
  // What a parser says after the first fault is about the text it imagines.
  const [fault] = [...doc.errors, ...doc.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  const problems =
    fault === undefined
      ? checkKeys(doc, lineAt)
      : [
          {
            line: lineAt(fault.pos[0]),
            key: '',
            sentence: `is not valid YAML: ${parserSays(fault.message)}`,
          },
        ];
  if (problems.length > 0) return { value: undefined, problems, lineOf: () => undefined };
  const value: unknown = doc.toJS({ maxAliasCount: MAX_ALIASES });
  return { value, problems, lineOf: (path) => lineAt(offsetOf(doc, path)) };
}

/** What the parser says, of which parts may be the file's own text. */
function parserSays(message: string): string {
  return printable(message.length > 200 ? `${message.slice(0, 199)}…` : message);
}

function unreadable(sentence: string): ConfigText {
  return {
    value: undefined,
    problems: [{ line: undefined, key: '', sentence }],
    lineOf: () => undefined,
  };
}

/** Keys are names as they are written: `000123` stays that, and no name stands twice in one map. */
function checkKeys(doc: Document, lineAt: (offset?: number) => number | undefined): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const refuse = (pair: Pair, key: string, sentence: string): void => {
    problems.push({ line: lineAt(startOf(pair.key) ?? startOf(pair.value)), key, sentence });
  };
  const checkMap = (map: YAMLMap): void => {
    const seen = new Map<string, number | undefined>();
    for (const pair of map.items) {
      const name = nameOf(pair);
      if (name === undefined) {
        refuse(pair, '', 'a key must be a name');
      } else if (name === '__proto__') {
        refuse(pair, quoted(name), 'is not allowed as a key');
      } else if (seen.has(name)) {
        refuse(pair, quoted(name), `stands twice, first on line ${String(seen.get(name) ?? '?')}`);
      } else {
        seen.set(name, lineAt(startOf(pair.key)));
      }
    }
  };
  visit(doc, {
    Map: (_, map) => {
      checkMap(map);
    },
  });
  return problems;
}

/** The name a key has, as written; undefined for a key that is no plain name. Makes the key that text. */
function nameOf(pair: Pair): string | undefined {
  if (!isScalar(pair.key)) return undefined;
  const { value, source } = pair.key;
  const name = typeof value === 'string' ? value : source;
  if (name === undefined || name === '') return undefined;
  pair.key.value = name;
  return name;
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  const range = node.range as readonly number[] | null | undefined;
  return range?.[0];
}

function offsetOf(doc: Document, path: KeyPath): number | undefined {
  let node: unknown = doc.contents;
  let offset: number | undefined;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((p) => isScalar(p.key) && p.key.value === part);
      if (pair === undefined) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof part === 'number') {
      node = node.items[part];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}
