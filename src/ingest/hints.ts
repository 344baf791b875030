/** The bounded queue between events and looks. An event says where to look; losing one costs time, never footage. */

/** Paths waiting at once. Beyond it they are dropped and a reconcile of their root is asked for instead. */
export const MAX_HINTS = 10_000;
/** Paths handed to one look. */
export const LOOK_PATHS = 500;

export class HintQueue {
  readonly #paths = new Map<string, Set<string>>();
  readonly #overflowed = new Set<string>();
  #size = 0;
  #oldestMs: number | undefined;

  /** Notes that something happened to `path` (byte string) of a root at `nowMs`, any clock that only advances. */
  add(rootId: string, path: string, nowMs: number): void {
    if (this.#overflowed.has(rootId)) return;
    if (this.#size >= MAX_HINTS) {
      this.overflow(rootId);
      return;
    }
    const paths = this.#paths.get(rootId) ?? new Set<string>();
    this.#paths.set(rootId, paths);
    if (paths.has(path)) return;
    paths.add(path);
    this.#size += 1;
    this.#oldestMs ??= nowMs;
  }

  /** Drops what waits for a root: only a reconcile can tell now. */
  overflow(rootId: string): void {
    this.#size -= this.#paths.get(rootId)?.size ?? 0;
    this.#paths.delete(rootId);
    this.#overflowed.add(rootId);
    this.#forgetTime();
  }

  /** Takes at most LOOK_PATHS paths of a root. */
  take(rootId: string): string[] {
    const paths = this.#paths.get(rootId);
    if (paths === undefined) return [];
    const taken = [...paths].slice(0, LOOK_PATHS);
    for (const path of taken) paths.delete(path);
    if (paths.size === 0) this.#paths.delete(rootId);
    this.#size -= taken.length;
    this.#forgetTime();
    return taken;
  }

  /** Whether a root's events were lost; asking forgets it. */
  takeOverflow(rootId: string): boolean {
    return this.#overflowed.delete(rootId);
  }

  get size(): number {
    return this.#size;
  }

  /** Since when the queue has not been empty; undefined when it is. */
  get waitingSinceMs(): number | undefined {
    return this.#oldestMs;
  }

  #forgetTime(): void {
    if (this.#size === 0) this.#oldestMs = undefined;
  }
}
