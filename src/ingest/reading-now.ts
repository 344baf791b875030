/**
 * Which file the scan's thread is reading, in memory it shares with the main thread: whatever a file does to its
 * reader (an endless loop, memory without end, a defect of ours), it is known by name afterwards.
 */

/** Linux' longest path and a length. */
export const READING_BYTES = 4096 + Int32Array.BYTES_PER_ELEMENT;

export class ReadingNow {
  readonly #length: Int32Array;
  readonly #path: Buffer;

  /** `shared`: READING_BYTES, zero at first. */
  constructor(shared: SharedArrayBuffer) {
    this.#length = new Int32Array(shared, 0, 1);
    this.#path = Buffer.from(shared, Int32Array.BYTES_PER_ELEMENT);
  }

  /** `path`: a byte string below the root. */
  begin(path: string): void {
    Atomics.store(this.#length, 0, 0);
    Atomics.store(this.#length, 0, this.#path.write(path, 'latin1'));
  }

  end(): void {
    Atomics.store(this.#length, 0, 0);
  }

  /** Undefined: none. */
  path(): string | undefined {
    const length = Atomics.load(this.#length, 0);
    return length === 0 ? undefined : this.#path.toString('latin1', 0, length);
  }
}
