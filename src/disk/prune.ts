/** Empty date directories that deletion leaves behind. Only rmdir is ever used: what is not empty refuses. */
import { errnoOf } from '../base/errors.ts';
import { OWN_DIR } from '../roots/root.ts';
import { joinPath, NotContained, openBelow, splitPath, type DirHandle, type RelPath } from './handle.ts';

/** Directories reported at once; the rest waits for the next day. */
const MAX_REPORTED = 10_000;
const MAX_DEPTH = 32;

/** Directories below which there is nothing but empty directories, the deepest first. */
export function emptyDirs(root: DirHandle): RelPath[] {
  const found: RelPath[] = [];
  const isEmpty = (dir: DirHandle, path: RelPath, depth: number): boolean => {
    let empty = true;
    for (const name of dir.list()) {
      if (path === '' && name === OWN_DIR) continue;
      if (found.length >= MAX_REPORTED || depth >= MAX_DEPTH || dir.stat(name)?.kind !== 'directory') {
        empty = false;
        continue;
      }
      empty = within(dir, name, (below) => isEmpty(below, joinPath(path, name), depth + 1)) && empty;
    }
    if (empty && path !== '') found.push(path);
    return empty;
  };
  isEmpty(root, '', 0);
  return found;
}

/** Removes these directories as far as they are empty now, and makes that durable. Returns how many went. */
export function removeDirs(root: DirHandle, paths: readonly RelPath[]): number {
  let removed = 0;
  for (const path of paths) {
    const { dir, name } = splitPath(path);
    try {
      const parent = openBelow(root, dir);
      try {
        parent.rmdir(name);
        parent.fsync();
        removed += 1;
      } finally {
        parent.close();
      }
    } catch (error) {
      // Somebody put a file there, took it away, or we may not: the directory stays, which harms nobody.
      if (errnoOf(error) === undefined && !(error instanceof NotContained)) throw error;
    }
  }
  return removed;
}

/** A directory that cannot be entered is not empty as far as we know. */
function within(dir: DirHandle, name: string, work: (below: DirHandle) => boolean): boolean {
  let below: DirHandle;
  try {
    below = dir.openDir(name);
  } catch (error) {
    if (errnoOf(error) === undefined && !(error instanceof NotContained)) throw error;
    return false;
  }
  try {
    return work(below);
  } finally {
    below.close();
  }
}
