/**
 * The system calls on which the promises about disks rest: what is unlinked, made durable, listed, and reached by
 * descriptor. They are passed in, so that the simulation (docs/design/simulation.md) can run the same code over a
 * kernel of its own that loses what was not made durable.
 */
import * as fs from 'node:fs';
import { promisify } from 'node:util';

export type FileCalls = Pick<
  typeof fs,
  | 'accessSync'
  | 'closeSync'
  | 'existsSync'
  | 'fstatSync'
  | 'fsyncSync'
  | 'ftruncateSync'
  | 'linkSync'
  | 'lstatSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readFileSync'
  | 'readSync'
  | 'readdirSync'
  | 'renameSync'
  | 'rmdirSync'
  | 'statSync'
  | 'statfsSync'
  | 'unlinkSync'
  | 'writeSync'
>;

export const systemFiles: FileCalls = fs;

/**
 * Makes a file durable beside this thread, which goes on meanwhile; the thread of a disk has more to write to it. Over
 * other calls than the system's it is done at once. Rejects with the system's error.
 */
export function fsyncBeside(fd: number, files: FileCalls): Promise<void> {
  if (files === systemFiles) return promisify(fs.fsync)(fd);
  return new Promise((resolve) => {
    files.fsyncSync(fd);
    resolve();
  });
}
