import { MAX_KEY_FRAMES } from '../../clips/media-info.ts';

/**
 * Collects key-frame times without knowing how many will come: when there are too many, every second one is dropped
 * and from then on only every second, fourth, ... is taken, so that what stays is spread over the whole clip.
 */
export class KeyFrames {
  #timesMs: number[] = [];
  #stride = 1;
  #seen = 0;

  add(ms: number): void {
    if (this.#seen++ % this.#stride !== 0) return;
    this.#timesMs.push(ms);
    if (this.#timesMs.length <= MAX_KEY_FRAMES) return;
    this.#timesMs = this.#timesMs.filter((_, i) => i % 2 === 0);
    this.#stride *= 2;
  }

  /** The times moved by `shiftMs`, as ascending whole milliseconds in [0, endMs); early ones (cut by an edit) count as 0. */
  finish(shiftMs: number, endMs: number): number[] {
    const times: number[] = [];
    let last = -1;
    let ascending = true;
    for (const ms of this.#timesMs) {
      const at = Math.max(0, Math.round(ms + shiftMs));
      if (at === last || (at >= endMs && at !== 0)) continue;
      ascending &&= at > last;
      last = at;
      times.push(at);
    }
    if (ascending) return times;
    return times.toSorted((a, b) => a - b).filter((ms, i, all) => ms !== all[i - 1]);
  }
}
