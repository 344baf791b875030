/** The scan's side of the thread that helps it to read. One request at a time; the thread lives as long as one task. */
import { Worker } from 'node:worker_threads';
import type { Content } from './clips/change.ts';
import type { DirHandle } from './disk/handle.ts';
import type { FileToRead } from './disk/read-content.ts';
import { readContents } from './read-contents.ts';

/** Fewer files than this are read faster than a thread is asked. */
const WORTH_HELP = 48;
/** The thread's file: `.ts` in the sources, `.js` in the built program. */
const ENTRY = new URL(`./read-worker${import.meta.url.slice(-3)}`, import.meta.url);
const LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 };

export interface ReadRequest {
  readonly fd: number;
  readonly mountId: string;
  readonly mounts: boolean;
  readonly files: readonly FileToRead[];
}

export type ReadAnswer = readonly (Content | undefined)[];

export class ReadHelper {
  #worker: Worker | undefined;

  /** Reads the files of an open directory, half of them in the other thread when there are many. */
  async read(dir: DirHandle, files: readonly FileToRead[], mounts: boolean): Promise<ReadAnswer> {
    if (files.length < WORTH_HELP) return readContents(dir, files, mounts);
    const half = Math.ceil(files.length / 2);
    const theirs = this.#ask({
      fd: dir.fd,
      mountId: dir.mountId,
      mounts,
      files: files.slice(half).map(toRead),
    });
    const ours = readContents(dir, files.slice(0, half), mounts);
    return [...ours, ...(await theirs)];
  }

  /** Ends the thread; the next large request starts another. */
  stop(): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
  }

  #ask(request: ReadRequest): Promise<ReadAnswer> {
    const worker = (this.#worker ??= new Worker(ENTRY, { name: 'read', resourceLimits: LIMITS }));
    const { promise, resolve, reject } = Promise.withResolvers<ReadAnswer>();
    const onMessage = (answer: ReadAnswer): void => {
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
