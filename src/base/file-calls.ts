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

/** What the system answers where two files cannot share their blocks: not this file system, not these two files. */
const NOT_SHARED = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOTTY', 'EXDEV', 'EINVAL', 'ENOSYS']);
const OURS_ALONE = 0o600;

/**
 * Gives an empty file the content of another without copying it: both have the same blocks until one of them is written to.
 * False where that cannot be, or over other calls than the system's: the file is as empty as before. Throws the system's
 * error otherwise.
 */
export function shareContent(source: number, target: number, files: FileCalls): boolean {
  if (files !== systemFiles) return false;
  const [from, to] = [source, target].map((fd) => `/proc/self/fd/${String(fd)}`) as [string, string];
  try {
    fs.copyFileSync(from, to, fs.constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch (error) {
    if (NOT_SHARED.has(errnoOf(error) ?? '')) return false;
    throw error;
  } finally {
    // The call has given it the mode of the source.
    fs.fchmodSync(target, OURS_ALONE);
  }
}
