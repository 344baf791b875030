/** What `fortnight check` reports: one line per violated promise. */
import { KINDS, type Kind } from './kinds.ts';

export interface Finding {
  readonly kind: Kind;
  /** The invariant of docs/design/invariants.md that does not hold. */
  readonly invariant: string;
  /** Paths in it are byte strings: make it printable before a person sees it. */
  readonly sentence: string;
}

/** Findings, cut at a number a person can read; all are counted. */
export class Findings {
  readonly #list: Finding[] = [];
  readonly #limit: number;
  #total = 0;

  constructor(limit = 200) {
    this.#limit = limit;
  }

  add(kind: Kind, sentence: string): void {
    this.#total += 1;
    if (this.#list.length < this.#limit) this.#list.push({ kind, invariant: KINDS[kind], sentence });
  }

  get total(): number {
    return this.#total;
  }

  get list(): readonly Finding[] {
    return this.#list;
  }
}
