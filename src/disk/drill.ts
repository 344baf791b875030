/** The place of the deletion drill on a root: `<root>/.fortnight/drill`, which no walk and no watch enters. */
import { closeSync, fstatSync, fsyncSync, futimesSync } from 'node:fs';
import { writeAll } from '../base/durable.ts';
import { errnoOf } from '../base/errors.ts';
import { DRILL_DIR, OWN_DIR } from '../roots/root.ts';
import { openBelow, splitPath, type DirHandle } from './handle.ts';

export interface Planted {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** When the file claims to have been written last, UTC ms. */
  readonly mtimeMs: number;
}

/**
 * Puts a clip there as a recorder would leave it: whole, durable, written a while ago. Returns `<device>:<inode>` of
 * the file. Throws `EEXIST`.
 */
export function plant(root: DirHandle, { name, bytes, mtimeMs }: Planted): string {
  return withOwnDir(root, (own) => {
    const dir = own.ensureDir(splitPath(DRILL_DIR).name);
    try {
      const fd = dir.createFile(name);
      try {
        writeAll(fd, bytes);
        futimesSync(fd, mtimeMs / 1000, mtimeMs / 1000);
        fsyncSync(fd);
        dir.fsync();
        const { dev, ino } = fstatSync(fd, { bigint: true });
        return `${String(dev)}:${String(ino)}`;
      } finally {
        closeSync(fd);
      }
    } finally {
      dir.close();
    }
  });
}

/** Names that lie there now. */
export function drillNames(root: DirHandle): string[] {
  return inDrillDir(root, (dir) => dir.list()) ?? [];
}

/** Removes these names, and the directory when nothing is left in it. What is gone already is fine. */
export function clearDrill(root: DirHandle, names: readonly string[]): void {
  inDrillDir(root, (dir) => {
    for (const name of names) {
      tolerate(['ENOENT'], () => {
        dir.unlink(name);
      });
    }
    dir.fsync();
  });
  withOwnDir(root, (own) => {
    tolerate(['ENOENT', 'ENOTEMPTY'], () => {
      own.rmdir(splitPath(DRILL_DIR).name);
    });
    own.fsync();
  });
}

function inDrillDir<T>(root: DirHandle, work: (dir: DirHandle) => T): T | undefined {
  let dir: DirHandle;
  try {
    dir = openBelow(root, DRILL_DIR);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return work(dir);
  } finally {
    dir.close();
  }
}

function withOwnDir<T>(root: DirHandle, work: (own: DirHandle) => T): T {
  const own = root.openDir(OWN_DIR);
  try {
    return work(own);
  } finally {
    own.close();
  }
}

function tolerate(errnos: readonly string[], act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!errnos.includes(errnoOf(error) ?? '')) throw error;
  }
}
