/** Copies that are there (copies.ts makes them): read again, renamed, taken away. */
import { errnoOf } from '../base/errors.ts';
import {
  copyName,
  halfCopyName,
  type CopyKey,
  type CopyReading,
  type CopyTask,
  type LooseCopy,
} from '../holds/keep/copies.ts';
import { NotContained, sameIdentity, statOf, type DirHandle } from './handle.ts';
import { hashOpen } from './hashing.ts';
import { openIfThere, removeIfThere } from './own-names.ts';

/** Unlinks the copies that are there, half ones too, durably. */
export function removeCopies(place: DirHandle, copies: readonly LooseCopy[]): void {
  for (const [path, those] of Map.groupBy(copies, (copy) => copy.dir)) {
    const dir = openIfThere(place, path);
    if (dir === undefined) continue;
    try {
      for (const { clipId, sourceIno } of those) {
        removeIfThere(dir, halfCopyName(clipId, sourceIno));
        removeIfThere(dir, copyName(clipId, sourceIno));
      }
      dir.fsync();
    } finally {
      dir.close();
    }
  }
}

/**
 * Reads copies again, from their first byte to their last, and tells what they are now. Throws what the directory of the
 * copies throws: then nothing is known of any of them.
 */
export function readCopies(place: DirHandle, copies: readonly LooseCopy[]): CopyReading[] {
  return copies.map((copy) => {
    const dir = openIfThere(place, copy.dir);
    try {
      return readCopy(dir, copy);
    } finally {
      dir?.close();
    }
  });
}

function readCopy(dir: DirHandle | undefined, { clipId, sourceIno }: CopyKey): CopyReading {
  const absent: CopyReading = { clipId, sourceIno, found: 'unreadable', errno: 'ENOENT' };
  if (dir === undefined) return absent;
  let fd: number | undefined;
  try {
    fd = dir.openFile(copyName(clipId, sourceIno));
    const sha256 = hashOpen(fd, dir.files);
    const { ino, mtimeNs, sizeBytes } = statOf(fd, dir.files);
    return { clipId, sourceIno, found: 'read', ino, mtimeNs, sizeBytes, sha256 };
  } catch (error) {
    const errno = error instanceof NotContained ? 'ELOOP' : errnoOf(error);
    if (errno === undefined) throw error;
    return { ...absent, errno };
  } finally {
    if (fd !== undefined) dir.files.closeSync(fd);
  }
}

/** Of every byte of a clip that is what the index knows, before it is read and after; undefined when it is not. */
export function hashOf(root: DirHandle, task: CopyTask): string | undefined {
  const { files } = root;
  const dir = openIfThere(root, task.dir);
  let fd: number | undefined;
  try {
    fd = dir?.openFile(task.name);
    if (fd === undefined || !sameIdentity(statOf(fd, files), task)) return undefined;
    const sha256 = hashOpen(fd, files);
    return sameIdentity(statOf(fd, files), task) ? sha256 : undefined;
  } catch (error) {
    if (!(error instanceof NotContained) && errnoOf(error) !== 'ENOENT') throw error;
    return undefined;
  } finally {
    if (fd !== undefined) files.closeSync(fd);
    dir?.close();
  }
}

/** Takes away the half beside a copy, and makes that durable. Whether there is a copy. */
export function settleCopy(place: DirHandle, { clipId, sourceIno, ...copy }: LooseCopy): boolean {
  const dir = openIfThere(place, copy.dir);
  if (dir === undefined) return false;
  try {
    removeIfThere(dir, halfCopyName(clipId, sourceIno));
    dir.fsync();
    return dir.stat(copyName(clipId, sourceIno)) !== undefined;
  } finally {
    dir.close();
  }
}

/** Gives a copy another name, durably; never over what has it already. */
export function renameCopy(
  place: DirHandle,
  { dir, from, to }: { readonly dir: string; readonly from: string; readonly to: string },
): boolean {
  const at = openIfThere(place, dir);
  try {
    if (at?.stat(from) === undefined) return false;
    if (from !== to) {
      if (at.stat(to) !== undefined) return false;
      at.rename(from, at, to);
    }
    at.fsync();
    return true;
  } finally {
    at?.close();
  }
}
