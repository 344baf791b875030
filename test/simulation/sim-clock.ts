/** The clocks of the box: the wall clock may be wrong, the boot clock only counts, true time is the scheduler's. */
import type { Clock } from '../../src/base/clock.ts';

export class BoxClock implements Clock {
  readonly #trueMs: () => number;
  #bootedMs: number;
  #boots = 1;
  /** Wall minus true time. */
  #wrongMs = 0;
  /** Whether a time server vouches for the wall clock, which is right then. */
  synchronised = true;

  constructor(trueMs: () => number) {
    this.#trueMs = trueMs;
    this.#bootedMs = trueMs() - 60_000;
  }

  wallMs(): number {
    return this.#trueMs() + this.#wrongMs;
  }

  bootMs(): number {
    return this.#trueMs() - this.#bootedMs;
  }

  bootId(): string {
    return `boot-${this.#boots}`;
  }

  /** Boot time at which the time server last spoke; null when it does not, or the clock was stepped since. */
  checkedBootMs(): number | null {
    return this.synchronised ? this.bootMs() : null;
  }

  get wrongMs(): number {
    return this.#wrongMs;
  }

  /** Somebody or something sets the wall clock; nobody vouches for it then. */
  step(byMs: number): void {
    this.#wrongMs += byMs;
    this.synchronised = false;
  }

  synchronise(): void {
    this.#wrongMs = 0;
    this.synchronised = true;
  }

  /** The box starts now. What its wall clock says is the battery's business. */
  boot(wrongMs: number): void {
    this.#bootedMs = this.#trueMs();
    this.#boots += 1;
    this.#wrongMs = wrongMs;
    this.synchronised = false;
  }
}
