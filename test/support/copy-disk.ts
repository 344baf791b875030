/** Copies on a root of a test, as the root's thread makes them. */
import { FortnightError } from '../../src/base/errors.ts';
import type { FileCalls } from '../../src/base/file-calls.ts';
import { makeCopies } from '../../src/disk/copies.ts';
import { hashOf, readCopies, removeCopies, renameCopy, settleCopy } from '../../src/disk/kept-copies.ts';
import type { DirHandle } from '../../src/disk/handle.ts';
import { openVerified } from '../../src/disk/verified-root.ts';
import { copyDir, type CopyDisk } from '../../src/holds/keep/copies.ts';
import type { Footage } from './footage.ts';

/** Opens and verifies the root for `work`, and closes it after it. */
export async function belowRoot<T>(
  { address }: Footage,
  files: FileCalls,
  work: (root: DirHandle) => T | Promise<T>,
): Promise<T> {
  const open = openVerified(address.path, address.expected, files);
  if (open.root === undefined) throw new FortnightError('root_refused', open.why);
  try {
    return await work(open.root);
  } finally {
    open.root.close();
  }
}

export function copyDiskOn(f: Footage, files: () => FileCalls): CopyDisk {
  return {
    copy: (at, tasks, keepFreeBytes) =>
      belowRoot(f, files(), (root) => {
        return makeCopies(root, tasks, { below: root, dir: copyDir(at), keepFreeBytes });
      }),
    readCopies: (_root, copies) => belowRoot(f, files(), (root) => readCopies(root, copies)),
    hashOf: (_root, task) => belowRoot(f, files(), (root) => hashOf(root, task)),
    settleCopy: (_root, copy) => belowRoot(f, files(), (root) => settleCopy(root, copy)),
    renameCopy: (_root, names) => belowRoot(f, files(), (root) => renameCopy(root, names)),
    removeCopies: (_root, copies) =>
      belowRoot(f, files(), (root) => {
        removeCopies(root, copies);
      }),
  };
}
