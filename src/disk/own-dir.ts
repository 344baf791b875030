/**
 * The root's own directory: its lock file, and mirrors of hold versions, written so that a power cut leaves the old file
 * or the new.
 */
import { writeAll } from '../base/durable.ts';
import { FortnightError, errnoOf } from '../base/errors.ts';
import { OWN_DIR } from '../roots/root.ts';
import { NotContained, statOf, type DirHandle } from './handle.ts';
import { ensureBelow, openIfThere, removeIfThere } from './own-names.ts';
import type { RootAddress } from './root-messages.ts';
import { makeDurable } from './sync.ts';
import { openVerified } from './verified-root.ts';

const LOCK_NAME = 'daemon.lock';
const MIRROR_PATH = `${OWN_DIR}/holds`;
const MAX_MIRROR_BYTES = 64 * 1024;
const MAX_MIRRORS = 20_000;

/** A root's lock file, open. `path` leads to it for as long as it is open. */
export interface LockFile {
  readonly fd: number;
  readonly path: string;
  close(): void;
}

/**
 * Opens `<root>/.fortnight/daemon.lock` below the verified root, and makes it when there is none. Throws `root_refused`
 * when the root is not the one expected, `storage_failed` when something else lies in the lock's place: whoever may
 * write to the root can put a link there, or another file's second name.
 */
export function openLockFile(at: RootAddress): LockFile {
  const open = openVerified(at.path, at.expected);
  if (open.root === undefined) throw new FortnightError('root_refused', open.why);
  let own: DirHandle | undefined;
  try {
    own = open.root.openDir(OWN_DIR);
    const dir = own;
    const fd = openOrMake(dir, LOCK_NAME);
    const close = (): void => {
      dir.files.closeSync(fd);
      dir.close();
    };
    if (statOf(fd, dir.files).nlink === 1)
      return { fd, path: `/proc/self/fd/${String(dir.fd)}/${LOCK_NAME}`, close };
    dir.files.closeSync(fd);
    throw new NotContained('the lock file has a second name');
  } catch (error) {
    own?.close();
    const planted = error instanceof NotContained;
    const why = planted ? 'something else than our lock lies in its place' : 'the lock cannot be opened';
    throw new FortnightError('storage_failed', why, { cause: error });
  } finally {
    open.root.close();
  }
}

function openOrMake(dir: DirHandle, name: string): number {
  try {
    dir.files.closeSync(dir.createFile(name));
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
  return dir.openFile(name);
}

/** Replaces `<root>/.fortnight/holds/<name>`. */
export function writeMirror(root: DirHandle, name: string, text: string): void {
  withMirrorDir(root, (dir) => {
    const temp = `${name}.new`;
    removeIfThere(dir, temp);
    const fd = dir.createFile(temp);
    try {
      writeAll(fd, Buffer.from(text, 'utf8'), dir.files);
      makeDurable(fd, dir.files);
    } finally {
      dir.files.closeSync(fd);
    }
    dir.rename(temp, dir, name);
    dir.fsync();
  });
}

/** Removes mirrors, and what a crash left half-written of them. */
export function dropMirrors(root: DirHandle, names: readonly string[]): void {
  withExistingMirrorDir(root, (dir) => {
    for (const name of names) for (const each of [`${name}.new`, name]) removeIfThere(dir, each);
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
  const dir = ensureBelow(root, MIRROR_PATH);
  try {
    work(dir);
  } finally {
    dir.close();
  }
}

/** Reading makes nothing: a root that never had a mirror, or is read-only, has none. */
function withExistingMirrorDir(root: DirHandle, work: (dir: DirHandle) => void): void {
  const dir = openIfThere(root, MIRROR_PATH);
  if (dir === undefined) return;
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
    const bytes = Buffer.allocUnsafe(MAX_MIRROR_BYTES);
    return bytes.toString('utf8', 0, dir.files.readSync(fd, bytes, 0, bytes.length, 0));
  } finally {
    dir.files.closeSync(fd);
  }
}
