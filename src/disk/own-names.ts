/** What is done to our own names on a root: made when they are missing, taken away when they are there. */
import { errnoOf } from '../base/errors.ts';
import { openBelow, type DirHandle, type RelPath } from './handle.ts';

/** A directory below `root`, component by component; undefined when it is not there. The caller closes it. */
export function openIfThere(root: DirHandle, path: RelPath): DirHandle | undefined {
  try {
    return openBelow(root, path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The same, made where it is missing, mode 0700. */
export function ensureBelow(root: DirHandle, path: RelPath): DirHandle {
  let at = root;
  for (const component of path.split('/')) {
    const above = at;
    try {
      at = above.ensureDir(component);
    } finally {
      if (above !== root) above.close();
    }
  }
  return at;
}

export function removeIfThere(dir: DirHandle, name: string): void {
  try {
    dir.unlink(name);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}
