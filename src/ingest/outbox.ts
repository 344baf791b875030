/** Changes on their way to the index: posted in batches, with back-pressure, so that a scan never runs ahead of it. */
import type { Change } from '../clips/change.ts';
import { BATCH_CHANGES, MAX_OUTSTANDING } from './report.ts';

export class Outbox {
  readonly #post: (changes: readonly Change[]) => void;
  #pending: Change[] = [];
  #outstanding = 0;
  #waiting: (() => void)[] = [];

  constructor(post: (changes: readonly Change[]) => void) {
    this.#post = post;
  }

  /** Adds a change; waits while too many batches are not yet applied. */
  async add(change: Change): Promise<void> {
    this.#pending.push(change);
    if (this.#pending.length >= BATCH_CHANGES) await this.#flush();
  }

  /** Posts what is left and waits until everything is applied: then a read of the index sees it. */
  async drain(): Promise<void> {
    if (this.#pending.length > 0) await this.#flush();
    await this.#until(() => this.#outstanding === 0);
  }

  /** A batch has been applied. */
  acknowledged(): void {
    this.#outstanding -= 1;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  async #flush(): Promise<void> {
    await this.#until(() => this.#outstanding < MAX_OUTSTANDING);
    const batch = this.#pending;
    this.#pending = [];
    this.#outstanding += 1;
    this.#post(batch);
  }

  async #until(done: () => boolean): Promise<void> {
    while (!done()) {
      await new Promise<void>((wake) => this.#waiting.push(wake));
    }
  }
}
