/**
 * True time, and who does something next. Nothing else in a simulation waits: every latency, timer and period is an
 * event here, so the whole of a run follows from its seed. Events of one moment come in an order drawn from the seed.
 */
import { EventLoop } from './event-loop.ts';
import type { Random } from './random.ts';

/** A process, or an actor of the world outside. What waits for a dead one never happens. */
export interface Life {
  readonly alive: boolean;
}

/**
 * With nothing to do for so long, who waits for the event loop has so many turns; when nothing comes any more, as many
 * as it wants.
 */
const IDLE_MS = 1000;
const IDLE_TURNS = 4;
const LAST_TURNS = 50;

export const WORLD: Life = { alive: true };

interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly life: Life;
  readonly work: () => unknown;
}

export class Scheduler {
  readonly #random: Random;
  readonly #heap: Event[] = [];
  readonly #loop = new EventLoop();
  /** Called after each event, when everything that follows from it has come to rest. */
  afterStep: () => void = () => undefined;
  /** What an event threw, or the promise it gave: the run ends with it. */
  failure: unknown;
  nowMs: number;
  steps = 0;
  readonly #told: (readonly [atMs: number, what: string])[] = [];

  constructor(random: Random, startMs: number) {
    this.#random = random;
    this.nowMs = startMs;
  }

  tell(what: string): void {
    this.#told.push([this.nowMs, what]);
  }

  /** What happened, for the person who replays a seed. */
  get story(): string[] {
    return this.#told.map(([atMs, what]) => `${new Date(atMs).toISOString().slice(11, 23)}  ${what}`);
  }

  /** A number that tells what happened in which order, and not when. */
  get order(): number {
    let [one, other] = [0x811c9dc5, 0x1b873593];
    const mix = (code: number): void => {
      one = Math.imul(one ^ code, 0x01000193);
      other = Math.imul(other ^ code, 0x85ebca6b);
    };
    for (const [, what] of this.#told) {
      for (let i = 0; i < what.length; i += 1) mix(what.charCodeAt(i));
      mix(10);
    }
    return (one >>> 0) * 0x20_0000 + (other >>> 11);
  }

  /** Does `work` in `ms` from now, if `life` still lasts then. */
  after(ms: number, life: Life, work: () => unknown): void {
    push(this.#heap, { atMs: this.nowMs + Math.max(0, ms), order: this.#random.next(), life, work });
  }

  /** Resolves after `ms`; never when `life` ends before. */
  delay(ms: number, life: Life): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, life, resolve);
    });
  }

  /** Does what is to be done until `untilMs`, or until something fails. */
  run(untilMs: number): Promise<void> {
    return this.#loop.instead(() => this.#run(untilMs));
  }

  async #run(untilMs: number): Promise<void> {
    const loop = this.#loop;
    for (;;) {
      // Who lets others have their turn goes on when there is nobody else.
      for (let turns = 0; loop.isAwaited && this.#isIdle(turns, untilMs); turns += 1) await loop.turn();
      const next = this.#heap[0];
      if (next === undefined || next.atMs > untilMs) break;
      pop(this.#heap);
      if (!next.life.alive) continue;
      this.nowMs = next.atMs;
      this.steps += 1;
      this.#do(next);
      await loop.rest();
      if (loop.isAwaited) await loop.turn();
      this.afterStep();
      if (this.failure !== undefined) return;
    }
    this.nowMs = untilMs;
  }

  #isIdle(turns: number, untilMs: number): boolean {
    const nextMs = this.#heap[0]?.atMs ?? Infinity;
    return turns < (nextMs > untilMs ? LAST_TURNS : IDLE_TURNS) && nextMs - this.nowMs > IDLE_MS;
  }

  #do({ work, life }: Event): void {
    try {
      const done = work();
      if (done instanceof Promise) {
        done.catch((error: unknown) => {
          if (life.alive) this.failure ??= error;
        });
      }
    } catch (error) {
      if (life.alive) this.failure ??= error;
    }
  }
}

function before(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

function push(heap: Event[], event: Event): void {
  let at = heap.length;
  heap.push(event);
  while (at > 0) {
    const up = (at - 1) >> 1;
    const parent = heap[up]!;
    if (!before(event, parent)) break;
    heap[at] = parent;
    at = up;
  }
  heap[at] = event;
}

function pop(heap: Event[]): void {
  const last = heap.pop()!;
  if (heap.length === 0) return;
  let at = 0;
  for (;;) {
    let down = 2 * at + 1;
    if (down >= heap.length) break;
    if (down + 1 < heap.length && before(heap[down + 1]!, heap[down]!)) down += 1;
    if (!before(heap[down]!, last)) break;
    heap[at] = heap[down]!;
    at = down;
  }
  heap[at] = last;
}
