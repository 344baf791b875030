/** The root's own directory: mirrors of hold versions, written so that a power cut leaves the old file or the new. */
import { writeAll } from '../base/durable.ts';
import { errnoOf } from '../base/errors.ts';
import { OWN_DIR } from '../roots/root.ts';
import { openBelow, type DirHandle } from './handle.ts';

const MIRROR_DIR = 'holds';
const MAX_MIRROR_BYTES = 64 * 1024;
const MAX_MIRRORS = 20_000;

/** Replaces `<root>/.fortnight/holds/<name>`. */
export function writeMirror(root: DirHandle, name: string, text: string): void {
  withMirrorDir(root, (dir) => {
    const temp = `${name}.new`;
    unlinkIfThere(dir, temp);
    const fd = dir.createFile(temp);
    try {
      writeAll(fd, Buffer.from(text, 'utf8'), dir.files);
      dir.files.fsyncSync(fd);
    } finally {
      dir.files.closeSync(fd);
    }
    dir.rename(temp, dir, name);
    dir.fsync();
  });
}

/** All mirrors of a root, as text; those that cannot be read as a small file are left out and counted. */
export function readMirrors(root: DirHandle): { texts: string[]; unreadable: number } {
  const texts: string[] = [];
  let unreadable = 0;
  withExistingMirrorDir(root, (dir) => {
    const names = dir.list().filter((name) => name.endsWith('.json'));
    unreadable += Math.max(0, names.length - MAX_MIRRORS);
    for (const name of names.slice(0, MAX_MIRRORS)) {
      const text = readSmall(dir, name);
      if (text === undefined) unreadable += 1;
      else texts.push(text);
    }
  });
  return { texts, unreadable };
}

function withMirrorDir(root: DirHandle, work: (dir: DirHandle) => void): void {
  const own = root.ensureDir(OWN_DIR);
  try {
    const dir = own.ensureDir(MIRROR_DIR);
    try {
      work(dir);
    } finally {
      dir.close();
    }
  } finally {
    own.close();
  }
}

/** Reading makes nothing: a root that never had a mirror, or is read-only, has none. */
function withExistingMirrorDir(root: DirHandle, work: (dir: DirHandle) => void): void {
  let dir: DirHandle;
  try {
    dir = openBelow(root, `${OWN_DIR}/${MIRROR_DIR}`);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw error;
  }
  try {
    work(dir);
  } finally {
    dir.close();
  }
}

/** Anybody who may write to the root may plant something here: what is no small regular file is not read. */
function readSmall(dir: DirHandle, name: string): string | undefined {
  let fd: number;
  try {
    fd = dir.openFile(name);
  } catch {
    return undefined;
  }
  try {
    if (dir.files.fstatSync(fd).size > MAX_MIRROR_BYTES) return undefined;
    const bytes = Buffer.alloc(MAX_MIRROR_BYTES);
    return bytes.toString('utf8', 0, dir.files.readSync(fd, bytes, 0, bytes.length, 0));
  } finally {
    dir.files.closeSync(fd);
  }
}

function unlinkIfThere(dir: DirHandle, name: string): void {
  try {
    dir.unlink(name);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}
