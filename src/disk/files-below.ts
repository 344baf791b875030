/**
 * Every file below a root, for the watchdog: a walk of its own, so that an error in the one the index is made with does
 * not hide a file from both. Synchronous, by descriptor, no link followed, within one mount (I6).
 */
import { lstatSync, readdirSync, type Dirent } from 'node:fs';
import { errnoOf } from '../base/errors.ts';
import { COPY_DIR } from '../holds/keep/copies.ts';
import { HOLDS_DIR } from '../holds/keep/pins.ts';
import { OWN_DIR } from '../roots/root.ts';
import { NotContained, openBelow, type DirHandle } from './handle.ts';

/** Directories below one another; what lies deeper counts as unreadable. */
const MAX_DEPTH = 32;

export interface FileTimes {
  readonly mtimeMs: number;
  /** 0: the file system does not say. */
  readonly birthMs: number;
}

export interface FilesBelowVisitor {
  /** `times` looks at the file; undefined when it has gone or is no regular file. */
  file(path: string, times: () => FileTimes | undefined): void;
  /** Nothing is known about what lies below. */
  unreadable(path: string): void;
}

/** Visits each name below `root` that is not a directory; links are not visited. The root stays open. */
export function visitFilesBelow(root: DirHandle, visitor: FilesBelowVisitor): void {
  visitDir({ dir: root, path: '', depth: 0 }, visitor);
}

/** The same for what is kept in the root's own directory: pins, mirrors and copies. */
export function visitKeptFiles(root: DirHandle, visitor: FilesBelowVisitor): void {
  for (const path of [HOLDS_DIR, COPY_DIR]) {
    let dir: DirHandle | undefined;
    try {
      dir = openBelow(root, path);
      visitDir({ dir, path, depth: 2 }, visitor);
    } catch (error) {
      if (error instanceof NotContained || demandErrno(error) === 'ENOENT') continue;
      visitor.unreadable(path);
    } finally {
      dir?.close();
    }
  }
}

interface Place {
  readonly dir: DirHandle;
  readonly path: string;
  readonly depth: number;
}

function visitDir(at: Place, visitor: FilesBelowVisitor): void {
  const own = `/proc/self/fd/${String(at.dir.fd)}`;
  let entries: Dirent[];
  try {
    entries = readdirSync(own, { encoding: 'latin1', withFileTypes: true });
  } catch (error) {
    demandErrno(error);
    visitor.unreadable(at.path);
    return;
  }
  for (const entry of entries) {
    const { name } = entry;
    const path = at.path === '' ? name : `${at.path}/${name}`;
    if (path === OWN_DIR || entry.isSymbolicLink()) continue;
    if (entry.isDirectory()) visitSub(at, name, visitor);
    else visitor.file(path, () => timesOf(Buffer.from(`${own}/${name}`, 'latin1')));
  }
}

function visitSub(at: Place, name: string, visitor: FilesBelowVisitor): void {
  const path = at.path === '' ? name : `${at.path}/${name}`;
  if (at.depth >= MAX_DEPTH) {
    visitor.unreadable(path);
    return;
  }
  let dir: DirHandle | undefined;
  try {
    dir = at.dir.openDir(name);
    visitDir({ dir, path, depth: at.depth + 1 }, visitor);
  } catch (error) {
    // What is mounted there is not this root's; what has gone meanwhile hides nothing.
    if (error instanceof NotContained || demandErrno(error) === 'ENOENT') return;
    visitor.unreadable(path);
  } finally {
    dir?.close();
  }
}

function timesOf(path: Buffer): FileTimes | undefined {
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    return stat?.isFile() === true ? { mtimeMs: stat.mtimeMs, birthMs: stat.birthtimeMs } : undefined;
  } catch (error) {
    demandErrno(error);
    return undefined;
  }
}

function demandErrno(error: unknown): string {
  const errno = errnoOf(error);
  if (errno === undefined) throw error;
  return errno;
}
