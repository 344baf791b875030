/** Sidecars met in a walk: told after their clips, since a clip's row must be there before what belongs to it. */
import { pathOf, tellUnowned } from './compare.ts';
import type { Compare, Sidecar } from './comparison.ts';
import type { TreeDir } from './tree.ts';

/** Sidecars whose clip lies in another directory, kept until the end of the walk. */
const MAX_DEFERRED = 10_000;

export class Sidecars<D extends TreeDir> {
  readonly #c: Compare<D>;
  readonly #deferred: Sidecar[] = [];
  #pending: Sidecar[] = [];

  constructor(c: Compare<D>) {
    this.#c = c;
  }

  add(sidecars: readonly Sidecar[]): void {
    this.#pending.push(...sidecars);
  }

  /** The clips of a directory are told; now its sidecars. False when one had to be dropped: list it again. */
  async endOfDir(dir: D): Promise<boolean> {
    const pending = this.#pending;
    this.#pending = [];
    let complete = true;
    for (const sidecar of pending) {
      if (this.#isKnown(sidecar)) continue;
      const { dir: path, name, of } = sidecar;
      if (of.some((clip) => this.#isClipHere(dir, path, clip))) {
        this.#c.emit({ is: 'sidecar', dir: path, name, of });
      } else if (this.#deferred.length < MAX_DEFERRED) this.#deferred.push(sidecar);
      else complete = false;
    }
    await this.#c.room();
    return complete;
  }

  /** The index has all clips of the walk by now. How many sidecars have no clip. */
  async resolveDeferred(): Promise<number> {
    let orphans = 0;
    for (const { dir, name, of, sizeBytes } of this.#deferred) {
      if (of.some((path) => this.#hasClip(path))) this.#c.emit({ is: 'sidecar', dir, name, of });
      else {
        orphans += 1;
        tellUnowned(this.#c, { path: pathOf(dir, name), reason: 'no_clip', sizeBytes });
      }
      await this.#c.room();
    }
    return orphans;
  }

  #isKnown({ dir, name }: Sidecar): boolean {
    const row = this.#c.known.dir(dir);
    return row !== undefined && this.#c.known.hasSidecar(row.id, name);
  }

  #isClipHere(dir: D, dirPath: string, path: string): boolean {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (pathOf(dirPath, name) !== path || dir.stat(name)?.kind !== 'file') return false;
    const meaning = this.#c.rules.layout.read(path);
    return meaning?.is === 'clip' && this.#c.rules.cameras.has(meaning.reading.recorderCamera);
  }

  #hasClip(path: string): boolean {
    const cut = path.lastIndexOf('/');
    const dir = this.#c.known.dir(cut < 0 ? '' : path.slice(0, cut));
    return dir !== undefined && this.#c.known.clip(dir.id, path.slice(cut + 1)) !== undefined;
  }
}
