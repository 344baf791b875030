/** Joins walk, layouts, probes and a read-only index for the scan, in whatever thread it runs. */
import { breathe } from './base/delay.ts';
import type { Content } from './clips/change.ts';
import type { SourceConfig } from './config/config.ts';
import { createKnownRoot } from './db/ingest-reader.ts';
import type { Db } from './db/open.ts';
import type { DirHandle } from './disk/handle.ts';
import { mountsBelow } from './disk/mounts.ts';
import type { FileToRead } from './disk/read-content.ts';
import { DiskTree } from './disk/tree.ts';
import type { RootAddress } from './ingest/messages.ts';
import { rulesOf } from './ingest/rules.ts';
import type { ScannerServices } from './ingest/scanner.ts';
import type { Tree } from './ingest/tree.ts';

/** Reads contents; `stop` when a task is over. */
export interface ContentReader {
  read(
    dir: DirHandle,
    files: readonly FileToRead[],
    mounts: boolean,
  ): Promise<readonly (Content | undefined)[]>;
  stop(): void;
}

/** `db` is a read-only connection of this thread. */
export function scanServices(
  db: Db,
  sources: readonly SourceConfig[],
  reader: ContentReader,
): ScannerServices<DirHandle> {
  return {
    rules: rulesOf(sources),
    known: (rootId) => createKnownRoot(db, rootId),
    open: (at) => openTree(at, reader),
    breathe,
  };
}

function openTree(at: RootAddress, reader: ContentReader): Tree<DirHandle> | { readonly why: string } {
  const disk = DiskTree.open(at.path, at.expected);
  if ('why' in disk) return disk;
  const mounts = mountsBelow(disk.root);
  return {
    walk: (options) => disk.walk(options),
    inDir: (path, work) => disk.inDir(path, work),
    stillOurs: () => disk.stillOurs(),
    read: (dir, files) => reader.read(dir, files, mounts),
    close: () => {
      disk.close();
      reader.stop();
    },
  };
}
