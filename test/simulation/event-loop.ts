/**
 * The event loop of a simulated process. What the product puts off by `setImmediate` waits here for the scheduler to give
 * it its turn: a real turn asks the kernel for news each time, and a run has thousands.
 */
export class EventLoop {
  #waiting: (() => void)[] = [];

  /** Runs `work` while `setImmediate` is this loop's. */
  async instead<T>(work: () => Promise<T>): Promise<T> {
    globalThis.setImmediate = ((then: (...args: unknown[]) => void, ...args: unknown[]) => {
      this.#waiting.push(() => {
        then(...args);
      });
    }) as unknown as typeof setImmediate;
    try {
      return await work();
    } finally {
      globalThis.setImmediate = realImmediate;
    }
  }

  /** Somebody waits for a turn. */
  get isAwaited(): boolean {
    return this.#waiting.length > 0;
  }

  /** Resolves when all that follows by promises from what was done is done. */
  readonly rest = rest;

  /** One turn of all who wait for it by now. */
  async turn(): Promise<void> {
    const turn = this.#waiting;
    this.#waiting = [];
    for (const then of turn) {
      then();
      await rest();
    }
  }
}

const realImmediate = setImmediate;
/** Immediates of one real turn: Node lets every promise, and what nobody caught, have its way between two of them. */
const BEATS = 256;
let beats = 0;
let next: (() => void) | undefined;

function rest(): Promise<void> {
  return new Promise((resolve) => {
    next = resolve;
    if (beats > 0) return;
    beats = BEATS;
    for (let n = 0; n < BEATS; n += 1) realImmediate(beat);
  });
}

function beat(): void {
  beats -= 1;
  const then = next;
  next = undefined;
  then?.();
}
