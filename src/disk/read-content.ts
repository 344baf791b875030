/** What identifies a file and what is in it, read once: fingerprint and probe share the bytes. */
import { closeSync } from 'node:fs';
import type { ClipKind } from '../clips/clip.ts';
import type { Probe } from '../clips/media-info.ts';
import { errnoOf } from '../base/errors.ts';
import { readEnds } from './content.ts';
import { NotContained, sameIdentity, statOf, type DirHandle, type FileIdentity } from './handle.ts';

export interface FileContent {
  readonly fingerprint: string;
  readonly probe: Probe;
}

/** Looks into an open file; its first and last bytes come along. Never throws for what a file holds. */
export type Probing = (file: {
  readonly fd: number;
  readonly sizeBytes: number;
  readonly kind: ClipKind;
  readonly head: Buffer;
  readonly tail: Buffer;
}) => Probe;

/** A file to read: its name in the directory and how it stood when it was listed. */
export interface FileToRead extends FileIdentity {
  readonly name: string;
  readonly kind: ClipKind;
}

/**
 * Reads a file of `dir`; undefined when it is not what was listed any more (or became so while it was read) or cannot
 * be read. `mounts`: something is mounted below this root, so each file is checked for its mount.
 */
export function readContent(
  dir: DirHandle,
  file: FileToRead,
  how: { readonly mounts: boolean; readonly probe: Probing },
): FileContent | undefined {
  let fd: number | undefined;
  try {
    fd = how.mounts ? dir.openFile(file.name) : dir.openEntry(file.name);
    const ends = readEnds(fd, file.sizeBytes);
    if (ends === undefined) return undefined;
    const { fingerprint, head, tail } = ends;
    const probe = how.probe({ fd, sizeBytes: file.sizeBytes, kind: file.kind, head, tail });
    // Asked once, at the end: what is as it was listed was so all the time between. Bytes of anything else are dropped.
    return isAsListed(fd, file) ? { fingerprint, probe } : undefined;
  } catch (error) {
    if (error instanceof NotContained || errnoOf(error) !== undefined) return undefined;
    throw error;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** A link, device or FIFO under the name is not what was listed either: its inode differs. */
function isAsListed(fd: number, file: FileToRead): boolean {
  const now = statOf(fd);
  return now.kind === 'file' && sameIdentity(now, file);
}
