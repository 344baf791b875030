/**
 * A pattern compiled: matching a path and writing one.
 *
 * Matching is one regular expression without repetitions that could share a character. At most two fields of a
 * component are free, never side by side, the others bounded, and a component is at most 255 bytes: a hostile name
 * costs microseconds.
 */
import { assert } from '../../base/assert.ts';
import { FIELDS, type FieldName } from './fields.ts';
import { bad, parsePattern, type Node } from './pattern-text.ts';

/** Paths longer than this (PATH_MAX) are not matched. */
export const MAX_PATH_BYTES = 4096;
const MAX_FREE = 2;
const MAX_VARIANTS = 64;

/** The fields a path was found to have; undefined for one the path does not tell. */
export interface Found {
  get(field: FieldName): string | undefined;
}

/** Writes a field; `argument` is what stands behind its colon in the pattern. */
export type FieldWriter = (field: FieldName, argument: string | undefined) => string;

export class Pattern {
  readonly nodes: readonly Node[];
  readonly #regex: RegExp;
  readonly #groups: ReadonlyMap<FieldName, readonly number[]>;

  /** `tail` is what may follow the pattern, as a regular expression. */
  constructor(nodes: readonly Node[], exts: readonly string[], tail = '') {
    const builder = new RegexBuilder(exts);
    this.nodes = nodes;
    this.#regex = new RegExp(`^${builder.sequence(nodes)}${tail}$`);
    this.#groups = builder.groups;
  }

  /** Compiles a pattern as text. Throws `config_invalid`. */
  static of(pattern: string, exts: readonly string[]): Pattern {
    const nodes = parsePattern(pattern);
    checkFree(pattern, nodes);
    return new Pattern(nodes, exts);
  }

