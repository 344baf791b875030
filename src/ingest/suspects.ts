/**
 * Files during whose reading a scan came to its end. One that does so again and again would keep every file behind it
 * out of the index: after the third time its content is not looked into any more. It is then a clip like any other
 * that cannot be read: dated by its name and mtime, shown as unreadable, deleted on time.
 */

/** Ends of a scan that name a file before it is given up. */
export const MAX_ENDS = 3;
/** Files remembered; beyond it the oldest are forgotten. */
const MAX_SUSPECTS = 1000;

export class Suspects {
  readonly #ends = new Map<string, number>();

  /** A scan ended while it read the file. True when that was once too often. */
  blame(rootId: string, path: string): boolean {
    const key = `${rootId}\0${path}`;
    const ends = (this.#ends.get(key) ?? 0) + 1;
    this.#ends.delete(key);
    this.#ends.set(key, ends);
    for (const oldest of this.#ends.keys()) {
      if (this.#ends.size <= MAX_SUSPECTS) break;
      this.#ends.delete(oldest);
    }
    return ends === MAX_ENDS;
  }

  /** Paths of a root that are given up. */
  givenUp(rootId: string): string[] {
    const prefix = `${rootId}\0`;
    return [...this.#ends]
      .filter(([key, ends]) => ends >= MAX_ENDS && key.startsWith(prefix))
      .map(([key]) => key.slice(prefix.length));
  }
}
