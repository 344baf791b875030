/**
 * Copies of held clips below a verified root or in the vault (holds/keep/copies.ts): read once, hashed, written, made
 * durable. The disk makes one durable while the next is read and written.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { breathe } from '../base/delay.ts';
import { writeAll } from '../base/durable.ts';
import { errnoOf } from '../base/errors.ts';
import { shareContent, type FileCalls } from '../base/file-calls.ts';
import {
  copyName,
  halfCopyName,
  type CopyKey,
  type CopyReading,
  type CopyResult,
  type CopyTask,
  type LooseCopy,
} from '../holds/keep/copies.ts';
import { NotContained, openBelow, sameIdentity, statOf, type DirHandle } from './handle.ts';
import { ensureBelow, openIfThere, removeIfThere } from './own-names.ts';
import { NotDurable, makeDurableBeside } from './sync.ts';

/** Small enough to stay in the processor's cache between reading, hashing and writing. */
const CHUNK_BYTES = 256 * 1024;
/** The disk is set to work each time so much of a file is written, instead of at its end. */
const SYNC_BYTES = 32 * 1024 * 1024;

let chunk: Buffer | undefined;

/** Of the thread: nobody waits between filling and emptying it, so that copies side by side can share it. */
function sharedChunk(): Buffer {
  return (chunk ??= Buffer.allocUnsafe(CHUNK_BYTES));
}

type Unmade = Exclude<CopyResult, { found: 'made' }>['found'];

/** Where copies are written: a directory below the root itself, or below the vault. */
export interface CopyTarget {
  readonly below: DirHandle;
  readonly dir: string;
  readonly keepFreeBytes: number;
}

/**
 * Copies clips of a root one after another. Rejects with what the directory of the copies says: then nothing is known of
 * any of them.
 */
export async function makeCopies(
  root: DirHandle,
  tasks: readonly CopyTask[],
  { below, dir, keepFreeBytes }: CopyTarget,
): Promise<CopyResult[]> {
  const target = ensureBelow(below, dir);
  const place = { root, target, keepFreeBytes };
  const results: Promise<CopyResult>[] = [];
  try {
    for (const task of tasks) {
      const half = await attempt(task, () => writeHalf(place, task));
      results.push(
        'found' in half
          ? Promise.resolve(half)
          : heardLater(attempt(task, () => complete(target, task, half))),
      );
      // One is made durable while one is written, and no more.
      await results.at(-2);
    }
    const all = await Promise.all(results);
    target.fsync();
    return all;
  } finally {
    await Promise.allSettled(results);
    target.close();
  }
}

interface Place {
  readonly root: DirHandle;
  readonly target: DirHandle;
  readonly keepFreeBytes: number;
}

/** All is written, under another name, and the disk is at work on it. */
interface HalfCopy {
  readonly fd: number;
  readonly synced: Promise<unknown>;
  readonly sha256: string;
}

/** What the disk says of one clip is its result; what nobody expects is thrown. */
async function attempt<T>(task: CopyTask, work: () => Promise<T>): Promise<T | CopyResult> {
  try {
    return await work();
  } catch (error) {
    const { clipId, ino: sourceIno } = task;
    return { clipId, sourceIno, ...whyUnmade(error) };
  }
}

/** What an error means for the copy. Throws what leaves open what became of it. */
function whyUnmade(error: unknown): { readonly found: Unmade; readonly errno: string | undefined } {
  if (error instanceof NotContained) return { found: 'failed', errno: 'ELOOP' };
  const errno = errnoOf(error);
  // A share may say only at the end that it is full: then nothing is wrong with what was there before.
  if (errno === 'ENOSPC' || errno === 'EDQUOT') return { found: 'no_room', errno };
  if (errno === undefined || error instanceof NotDurable) throw error;
  return { found: errno === 'ENOENT' ? 'absent' : 'failed', errno };
}

function unmade({ clipId, ino: sourceIno }: CopyTask, found: Unmade): CopyResult {
  return { clipId, sourceIno, found, errno: undefined };
}

async function writeHalf(place: Place, task: CopyTask): Promise<HalfCopy | CopyResult> {
  // What a crash left: of a copy that cannot be made nothing is there (I8).
  removeIfThere(place.target, halfCopyName(task.clipId, task.ino));
  if (!hasRoom(place, task.sizeBytes)) return unmade(task, 'no_room');
  const { files } = place.root;
  const dir = openBelow(place.root, task.dir);
  let source: number | undefined;
  try {
    source = dir.openFile(task.name);
    if (!sameIdentity(statOf(source, files), task)) return unmade(task, 'changed');
    return await copyOpen(place, task, source);
  } finally {
    if (source !== undefined) files.closeSync(source);
    dir.close();
  }
}

function hasRoom({ target, keepFreeBytes }: Place, sizeBytes: number): boolean {
  const { bavail, bsize } = target.files.statfsSync(`/proc/self/fd/${String(target.fd)}`);
  return bavail * bsize - sizeBytes >= keepFreeBytes;
}

/**
 * Shares the blocks of the source where the file system can, and reads what it has then; else reads and writes. A source
 * that was written to meanwhile makes no copy.
 */
