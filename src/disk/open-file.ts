/** Opening one file of a root with as few system calls as containment allows (I6): for viewers, once for each of their ranges. */
import { DirHandle, mountIdOf, NotContained, statOf, type FileStat, type RelPath } from './handle.ts';

/** An open regular file and what it is. */
export interface OpenFile {
  readonly fd: number;
  readonly stat: FileStat;
}

/**
 * Opens a regular file below `root` for reading, component by component. The caller closes it; `root` stays open. Throws
 * NotContained for a link, anything but a regular file, or another mount; the system's error otherwise.
 *
 * Only the file is asked for its mount: what is mounted on a directory on the way has an id of its own, and no way down
 * from there leads back to the root's.
 */
export function openFileBelow(
  root: DirHandle,
  { dir, name }: { readonly dir: RelPath; readonly name: string },
): OpenFile {
  const { mountId, files } = root;
  let at = root;
  const goTo = (next: DirHandle): void => {
    const left = at;
    at = next;
    if (left !== root) left.close();
  };
  try {
    for (const component of dir === '' ? [] : dir.split('/')) {
      goTo(new DirHandle(at.openEntry(component), mountId, files));
    }
    const fd = at.openEntry(name);
    try {
      const stat = statOf(fd, files);
      if (stat.kind === 'file' && mountIdOf(fd, files) === mountId) return { fd, stat };
      throw new NotContained('not a regular file of this root');
    } catch (error) {
      files.closeSync(fd);
      throw error;
    }
  } finally {
    goTo(root);
  }
}
