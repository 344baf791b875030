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
  type CopyResult,
  type CopyTask,
} from '../holds/keep/copies.ts';
import { NotContained, openBelow, sameIdentity, statOf, type DirHandle } from './handle.ts';
import { sharedChunk } from './hashing.ts';
import { ensureBelow, removeIfThere } from './own-names.ts';
import { NotDurable, makeDurableBeside } from './sync.ts';

/** The disk is set to work each time so much of a file is written, instead of at its end. */
const SYNC_BYTES = 32 * 1024 * 1024;

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
    return all.map((result) =>
      result.found !== 'made' && liesThere(target, result) ? { ...result, left: true } : result,
    );
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

/** Under the name of a copy that could not be made, half or whole; also when the disk does not say. */
function liesThere(target: DirHandle, { clipId, sourceIno }: CopyKey): boolean {
  try {
    return [copyName, halfCopyName].some((name) => target.stat(name(clipId, sourceIno)) !== undefined);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return true;
  }
}

function unmade({ clipId, ino: sourceIno }: CopyTask, found: Unmade): CopyResult {
  return { clipId, sourceIno, found, errno: undefined };
}

async function writeHalf(place: Place, task: CopyTask): Promise<HalfCopy | CopyResult> {
  // What a crash left: of a copy that cannot be made no half is there (I8).
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
