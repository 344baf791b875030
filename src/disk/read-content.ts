/** What identifies a file and what is in it, read once: fingerprint and probe share the bytes. */
import { closeSync } from 'node:fs';
import type { ClipKind } from '../clips/clip.ts';
import type { Probe } from '../clips/media-info.ts';
import { errnoOf } from '../base/errors.ts';
import { readEnds, readStart } from './content.ts';
import {
  NotContained,
  sameIdentity,
  statOf,
  type DirHandle,
  type FileIdentity,
  type FileStat,
} from './handle.ts';

/** The kernel's file times lag behind its clock by up to a tick; network servers have clocks of their own. */
const CLOCK_TICK_MS = 10_000;

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

export interface HowToRead {
  /** Something is mounted below this root, so each file is checked for its mount. */
  readonly mounts: boolean;
  readonly probe: Probing;
}

/** A file met for the first time. `content`: undefined when it changed since, or while it was read. */
export interface MetFile {
  readonly stat: FileStat;
  readonly content: FileContent | undefined;
}

/**
 * Opens a file of `dir` and reads it; undefined when it is no regular file or cannot be read. One look is enough for a
 * small file that nobody has written to since `sinceMs` (wall clock, before this call): what was read before the look
 * is what the look is of.
 */
export function meetFile(
  dir: DirHandle,
  { name, kind, sinceMs }: { readonly name: string; readonly kind: ClipKind; readonly sinceMs: number },
  how: HowToRead,
): MetFile | undefined {
  return withFile(dir, { name, how }, (fd) => {
    const started = readStart(fd);
    const stat = statOf(fd);
    if (stat.kind !== 'file') return undefined;
    if (stat.ctimeMs >= sinceMs - CLOCK_TICK_MS) return { stat, content: undefined };
    const content = readOpen(fd, { sizeBytes: stat.sizeBytes, kind }, { how, started });
    const whole = started === stat.sizeBytes;
    return { stat, content: whole || isAsListed(fd, stat) ? content : undefined };
  });
}

/**
 * Reads a file of `dir`; undefined when it is not what was listed any more (or became so while it was read) or cannot
 * be read.
 */
export function readContent(dir: DirHandle, file: FileToRead, how: HowToRead): FileContent | undefined {
  return withFile(dir, { name: file.name, how }, (fd) => {
    const content = readOpen(fd, file, { how, started: 0 });
    // Asked once, at the end: what is as it was listed was so all the time between. Bytes of anything else are dropped.
    return isAsListed(fd, file) ? content : undefined;
  });
}

/** `started`: bytes read by readStart. */
function readOpen(
  fd: number,
  { sizeBytes, kind }: Pick<FileToRead, 'sizeBytes' | 'kind'>,
  { how, started }: { readonly how: HowToRead; readonly started: number },
): FileContent | undefined {
  const ends = readEnds(fd, sizeBytes, started);
  if (ends === undefined) return undefined;
  const { fingerprint, head, tail } = ends;
  return { fingerprint, probe: how.probe({ fd, sizeBytes, kind, head, tail }) };
}

/** Undefined when the file is not to be had. */
function withFile<T>(
  dir: DirHandle,
  { name, how }: { readonly name: string; readonly how: HowToRead },
  work: (fd: number) => T,
): T | undefined {
  let fd: number | undefined;
  try {
    fd = how.mounts ? dir.openFile(name) : dir.openEntry(name);
    return work(fd);
  } catch (error) {
    if (error instanceof NotContained || errnoOf(error) !== undefined) return undefined;
    throw error;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** A link, device or FIFO under the name is not what was listed either: its inode differs. */
function isAsListed(fd: number, file: FileIdentity): boolean {
  const now = statOf(fd);
  return now.kind === 'file' && sameIdentity(now, file);
}