  has(...fields: FieldName[]): boolean {
    return fields.some((field) => this.#groups.has(field));
  }

  /** The fields of `path`, or undefined when it does not match. */
  match(path: string): Found | undefined {
    if (path.length > MAX_PATH_BYTES) return undefined;
    const groups = this.#regex.exec(path);
    return groups === null ? undefined : new Captured(groups, this.#groups);
  }

  /** The path with each field written by `write`; of alternatives the first, or the first without a camera. */
  format(write: FieldWriter, withCamera: boolean): string {
    const branch = (of: readonly (readonly Node[])[]): readonly Node[] =>
      (withCamera ? undefined : of.find((nodes) => !nodes.some(hasCamera))) ?? of[0] ?? [];
    const all = (nodes: readonly Node[]): string => nodes.map(one).join('');
    const one = (node: Node): string => {
      if (node.kind === 'text') return node.bytes;
      return node.kind === 'field' ? write(node.field, node.argument) : all(branch(node.of));
    };
    return all(this.nodes);
  }
}

class Captured implements Found {
  readonly #values: RegExpExecArray;
  readonly #groups: ReadonlyMap<FieldName, readonly number[]>;
  constructor(values: RegExpExecArray, groups: ReadonlyMap<FieldName, readonly number[]>) {
    this.#values = values;
    this.#groups = groups;
  }

  /** A field that stands in the path twice counts where it stands last: the name is closer to the clip than its directory. */
  get(field: FieldName): string | undefined {
    const groups = this.#groups.get(field);
    if (groups === undefined) return undefined;
    for (let i = groups.length - 1; i >= 0; i--) {
      const value: string | undefined = this.#values[groups[i] ?? 0];
      if (value !== undefined) return value;
    }
    return undefined;
  }
}

class RegexBuilder {
  readonly groups = new Map<FieldName, number[]>();
  readonly #exts: readonly string[];
  #count = 0;
  constructor(exts: readonly string[]) {
    this.#exts = exts;
  }

  sequence(nodes: readonly Node[]): string {
    return nodes.map((node) => this.#node(node)).join('');
  }

  #node(node: Node): string {
    switch (node.kind) {
      case 'text':
        return literal(node.bytes);
      case 'choice':
        return `(?:${node.of.map((branch) => this.sequence(branch)).join('|')})`;
      case 'field':
        return this.#field(node.field, node.argument);
    }
  }

  #field(field: FieldName, argument: string | undefined): string {
    if (field === 'ext') return `\\.(?:${this.#exts.map(anyCase).join('|')})`;
    if (field === 'any' || field === 'dirs') return FIELDS[field].source;
    const known = this.groups.get(field);
    // A camera that stands in the path twice must be the same camera.
    if (field === 'camera' && known?.[0] !== undefined) return `\\${String(known[0])}`;
    this.#count++;
    this.groups.set(field, [...(known ?? []), this.#count]);
    return `(${widthOf(FIELDS[field].source, argument)})`;
  }
}

/** The same kind of characters, at least `width` of them: counters outgrow their zeros. */
function widthOf(source: string, width = '1'): string {
  return source.replace('{1,', `{${width},`);
}

function literal(bytes: string): string {
  return bytes.replace(/[^0-9A-Za-z/]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function anyCase(ext: string): string {
  return ext.replace(/[a-z]/g, (c) => `[${c}${c.toUpperCase()}]`);
}

/** Refuses patterns that could be matched in more ways than anybody meant, or slowly. */
function checkFree(pattern: string, nodes: readonly Node[]): void {
  for (const component of expand(nodes, () => true).flatMap(components)) {
    const isFree = (node: Node | undefined): boolean =>
      node?.kind === 'field' && FIELDS[node.field].size === 'free';
    const where = component.flatMap((node, i) => (isFree(node) ? [i] : []));
    if (where.some((i) => isFree(component[i + 1]))) {
      throw bad(pattern, 'has two fields of any length side by side', 'put a character between them');
    }
    if (where.length > MAX_FREE) {
      throw bad(pattern, `has more than ${String(MAX_FREE)} fields of any length in one component`);
    }
  }
}

/** The sequences a pattern stands for when the choices that satisfy `which` are written out. Throws when they are too many. */
export function expand(nodes: readonly Node[], which: (node: Node) => boolean): Node[][] {
  let all: Node[][] = [[]];
  for (const node of nodes) {
    const branches =
      node.kind === 'choice' && which(node) ? node.of.flatMap((branch) => expand(branch, which)) : [[node]];
    all = all.flatMap((head) => branches.map((branch) => [...head, ...branch]));
    if (all.length > MAX_VARIANTS) throw bad('', `has more than ${String(MAX_VARIANTS)} variants`);
  }
  return all;
}

/** Whether a node spans directories. */
export function hasSlash(node: Node): boolean {
  if (node.kind === 'text') return node.bytes.includes('/');
  if (node.kind === 'field') return node.field === 'dirs';
  return node.of.some((branch) => branch.some(hasSlash));
}

export function hasCamera(node: Node): boolean {
  if (node.kind === 'field') return node.field === 'camera' || node.field === 'camera+';
  return node.kind === 'choice' && node.of.some((branch) => branch.some(hasCamera));
}

/** An expanded sequence cut at its slashes. */
export function components(nodes: readonly Node[]): Node[][] {
  const out: Node[][] = [[]];
  for (const node of nodes) {
    const pieces = node.kind === 'text' ? node.bytes.split('/') : [];
    if (node.kind !== 'text') out.at(-1)?.push(node);
    pieces.forEach((piece, i) => {
      if (i > 0) out.push([]);
      if (piece !== '') out.at(-1)?.push({ kind: 'text', bytes: piece });
    });
  }
  assert(out.length > 0, 'a sequence has at least one component');
  return out;
}

/** Components joined by slashes again. */
export function joined(parts: readonly (readonly Node[])[]): Node[] {
  return parts.flatMap((part, i): Node[] => (i === 0 ? [...part] : [{ kind: 'text', bytes: '/' }, ...part]));
}
