/** SHA-256 of open files, and the memory all reading of whole files of a thread goes through. */
import { createHash } from 'node:crypto';
import type { FileCalls } from '../base/file-calls.ts';

/** Small enough to stay in the processor's cache between reading, hashing and writing. */
const CHUNK_BYTES = 256 * 1024;

let chunk: Buffer | undefined;

/** Of the thread: nobody waits between filling and emptying it, so that copies side by side can share it. */
export function sharedChunk(): Buffer {
  return (chunk ??= Buffer.allocUnsafe(CHUNK_BYTES));
}

/** Of every byte from where the descriptor stands, hex. */
export function hashOpen(fd: number, files: FileCalls): string {
  const hash = createHash('sha256');
  const chunk = sharedChunk();
  for (let length = 0; (length = files.readSync(fd, chunk, 0, chunk.length, null)) > 0;)
    hash.update(chunk.subarray(0, length));
  return hash.digest('hex');
}
