/** Joins walk, layouts, probes and a read-only index for the scan, in whatever thread it runs. */
import { setImmediate } from 'node:timers/promises';
import type { ClipFile, Content } from './clips/change.ts';
import type { SourceConfig } from './config/config.ts';
import { createKnownRoot } from './db/ingest-reader.ts';
import type { Db } from './db/open.ts';
import type { DirHandle } from './disk/handle.ts';
import { mountsBelow } from './disk/mounts.ts';
import { readContent, type Probing } from './disk/read-content.ts';
import { DiskTree } from './disk/tree.ts';
import type { RootAddress } from './ingest/messages.ts';
import { rulesOf } from './ingest/rules.ts';
import type { ScannerServices } from './ingest/scanner.ts';
import type { Tree } from './ingest/tree.ts';
import { probeFile, probeStill } from './media/probe.ts';

/** `db` is a read-only connection of this thread. */
export function scanServices(db: Db, sources: readonly SourceConfig[]): ScannerServices<DirHandle> {
  return {
    rules: rulesOf(sources),
    known: (rootId) => createKnownRoot(db, rootId),
    open: openTree,
    breathe: () => setImmediate(),
  };
}

function openTree(at: RootAddress): Tree<DirHandle> | { readonly why: string } {
  const disk = DiskTree.open(at.path, at.expected);
  if ('why' in disk) return disk;
  const how = { mounts: mountsBelow(disk.root), probe: probing };
  return {
    walk: (options) => disk.walk(options),
    inDir: (path, work) => disk.inDir(path, work),
    stillOurs: () => disk.stillOurs(),
    close: () => {
      disk.close();
    },
    read: (dir, files) => Promise.resolve(files.map((file) => contentOf(file, readContent(dir, file, how)))),
  };
}

const probing: Probing = ({ fd, sizeBytes, kind, head, tail }) =>
  kind === 'still' ? probeStill(fd, sizeBytes, { head, tail }) : probeFile(fd, sizeBytes, { head, tail });

/** A still has no structure that could be incomplete; a recorder writes it at once. */
function contentOf(file: ClipFile, read: ReturnType<typeof readContent>): Content | undefined {
  if (read === undefined) return undefined;
  const { fingerprint, probe } = read;
  const still = file.kind === 'still';
  if (probe.ok) return { fingerprint, media: probe.info, arbiter: false, complete: still || probe.complete };
  return { fingerprint, media: null, arbiter: !still && probe.arbiter, complete: still };
}
