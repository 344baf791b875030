/** A verified root for the scan: walking, single directories, and whether the path still leads to it. */
import { systemFiles } from '../base/file-calls.ts';
import { openBelow, type DirHandle, type RelPath } from './handle.ts';
import { openForReading, type ExpectedRoot } from './verified-root.ts';
import { walk, type WalkOptions, type WalkStep } from './walk.ts';
import { DRILL_DIR, OWN_DIR } from '../roots/root.ts';

export class DiskTree {
  readonly root: DirHandle;
  readonly #path: string;
  readonly #expected: ExpectedRoot;
  readonly #place: string;

  private constructor(path: string, expected: ExpectedRoot, open: { root: DirHandle; place: string }) {
    this.#path = path;
    this.#expected = expected;
    this.root = open.root;
    this.#place = open.place;
  }

  /** Opens the root at `path` when it carries the expected marker; else says why not. */
  static open(
    path: string,
    expected: ExpectedRoot,
    files = systemFiles,
  ): DiskTree | { readonly why: string } {
    const open = openForReading(path, expected, files);
    return open.root === undefined ? { why: open.why } : new DiskTree(path, expected, open);
  }

  walk(options: WalkOptions): Iterable<WalkStep> {
    return walk(this.root, options);
  }

  /**
   * Opens a directory below the root for `work`; gives undefined when it cannot be reached. Of our own directory only
   * the place of the drill is.
   */
  async inDir<T>(path: RelPath, work: (dir: DirHandle | undefined) => Promise<T>): Promise<T> {
    const dir = this.#tryOpen(path);
    try {
      return await work(dir);
    } finally {
      dir?.close();
    }
  }

  /** Marker, root directory and mount are those of the opening, read again through the path. */
  stillOurs(): boolean {
    const now = openForReading(this.#path, this.#expected, this.root.files);
    now.root?.close();
    return now.root !== undefined && now.place === this.#place;
  }

  close(): void {
    this.root.close();
  }

  #tryOpen(path: RelPath): DirHandle | undefined {
    const own = path === OWN_DIR || path.startsWith(`${OWN_DIR}/`);
    if (own && path !== DRILL_DIR) return undefined;
    try {
      return openBelow(this.root, path);
    } catch {
      return undefined;
    }
  }
}
