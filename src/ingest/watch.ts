/**
 * Events of a root, as hints of where to look. Never more than hints: Node drops an overflow of the kernel's queue
 * without a word, and network file systems have none.
 *
 * Watches are bounded by the directories that can still receive files, told by the dates in their paths (an mtime
 * would lie: copies keep old ones). chokidar holds every entry of what it watches, so a directory without a date that
 * collects files for ever is given a plain watch of its own instead.
 */
import { watch as watchPlainly, type FSWatcher as PlainWatcher } from 'node:fs';
import { watch as watchTree, type FSWatcher } from 'chokidar';
import type { CompiledLayout } from '../clips/layouts/index.ts';
import { OWN_DIR } from '../roots/root.ts';

/** Plain watches per root; flat directories are one per camera. */
const MAX_FLAT = 256;

/** What Node puts where bytes are no UTF-8. */
const NO_TEXT = '\uFFFD';

export interface WatchTarget {
  /** Absolute path of the root. */
  readonly path: string;
  readonly layout: Pick<CompiledLayout, 'closesMs'>;
  /** Directories without a date that hold files, byte strings below the root. */
  readonly flatDirs: readonly string[];
  readonly wallMs: number;
}

export interface WatchListener {
  /** Something happened to this path (byte string below the root). */
  hint(path: string): void;
  /** Something happened, and nobody can say where: its name is no text. */
  lost(): void;
  /** No more watches can be had, or watching failed: list the directories instead. */
  failed(error: unknown): void;
}

export interface Watching {
  close(): Promise<void>;
  /** Directories watched. */
  directories(): number;
}

export type Watch = (target: WatchTarget, listener: WatchListener) => Watching;

export const watchRoot: Watch = (target, listener) => {
  const flat = new Set(target.flatDirs.slice(0, MAX_FLAT));
  const plain = watchFlat(target, [...flat], listener);
  const tree = flat.has('') ? undefined : watchDated(target, flat, listener);
  return {
    close: async () => {
      for (const watcher of plain) watcher.close();
      await tree?.close();
    },
    directories: () => plain.length + (tree === undefined ? 0 : Object.keys(tree.getWatched()).length),
  };
};

function watchDated(target: WatchTarget, flat: ReadonlySet<string>, listener: WatchListener): FSWatcher {
  const { layout, wallMs } = target;
  const ignored = (path: string): boolean => {
    const below = belowRoot(target.path, path);
    if (below === undefined || below === '') return false;
    if (below === OWN_DIR || below.startsWith(`${OWN_DIR}/`) || flat.has(below)) return true;
    const closesMs = layout.closesMs(below);
    return closesMs !== null && closesMs <= wallMs;
  };
  const watcher = watchTree(target.path, {
    ignored,
    ignoreInitial: true,
    followSymlinks: false,
    atomic: false,
  });
  const hint = (path: string): void => {
    const below = belowRoot(target.path, path);
    if (below === undefined) listener.lost();
    else listener.hint(below);
  };
  watcher.on('add', hint);
  // A name that is no text cannot be looked at by chokidar, which says nothing of it then.
  watcher.on('raw', (_event, name: unknown) => {
    if (typeof name === 'string' && name.includes(NO_TEXT)) listener.lost();
  });
  watcher.on('change', hint);
  watcher.on('error', (error) => {
    listener.failed(error);
  });
  return watcher;
}

function watchFlat(target: WatchTarget, dirs: readonly string[], listener: WatchListener): PlainWatcher[] {
  const watchers: PlainWatcher[] = [];
  for (const dir of dirs) {
    try {
      const path = Buffer.concat([Buffer.from(`${target.path}/`), Buffer.from(dir, 'latin1')]);
      const watcher = watchPlainly(path, { encoding: 'buffer', persistent: false }, (_, name) => {
        if (name === null) listener.lost();
        else listener.hint(dir === '' ? name.toString('latin1') : `${dir}/${name.toString('latin1')}`);
      });
      watcher.on('error', (error) => {
        listener.failed(error);
      });
      watchers.push(watcher);
    } catch (error) {
      listener.failed(error);
      return watchers;
    }
  }
  return watchers;
}

/** A path chokidar names, as a byte string below the root; undefined when its bytes were no text and are lost. */
function belowRoot(root: string, path: string): string | undefined {
  if (path.includes(NO_TEXT)) return undefined;
  const below = path === root ? '' : path.slice(root.length + 1);
  return Buffer.from(below, 'utf8').toString('latin1');
}
