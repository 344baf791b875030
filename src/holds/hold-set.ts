/**
 * The holds in force, in memory: the highest version of each. The decisions read this and nothing else, so a version
 * enters only after it is durable.
 */
import type { HoldVersion } from './hold.ts';

export class HoldSet {
  readonly #current = new Map<string, HoldVersion>();
  #byCamera: Map<string, HoldVersion[]> | undefined;

  /** Takes a version in when it is higher than the one known. Returns whether it was. */
  add(version: HoldVersion): boolean {
    const known = this.#current.get(version.holdId);
    if (known !== undefined && known.version >= version.version) return false;
    this.#current.set(version.holdId, version);
    this.#byCamera = undefined;
    return true;
  }

  get(holdId: string): HoldVersion | undefined {
    return this.#current.get(holdId);
  }

  /** The highest version of every hold, the newest hold first. */
  all(): HoldVersion[] {
    return [...this.#current.values()].sort((a, b) => b.atMs - a.atMs || (a.holdId < b.holdId ? 1 : -1));
  }

  /** Those that name this camera, ended ones included. */
  ofCamera(cameraId: string): readonly HoldVersion[] {
    this.#byCamera ??= this.#index();
    return this.#byCamera.get(cameraId) ?? [];
  }

  #index(): Map<string, HoldVersion[]> {
    const index = new Map<string, HoldVersion[]>();
    for (const version of this.#current.values()) {
      for (const camera of version.terms.cameraIds) {
        const list = index.get(camera);
        if (list === undefined) index.set(camera, [version]);
        else list.push(version);
      }
    }
    return index;
  }
}
