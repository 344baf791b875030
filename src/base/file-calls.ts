/**
 * The system calls on which the promises about disks rest: what is unlinked, made durable, listed, and reached by
 * descriptor. They are passed in, so that the simulation (docs/design/simulation.md) can run the same code over a
 * kernel of its own that loses what was not made durable.
 */
import * as fs from 'node:fs';
import { promisify } from 'node:util';
import { errnoOf } from './errors.ts';

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

/**
 * Gives an empty file the content of another without copying it: both have the same blocks until one of them is written to.
 * False where the system refuses, for whatever reason, or over other calls than the system's: what the file has then is to
 * be written over from its beginning.
 */
export function shareContent(source: number, target: number, files: FileCalls): boolean {
  if (files !== systemFiles) return false;
  const [from, to] = [source, target].map((fd) => `/proc/self/fd/${String(fd)}`) as [string, string];
  const { mode } = fs.fstatSync(target);
  try {
    fs.copyFileSync(from, to, fs.constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  } finally {
    // The call gives it the mode of the source. A file system without modes, or of another owner, keeps its own.
    if (fs.fstatSync(target).mode !== mode) fs.fchmodSync(target, mode);
  }
}
