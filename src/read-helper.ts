/**
 * The scan's side of the thread that helps it to read. One request at a time; the thread lives as long as one task.
 * Both take the next few files of a request until none is left, so that neither waits for the other for long.
 */
import { Worker } from 'node:worker_threads';
import type { Content } from './clips/change.ts';
import { DirHandle } from './disk/handle.ts';
import type { FileToRead } from './disk/read-content.ts';
import { readContents } from './read-contents.ts';

/** Fewer files than this are read faster than a thread is asked. */
const WORTH_HELP = 48;
/** Files taken at once. */
const PIECE_FILES = 16;
/** The thread's file: `.ts` in the sources, `.js` in the built program. */
const ENTRY = new URL(`./read-worker${import.meta.url.slice(-3)}`, import.meta.url);
const LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 };

export interface ReadRequest {
  readonly fd: number;
  readonly mountId: string;
  readonly mounts: boolean;
  readonly files: readonly FileToRead[];
  /** Index of the next file that nobody reads yet; shared by both threads. */
  readonly next: Int32Array<SharedArrayBuffer>;
}

/** Contents of the files from `at` on. */
export interface ReadPiece {
  readonly at: number;
  readonly contents: readonly (Content | undefined)[];
}

/** Reads what of a request the other thread has not taken. */
export function readShare({ fd, mountId, mounts, files, next }: ReadRequest): ReadPiece[] {
  const dir = new DirHandle(fd, mountId);
  const pieces: ReadPiece[] = [];
  for (let at = takeNext(next); at < files.length; at = takeNext(next)) {
    pieces.push({ at, contents: readContents(dir, files.slice(at, at + PIECE_FILES), mounts) });
  }
  return pieces;
}

function takeNext(next: Int32Array<SharedArrayBuffer>): number {
  return Atomics.add(next, 0, PIECE_FILES);
}

export class ReadHelper {
  #worker: Worker | undefined;

  /** Reads the files of an open directory, with the help of the other thread when there are many. */
  async read(
    dir: DirHandle,
    files: readonly FileToRead[],
    mounts: boolean,
  ): Promise<readonly (Content | undefined)[]> {
    if (files.length < WORTH_HELP) return readContents(dir, files, mounts);
    const request: ReadRequest = {
      fd: dir.fd,
      mountId: dir.mountId,
      mounts,
      files: files.map(toRead),
      next: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
    };
    const theirs = this.#ask(request);
    const ours = readShare(request);
    const all = new Array<Content | undefined>(files.length);
    for (const { at, contents } of [...ours, ...(await theirs)]) {
      for (const [i, content] of contents.entries()) all[at + i] = content;
    }
    return all;
  }

  /** Ends the thread; the next large request starts another. */
  stop(): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
  }

  #ask(request: ReadRequest): Promise<readonly ReadPiece[]> {
    const worker = (this.#worker ??= new Worker(ENTRY, { name: 'read', resourceLimits: LIMITS }));
    const { promise, resolve, reject } = Promise.withResolvers<readonly ReadPiece[]>();
    const onMessage = (answer: readonly ReadPiece[]): void => {
      worker.off('error', onError);
      resolve(answer);
    };
    const onError = (error: unknown): void => {
      worker.off('message', onMessage);
      this.#worker = undefined;
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    worker.once('message', onMessage);
    worker.once('error', onError);
    worker.postMessage(request);
    return promise;
  }
}

function toRead({ name, kind, ino, sizeBytes, mtimeNs }: FileToRead): FileToRead {
  return { name, kind, ino, sizeBytes, mtimeNs };
}
