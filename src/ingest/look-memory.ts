/** The scan's memory of files that are not settled: since when each has been as it is. Lost with the process, by design. */
import { sameSight, type Sight } from '../clips/change.ts';
import type { EarlierLook } from './settle.ts';

/** More files than this are never written at once; beyond it the oldest looks are forgotten and made again. */
export const MAX_LOOKS = 20_000;

export class LookMemory {
  readonly #looks = new Map<string, EarlierLook>();

  get(rootId: string, path: string): EarlierLook | undefined {
    return this.#looks.size > 0 ? this.#looks.get(key(rootId, path)) : undefined;
  }

  /** Notes a look at a file that is not settled. */
  note(rootId: string, path: string, look: Sight & { readonly bootMs: number }): void {
    const at = key(rootId, path);
    const earlier = this.#looks.get(at);
    if (earlier !== undefined && sameSight(earlier, look)) return;
    this.#looks.delete(at);
    const { ino, sizeBytes, mtimeNs, bootMs } = look;
    this.#looks.set(at, { ino, sizeBytes, mtimeNs, sinceBootMs: bootMs });
    if (this.#looks.size <= MAX_LOOKS) return;
    for (const oldest of this.#looks.keys()) {
      this.#looks.delete(oldest);
      break;
    }
  }

  /** The file is settled. */
  forget(rootId: string, path: string): void {
    if (this.#looks.size > 0) this.#looks.delete(key(rootId, path));
  }
}

function key(rootId: string, path: string): string {
  return `${rootId}\0${path}`;
}
