/** What single paths below a root are at this moment, by descriptor. */
import { errnoOf } from '../base/errors.ts';
import type { FileSight } from '../retention/file-protocol.ts';
import { NotContained, openBelow, splitPath, type DirHandle, type RelPath } from './handle.ts';

/** In order; null for what is no regular file, lies behind a link or a mount, or cannot be opened. */
export function sightsOf(root: DirHandle, paths: readonly RelPath[]): (FileSight | null)[] {
  return paths.map((path) => {
    try {
      return sightOf(root, path);
    } catch (error) {
      if (errnoOf(error) === undefined && !(error instanceof NotContained)) throw error;
      return null;
    }
  });
}

/** By a descriptor of the file itself: times and identity are of one and the same file. */
function sightOf(root: DirHandle, path: RelPath): FileSight {
  const { dir, name } = splitPath(path);
  const at = openBelow(root, dir);
  try {
    const fd = at.openFile(name);
    try {
      const { ino, size, mtimeNs, ctimeNs } = root.files.fstatSync(fd, { bigint: true });
      return { ino, sizeBytes: Number(size), mtimeNs, ctimeMs: Number(ctimeNs / 1_000_000n) };
    } finally {
      root.files.closeSync(fd);
    }
  } finally {
    at.close();
  }
}
