/**
 * The order of what is done to the clips of one root. A delete batch may begin (T1, U) while the one before it is being
 * concluded (X, T2), and none before that one is left: the disk and the index work side by side. Settling runs alone:
 * two that settle one intent would both end it.
 */

/** How far a turn has come, for the one behind it; each promise settles with whether the root may be gone on with. */
export interface Before {
  /** D is over, what was unlinked is durable, and every turn before it has ended: the next may begin. */
  readonly durable: Promise<boolean>;
  /** T2 is over, or the turn was given up, and so is every turn before it. */
  readonly ended: Promise<boolean>;
}

export class Turn implements Before {
  readonly #durable = Promise.withResolvers<boolean>();
  readonly #ended = Promise.withResolvers<boolean>();
  readonly durable = this.#durable.promise;
  readonly ended = this.#ended.promise;

  /** Whoever is behind may begin as soon as `durable` says so. */
  passOn(durable: Promise<boolean>): void {
    this.#durable.resolve(durable);
  }

  /** Everything is over. `sound`: the root may be gone on with. */
  end(sound: boolean): void {
    this.#durable.resolve(sound);
    this.#ended.resolve(sound);
  }
}

const NOTHING: Before = {
  durable: Promise.resolve(true),
  ended: Promise.resolve(true),
};

export class Turns {
  readonly #last = new Map<string, Turn>();

  /**
   * Runs `work` at once; it waits for what it must of the turn before it, and ends after it also when it throws. A
   * result of undefined means that the root is in doubt: whatever comes behind is told so, until a turn that goes on
   * all the same (settling) ends well.
   */
  async take<T>(
    rootId: string,
    work: (before: Before, own: Turn) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const before = this.#last.get(rootId) ?? NOTHING;
    const own = new Turn();
    this.#last.set(rootId, own);
    let sound = false;
    try {
      const result = await work(before, own);
      sound = result !== undefined;
      return result;
    } finally {
      await before.ended;
      own.end(sound);
      if (sound && this.#last.get(rootId) === own) this.#last.delete(rootId);
    }
  }
}
