/**
 * The gate between deleting and holding: it serves one delete batch (T1 to the end of its unlinks) or one hold
 * placement (its transaction) at a time. A placement goes before waiting batches; when the batch inside does not come
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
    while (this.#inside !== undefined || this.#placing > 0) await this.#turn(false);
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
   * Runs one placement's transaction, which is synchronous. `interrupted` tells it that a batch had to be stopped:
   * what that batch was unlinking at this moment has an unknown outcome.
   */
  async placement<T>(work: (interrupted: boolean) => T): Promise<T> {
    this.#placing += 1;
    try {
      const inside = this.#inside;
      if (inside !== undefined) {
        await Promise.race([this.#turn(true), this.#delay(PLACEMENT_WAIT_MS)]);
        if (this.#inside === inside) inside.raise();
      }
      return work(inside !== undefined && this.#inside === inside);
    } finally {
      this.#placing -= 1;
      if (this.#inside === undefined) this.#next();
    }
  }

  #turn(placement: boolean): Promise<void> {
    return new Promise((enter) => this.#waiting.push({ placement, enter }));
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
