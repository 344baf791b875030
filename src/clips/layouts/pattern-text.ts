/**
 * The pattern language as text, read into a tree: literal text, `{field}` (`{serial:6}` with a width), `[optional]`,
 * `(one|or|other)`, `\` before a character that is meant literally, and the strftime notation (`%Y-%m-%d`).
 */
import { FortnightError } from '../../base/errors.ts';
import { nearestName } from '../../base/nearest.ts';
import { quoted } from '../../base/printable.ts';
import { FIELDS, STRFTIME, isField, type FieldName } from './fields.ts';

export type Node =
  /** `bytes` is a byte string, like the paths it is compared with. */
  | { readonly kind: 'text'; readonly bytes: string }
  | { readonly kind: 'field'; readonly field: FieldName; readonly argument: string | undefined }
  /** The first is what `format` writes. */
  | { readonly kind: 'choice'; readonly of: readonly (readonly Node[])[] };

const MAX_PATTERN = 1024;
const MAX_DEPTH = 8;

/** The tree of a pattern. Throws `config_invalid` with the place and a hint. */
export function parsePattern(pattern: string): readonly Node[] {
  if (pattern.length > MAX_PATTERN) throw bad(pattern, `is longer than ${String(MAX_PATTERN)} characters`);
  const reader = new PatternReader(pattern);
  const nodes = reader.sequence('', 0);
  if (!reader.done) throw bad(pattern, 'has a closing bracket or a | without an opening bracket');
  return nodes;
}

/** An error about a pattern, in one form. */
export function bad(pattern: string, what: string, hint?: string): FortnightError {
  return new FortnightError('config_invalid', `the pattern ${quoted(pattern)} ${what}`, {
    hint: hint ?? 'docs/guide/layouts.md describes the pattern language',
  });
}

class PatternReader {
  readonly #text: string;
  #at = 0;
  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Nodes up to one of the characters `stops` (not consumed) or the end. */
  sequence(stops: string, depth: number): Node[] {
    if (depth > MAX_DEPTH) throw bad(this.#text, 'has brackets nested too deeply');
    const nodes: Node[] = [];
    while (!this.done) {
      const c = this.#text.charAt(this.#at);
      if (')]|'.includes(c)) {
        if (stops.includes(c)) return nodes;
        throw bad(this.#text, `has a ${c} that closes nothing`, `write \\${c} for the character itself`);
      }
      nodes.push(...this.#node(c, depth));
    }
    if (stops !== '') throw bad(this.#text, `lacks a closing ${stops.at(-1) ?? ''}`);
    return nodes;
  }

  #node(c: string, depth: number): Node[] {
    this.#at++;
    switch (c) {
      case '{':
        return [this.#field()];
      case '[': {
        const inner = this.#alternatives('|]', depth + 1);
        return [{ kind: 'choice', of: [...inner, []] }];
      }
      case '(':
        return [{ kind: 'choice', of: this.#alternatives('|)', depth + 1) }];
      case '%':
        return this.#conversion();
      case '\\': {
        if (this.done) throw bad(this.#text, 'ends with a \\');
        return [text(this.#text.charAt(this.#at++))];
      }
      default:
        return [text(this.#plain())];
    }
  }

  /** Plain characters from the one just passed on. */
  #plain(): string {
    const from = this.#at - 1;
    while (!this.done && !'{}[]()|%\\'.includes(this.#text.charAt(this.#at))) this.#at++;
    return this.#text.slice(from, this.#at);
  }

  #alternatives(stops: string, depth: number): Node[][] {
    const all = [this.sequence(stops, depth)];
    while (this.#text.charAt(this.#at) === '|') {
      this.#at++;
      all.push(this.sequence(stops, depth));
    }
    this.#at++;
    return all;
  }

  #field(): Node {
    const end = this.#text.indexOf('}', this.#at);
    if (end < 0) throw bad(this.#text, 'has a { without a }');
    const inside = this.#text.slice(this.#at, end);
    const colon = inside.indexOf(':');
    const name = colon < 0 ? inside : inside.slice(0, colon);
    const argument = colon < 0 ? undefined : inside.slice(colon + 1);
    this.#at = end + 1;
    if (!isField(name)) {
      const near = nearestName(name, Object.keys(FIELDS));
      const hint = near === undefined ? undefined : `did you mean {${near}}?`;
      throw bad(this.#text, `has an unknown field ${quoted(name)}`, hint);
    }
    if (argument === undefined) return { kind: 'field', field: name, argument };
    if (name !== 'any' && !((name === 'serial' || name === 'hex') && /^([1-9]|1\d|20)$/.test(argument))) {
      throw bad(
        this.#text,
        `has {${name}:${argument}}`,
        'serial and hex take a width of 1 to 20, any a text',
      );
    }
    return { kind: 'field', field: name, argument };
  }

  #conversion(): Node[] {
    const rest = this.#text.slice(this.#at);
    const name = /^(?:path|\{\w+\})/.exec(rest)?.[0] ?? rest.charAt(0);
    const meaning = STRFTIME[name];
    if (name === '' || meaning === undefined) {
      throw bad(
        this.#text,
        `has an unknown conversion ${quoted(`%${name}`)}`,
        'write %% for a per cent sign',
      );
    }
    this.#at += name.length;
    return name === '%' ? [text('%')] : [...parsePattern(meaning)];
  }
}

function text(literal: string): Node {
  return { kind: 'text', bytes: Buffer.from(literal, 'utf8').toString('latin1') };
}
