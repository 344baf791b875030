/** Changes on their way to the index: posted in batches, with back-pressure, so that a scan never runs ahead of it. */
import type { Change } from '../clips/change.ts';
import { pack, type Packed } from './pack.ts';
import { BATCH_PIECES, MAX_OUTSTANDING, PIECE_CHANGES } from './report.ts';

export class Outbox {
  readonly #post: (pieces: readonly Packed[]) => void;
  #pending: Change[] = [];
  #pieces: Packed[] = [];
  #outstanding = 0;
  #waiting: (() => void)[] = [];

  constructor(post: (pieces: readonly Packed[]) => void) {
    this.#post = post;
  }

  /** Adds a change, and posts a batch when it is one. Whoever adds many asks for room now and then. */
  add(change: Change): void {
    this.#pending.push(change);
    if (this.#pending.length < PIECE_CHANGES) return;
    this.#closePiece();
    if (this.#pieces.length >= BATCH_PIECES) this.#flush();
  }

  /** Waits while too many batches are not yet applied. */
  room(): Promise<void> {
    return this.#until(() => this.#outstanding < MAX_OUTSTANDING);
  }

  /** Posts what is left and waits until everything is applied: then a read of the index sees it. */
  async drain(): Promise<void> {
    if (this.#pending.length > 0) this.#closePiece();
    if (this.#pieces.length > 0) this.#flush();
    await this.#until(() => this.#outstanding === 0);
  }

  /** A batch has been applied. */
  acknowledged(): void {
    this.#outstanding -= 1;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  #flush(): void {
    const batch = this.#pieces;
    this.#pieces = [];
    this.#outstanding += 1;
    this.#post(batch);
  }

  #closePiece(): void {
    this.#pieces.push(pack(this.#pending));
    this.#pending = [];
  }

  async #until(done: () => boolean): Promise<void> {
    while (!done()) {
      await new Promise<void>((wake) => this.#waiting.push(wake));
    }
  }
}