async function copyOpen({ target }: Place, task: CopyTask, source: number): Promise<HalfCopy | CopyResult> {
  const [{ files }, half] = [target, halfCopyName(task.clipId, task.ino)];
  const fd = target.createFile(half);
  const syncs: Promise<void>[] = [];
  let whole = false;
  let clone: number | undefined;
  try {
    if (shareContent(source, fd, files)) clone = reopened(fd, files);
    const hash = createHash('sha256');
    const chunk = sharedChunk();
    let unsynced = 0;
    for (let length = 0; (length = files.readSync(clone ?? source, chunk, 0, chunk.length, null)) > 0;) {
      hash.update(chunk.subarray(0, length));
      if (clone === undefined) writeAll(fd, chunk.subarray(0, length), files);
      unsynced += length;
      if (unsynced < SYNC_BYTES) continue;
      unsynced = 0;
      syncs.push(beside(fd, target));
      await breathe();
    }
    whole = sameIdentity(statOf(source, files), task);
    if (!whole) return unmade(task, 'changed');
    syncs.push(beside(fd, target));
    return { fd, synced: heardLater(Promise.all(syncs)), sha256: hash.digest('hex') };
  } finally {
    if (clone !== undefined) files.closeSync(clone);
    if (!whole) {
      await Promise.allSettled(syncs);
      files.closeSync(fd);
      removeIfThere(target, half);
    }
  }
}

/** For reading, what was opened for writing. */
function reopened(fd: number, files: FileCalls): number {
  return files.openSync(`/proc/self/fd/${String(fd)}`, constants.O_RDONLY);
}

/** An error of the disk is told once, to whoever asks first: it counts, whatever a later call says. */
function beside(fd: number, { files }: DirHandle): Promise<void> {
  return heardLater(makeDurableBeside(fd, files));
}

/** It is waited for, and what it rejects with is heard then. */
function heardLater<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

async function complete(target: DirHandle, task: CopyTask, written: HalfCopy): Promise<CopyResult> {
  const { clipId, ino: sourceIno } = task;
  const half = halfCopyName(clipId, sourceIno);
  let whole = false;
  try {
    await written.synced;
    const { ino, mtimeNs, sizeBytes } = statOf(written.fd, target.files);
    if (sizeBytes !== task.sizeBytes) return unmade(task, 'changed');
    target.rename(half, target, copyName(clipId, sourceIno));
    whole = true;
    return { clipId, sourceIno, found: 'made', ino, mtimeNs, sha256: written.sha256 };
  } finally {
    target.files.closeSync(written.fd);
    if (!whole) removeIfThere(target, half);
  }
}

/** Unlinks the copies that are there, half ones too, durably. */
export function removeCopies(place: DirHandle, copies: readonly LooseCopy[]): void {
  for (const [path, those] of Map.groupBy(copies, (copy) => copy.dir)) {
    const dir = openIfThere(place, path);
    if (dir === undefined) continue;
    try {
      for (const { clipId, sourceIno } of those) {
        removeIfThere(dir, halfCopyName(clipId, sourceIno));
        removeIfThere(dir, copyName(clipId, sourceIno));
      }
      dir.fsync();
    } finally {
      dir.close();
    }
  }
}

/**
 * Reads copies again, from their first byte to their last, and tells what they are now. Throws what the directory of the
 * copies throws: then nothing is known of any of them.
 */
export function readCopies(place: DirHandle, copies: readonly LooseCopy[]): CopyReading[] {
  return copies.map((copy) => {
    const dir = openIfThere(place, copy.dir);
    try {
      return readCopy(dir, copy);
    } finally {
      dir?.close();
    }
  });
}

function readCopy(dir: DirHandle | undefined, { clipId, sourceIno }: CopyKey): CopyReading {
  const absent: CopyReading = { clipId, sourceIno, found: 'unreadable', errno: 'ENOENT' };
  if (dir === undefined) return absent;
  let fd: number | undefined;
  try {
    fd = dir.openFile(copyName(clipId, sourceIno));
    const sha256 = hashOpen(fd, dir.files);
    const { ino, mtimeNs } = statOf(fd, dir.files);
    return { clipId, sourceIno, found: 'read', ino, mtimeNs, sha256 };
  } catch (error) {
    const errno = error instanceof NotContained ? 'ELOOP' : errnoOf(error);
    if (errno === undefined) throw error;
    return { ...absent, errno };
  } finally {
    if (fd !== undefined) dir.files.closeSync(fd);
  }
}

function hashOpen(fd: number, files: FileCalls): string {
  const hash = createHash('sha256');
  const chunk = sharedChunk();
  for (let length = 0; (length = files.readSync(fd, chunk, 0, chunk.length, null)) > 0;)
    hash.update(chunk.subarray(0, length));
  return hash.digest('hex');
}

/** Of every byte of a clip that is what the index knows, before it is read and after; undefined when it is not. */
export function hashOf(root: DirHandle, task: CopyTask): string | undefined {
  const { files } = root;
  const dir = openIfThere(root, task.dir);
  let fd: number | undefined;
  try {
    fd = dir?.openFile(task.name);
    if (fd === undefined || !sameIdentity(statOf(fd, files), task)) return undefined;
    const sha256 = hashOpen(fd, files);
    return sameIdentity(statOf(fd, files), task) ? sha256 : undefined;
  } catch (error) {
    if (!(error instanceof NotContained) && errnoOf(error) !== 'ENOENT') throw error;
    return undefined;
  } finally {
    if (fd !== undefined) files.closeSync(fd);
    dir?.close();
  }
}

/** Gives a copy another name, durably; never over what has it already. */
export function renameCopy(
  place: DirHandle,
  { dir, from, to }: { readonly dir: string; readonly from: string; readonly to: string },
): boolean {
  const at = openIfThere(place, dir);
  try {
    if (at?.stat(from) === undefined) return false;
    if (from === to) return true;
    if (at.stat(to) !== undefined) return false;
    at.rename(from, at, to);
    at.fsync();
    return true;
  } finally {
    at?.close();
  }
}
