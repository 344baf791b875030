/** Joins walk, layouts, probes and a read-only index for the scan, in whatever thread it runs. */
import { breathe } from './base/delay.ts';
import type { SourceConfig } from './config/config.ts';
import { createKnownRoot } from './db/ingest/reader.ts';
import type { Db } from './db/open.ts';
import type { DirHandle } from './disk/handle.ts';
import { mountsBelow } from './disk/mounts.ts';
import { DiskTree } from './disk/tree.ts';
import type { RootAddress } from './ingest/messages.ts';
import { READING_BYTES, ReadingNow } from './ingest/reading-now.ts';
import { rulesOf } from './ingest/rules.ts';
import type { ScannerServices } from './ingest/scanner.ts';
import type { Tree } from './ingest/tree.ts';
import { meet, readFile } from './read-file.ts';

/** `db` is a read-only connection of this thread. */
export function scanServices(
  db: Db,
  sources: readonly SourceConfig[],
  reading = new ReadingNow(new SharedArrayBuffer(READING_BYTES)),
): ScannerServices<DirHandle> {
  return {
    reading,
    rules: rulesOf(sources),
    known: (rootId) => createKnownRoot(db, rootId),
    open: openTree,
    breathe,
  };
}

function openTree(at: RootAddress): Tree<DirHandle> | { readonly why: string } {
  const disk = DiskTree.open(at.path, at.expected);
  if ('why' in disk) return disk;
  const mounts = mountsBelow(disk.root);
  return {
    walk: (options) => disk.walk(options),
    inDir: (path, work) => disk.inDir(path, work),
    stillOurs: () => disk.stillOurs(),
    read: (dir, file, { blindly }) => readFile(dir, file, { mounts, blindly }),
    meet: (dir, name, how) => meet(dir, { name, ...how }, mounts),
    close: () => {
      disk.close();
    },
  };
}
