/** Small files in a root's own directory: replaced so that a power cut leaves the old one or the new one. */
import { writeAll } from '../base/durable.ts';
import { errnoOf } from '../base/errors.ts';
import { OWN_DIR } from '../roots/root.ts';
import type { DirHandle } from './handle.ts';
import { openFileBelow } from './open-file.ts';
import { removeIfThere } from './own-names.ts';
import { makeDurable } from './sync.ts';

export const MAX_OWN_BYTES = 4096;

/**
 * The text of `.fortnight/<name>`, one byte more than MAX_OWN_BYTES at most; undefined when there is none. Throws
 * NotContained (a link or no file stands in its place) or the system's error.
 */
export function readOwnFile(root: DirHandle, name: string): string | undefined {
  let fd: number | undefined;
  try {
    ({ fd } = openFileBelow(root, { dir: OWN_DIR, name }));
    const bytes = Buffer.allocUnsafe(MAX_OWN_BYTES + 1);
    return bytes.toString('utf8', 0, root.files.readSync(fd, bytes, 0, bytes.length, 0));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  } finally {
    if (fd !== undefined) root.files.closeSync(fd);
  }
}

/** Writes `.fortnight/<name>`. Makes `.fortnight` when there is none. */
export function writeOwnFile(root: DirHandle, name: string, text: string): void {
  const temp = `${name}.new`;
  const own = root.ensureDir(OWN_DIR);
  try {
    removeIfThere(own, temp);
    const fd = own.createFile(temp);
    try {
      writeAll(fd, Buffer.from(text, 'utf8'), own.files);
      makeDurable(fd, own.files);
    } finally {
      own.files.closeSync(fd);
    }
    own.rename(temp, own, name);
    own.fsync();
  } finally {
    own.close();
  }
}
