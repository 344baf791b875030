/** What lies in a root's own directories without a row of the index (holds/keep/strays.ts): seen, compared, taken over. */
import { createHash } from 'node:crypto';
import { errnoOf } from '../base/errors.ts';
import { pinDir, pinName, type PinResult } from '../holds/keep/pins.ts';
import type { AdoptedPin } from '../holds/keep/strays.ts';
import { NotContained, openBelow, splitPath, statOf, type DirHandle, type RelPath } from './handle.ts';

const END_BYTES = 64 * 1024;

/** Names of a directory by what they are; none when it is not there. */
export function ownNames(root: DirHandle, path: RelPath): { names: string[]; directories: string[] } {
  let dir: DirHandle;
  try {
    dir = openBelow(root, path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return { names: [], directories: [] };
    throw error;
  }
  try {
    const { names, directories } = dir.listing();
    const below = new Set(directories);
    return { names: names.filter((name) => !below.has(name)), directories };
  } finally {
    dir.close();
  }
}

/** Gives pins the names of the clips whose file they are, durably. One that has its name already loses the other. */
export function adoptPins(root: DirHandle, holdId: string, pins: readonly AdoptedPin[]): PinResult[] {
  const dir = openBelow(root, pinDir(holdId));
  try {
    const results = pins.map((pin) => adoptPin(dir, pin));
    dir.fsync();
    return results;
  } finally {
    dir.close();
  }
}

/** What lies under the name in the end decides. */
function adoptPin(dir: DirHandle, { name, clipId, ino }: AdoptedPin): PinResult {
  const own = pinName(clipId, ino);
  if (name !== own && dir.stat(name)?.ino === ino) {
    const known = dir.stat(own);
    if (known === undefined) dir.rename(name, dir, own);
    else if (known.ino === ino) dir.unlink(name);
  }
  return { clipId, ino, found: dir.stat(own)?.ino === ino ? 'made' : 'changed', errno: undefined };
}

/**
 * A hash of the size and of the first and the last 64 KiB of each file; null when it is none that can be read. Two files
 * may lie on two disks.
 */
export function endsOf(root: DirHandle, paths: readonly RelPath[]): (string | null)[] {
  return paths.map((path) => {
    const ends = readEnds(root, path);
    return ends === undefined ? null : createHash('sha256').update(ends).digest('hex');
  });
}

function readEnds(root: DirHandle, path: RelPath): Buffer | undefined {
  const { dir, name } = splitPath(path);
  let at: DirHandle | undefined;
  let fd: number | undefined;
  try {
    at = openBelow(root, dir);
    fd = at.openFile(name);
    const { sizeBytes } = statOf(fd, at.files);
    const bytes = Buffer.alloc(2 * END_BYTES + 8);
    at.files.readSync(fd, bytes, 0, END_BYTES, 0);
    at.files.readSync(fd, bytes, END_BYTES, END_BYTES, Math.max(0, sizeBytes - END_BYTES));
    bytes.writeBigUInt64LE(BigInt(sizeBytes), 2 * END_BYTES);
    return bytes;
  } catch (error) {
    if (errnoOf(error) === undefined && !(error instanceof NotContained)) throw error;
    return undefined;
  } finally {
    if (fd !== undefined) root.files.closeSync(fd);
    at?.close();
  }
}
