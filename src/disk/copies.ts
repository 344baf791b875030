/** Copies of held clips on one verified root (holds/copies.ts): read whole, hashed, written, made durable. */
import { createHash } from 'node:crypto';
import { writeAll } from '../base/durable.ts';
import { errnoOf } from '../base/errors.ts';
import {
  COPY_DIR,
  copyName,
  halfCopyName,
  type CopyResult,
  type CopyTask,
  type LooseCopy,
} from '../holds/copies.ts';
import { OWN_DIR } from '../roots/root.ts';
import { NotContained, openBelow, sameIdentity, splitPath, statOf, type DirHandle } from './handle.ts';
import { NotDurable, makeDurable } from './sync.ts';

const CHUNK_BYTES = 1024 * 1024;

type Unmade = Exclude<CopyResult, { found: 'made' }>['found'];

/** Copies one clip after another. Throws what the directory of the copies throws: then nothing is known of any of them. */
export function makeCopies(root: DirHandle, tasks: readonly CopyTask[], keepFreeBytes: number): CopyResult[] {
  const target = ensureCopyDir(root);
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  try {
    return tasks.map((task) => makeCopy({ root, target, chunk, keepFreeBytes }, task));
  } finally {
    target.close();
  }
}

interface Place {
  readonly root: DirHandle;
  readonly target: DirHandle;
  readonly chunk: Buffer;
  readonly keepFreeBytes: number;
}

function makeCopy(place: Place, task: CopyTask): CopyResult {
  const { clipId, ino: sourceIno } = task;
  const unmade = (found: Unmade, errno?: string): CopyResult => ({ clipId, sourceIno, found, errno });
  let dir: DirHandle | undefined;
  let source: number | undefined;
  try {
    if (!hasRoom(place, task.sizeBytes)) return unmade('no_room');
    dir = openBelow(place.root, task.dir);
    source = dir.openFile(task.name);
    if (!sameIdentity(statOf(source, dir.files), task)) return unmade('changed');
    return copyOpen(place, task, source) ?? unmade('changed');
  } catch (error) {
    return { clipId, sourceIno, ...whyUnmade(error) };
  } finally {
    if (source !== undefined) place.root.files.closeSync(source);
    dir?.close();
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

function hasRoom({ target, keepFreeBytes }: Place, sizeBytes: number): boolean {
  const { bavail, bsize } = target.files.statfsSync(`/proc/self/fd/${String(target.fd)}`);
  return bavail * bsize - sizeBytes >= keepFreeBytes;
}

/** Undefined: the source was written to while it was read, and the copy is nothing. */
function copyOpen({ target, chunk }: Place, task: CopyTask, source: number): CopyResult | undefined {
  const { clipId, ino: sourceIno } = task;
  const half = halfCopyName(clipId, sourceIno);
  const { files } = target;
  removeIfThere(target, half);
  const fd = target.createFile(half);
  let whole = false;
  try {
    const hash = createHash('sha256');
    for (let length = 0; (length = files.readSync(source, chunk, 0, chunk.length, null)) > 0;) {
      hash.update(chunk.subarray(0, length));
      writeAll(fd, chunk.subarray(0, length), files);
    }
    makeDurable(fd, files);
    if (!sameIdentity(statOf(source, files), task)) return undefined;
    const { ino, mtimeNs, sizeBytes } = statOf(fd, files);
    if (sizeBytes !== task.sizeBytes) return undefined;
    target.rename(half, target, copyName(clipId, sourceIno));
    whole = true;
    target.fsync();
    return { clipId, sourceIno, found: 'made', ino, mtimeNs, sha256: hash.digest('hex') };
  } finally {
    files.closeSync(fd);
    if (!whole) removeIfThere(target, half);
  }
}

/** Unlinks the copies that are there, half ones too, durably. */
export function removeCopies(root: DirHandle, copies: readonly LooseCopy[]): void {
  let dir: DirHandle;
  try {
    dir = openBelow(root, COPY_DIR);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw error;
  }
  try {
    for (const { clipId, sourceIno } of copies) {
      removeIfThere(dir, halfCopyName(clipId, sourceIno));
      removeIfThere(dir, copyName(clipId, sourceIno));
    }
    dir.fsync();
  } finally {
    dir.close();
  }
}

function ensureCopyDir(root: DirHandle): DirHandle {
  const own = root.ensureDir(OWN_DIR);
  try {
    return own.ensureDir(splitPath(COPY_DIR).name);
  } finally {
    own.close();
  }
}

function removeIfThere(dir: DirHandle, name: string): void {
  try {
    dir.unlink(name);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}
