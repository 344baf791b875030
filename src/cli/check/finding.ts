/** What `fortnight check` reports: one line per violated promise, with the invariant's number. */
export interface Finding {
  /** The invariant of docs/design/invariants.md that does not hold. */
  readonly invariant: string;
  readonly sentence: string;
}

/** Findings of one kind, cut at a number a person can read; the count is always said. */
export class Findings {
  readonly #list: Finding[] = [];
  readonly #limit: number;
  #total = 0;

  constructor(limit = 200) {
    this.#limit = limit;
  }

  add(invariant: string, sentence: string): void {
    this.#total += 1;
    if (this.#list.length < this.#limit) this.#list.push({ invariant, sentence });
  }

  get total(): number {
    return this.#total;
  }

  get list(): readonly Finding[] {
    return this.#list;
  }
}
