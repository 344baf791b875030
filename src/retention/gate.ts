/**
 * The gate between deleting and holding: it serves one delete batch (T1 to the end of U) or one hold placement (its
 * transaction) at a time. A placement goes before waiting batches; when the batch inside does not come
 * to its end within two seconds (a hung disk), it is told to stop and the placement goes on beside it.
 */
export const PLACEMENT_WAIT_MS = 2000;

/** A flag the unlinking thread looks at before every single unlink. */
export class AbortFlag {
  readonly #word: Int32Array;
  constructor(shared = new SharedArrayBuffer(4)) {
    this.#word = new Int32Array(shared);
  }
  get shared(): SharedArrayBuffer {
    return this.#word.buffer as SharedArrayBuffer;
  }
  raise(): void {
    Atomics.store(this.#word, 0, 1);
  }
  get raised(): boolean {
    return Atomics.load(this.#word, 0) === 1;
  }
}

interface Waiting {
  readonly placement: boolean;
  readonly enter: () => void;
}

export class Gate {
  #inside: AbortFlag | undefined;
  #placing = 0;
  readonly #waiting: Waiting[] = [];
  readonly #delay: (ms: number) => Promise<void>;

  /** `delay` resolves after that many milliseconds of real time; injected so that tests decide. */
  constructor(delay: (ms: number) => Promise<void>) {
    this.#delay = delay;
  }

  /** Runs one delete batch alone. `work` must end when its flag is raised, leaving the rest undone. */
  async batch<T>(work: (abort: AbortFlag) => Promise<T>): Promise<T> {
    while (this.#inside !== undefined || this.#placing > 0) await this.#wait(false).turn;
    const abort = new AbortFlag();
    this.#inside = abort;
    try {
      return await work(abort);
    } finally {
      this.#inside = undefined;
      this.#next();
    }
  }

  /**
   * Runs one placement's transaction, which is synchronous. When the batch inside does not end in time it is told to
   * stop, and the placement does not wait for it any longer: what it was unlinking has an unknown outcome.
   */
  async placement<T>(work: () => T): Promise<T> {
    this.#placing += 1;
    const inside = this.#inside;
    const waiting = this.#wait(true);
    try {
      if (inside !== undefined) {
        await Promise.race([waiting.turn, this.#delay(PLACEMENT_WAIT_MS)]);
        if (this.#inside === inside) inside.raise();
      }
      return work();
    } finally {
      this.#placing -= 1;
      waiting.leave();
      if (this.#inside === undefined) this.#next();
    }
  }

  /** A place in the queue. `leave` gives it up, so that nobody who has gone on is woken in another's stead. */
  #wait(placement: boolean): { turn: Promise<void>; leave: () => void } {
    let entry: Waiting | undefined;
    const turn = new Promise<void>((enter) => {
      entry = { placement, enter };
      this.#waiting.push(entry);
    });
    const leave = (): void => {
      const at = entry === undefined ? -1 : this.#waiting.indexOf(entry);
      if (at >= 0) this.#waiting.splice(at, 1);
    };
    return { turn, leave };
  }

  /** Lets all placements in, else one batch. */
  #next(): void {
    const placements = this.#waiting.filter((w) => w.placement);
    const entering = placements.length > 0 ? placements : this.#waiting.slice(0, 1);
    for (const w of entering) {
      this.#waiting.splice(this.#waiting.indexOf(w), 1);
      w.enter();
    }
  }
}
