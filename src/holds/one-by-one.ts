/** What is done to one hold happens one after the other; a repeated request is answered when the first is, and not before. */
export class OneByOne {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs `work` when everything taken before under this key has ended, well or not. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const own = (before ?? Promise.resolve()).then(work, work);
    this.#last.set(key, own);
    try {
      return await own;
    } finally {
      if (this.#last.get(key) === own) this.#last.delete(key);
    }
  }
}
