/**
 * The one place that knows how to write a file so that a power cut cannot undo or tear it.
 * Pattern: temporary file, fsync, rename, fsync of the directory (idea: tessera, storage/posix/file_ops.go).
 */
import { closeSync, constants, fsyncSync, openSync, renameSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemFiles } from './file-calls.ts';

/** Writes all of `data` at the end of an open file. */
export function writeAll(fd: number, data: Uint8Array, files = systemFiles): void {
  for (let at = 0; at < data.length;) at += files.writeSync(fd, data, at);
}

/** Makes a directory's entries durable. */
export function fsyncDir(path: string, files = systemFiles): void {
  const fd = files.openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    files.fsyncSync(fd);
  } finally {
    files.closeSync(fd);
  }
}

/** Replaces (or makes) a file whole: readers see the old content or the new, also after a power cut. Mode 0600 unless given. */
export function replaceFile(path: string, data: Uint8Array, mode = 0o600): void {
  const temp = `${path}.new`;
  const fd = openSync(temp, 'w', mode);
  try {
    writeAll(fd, data);
    fsyncSync(fd);
  } catch (error) {
    closeSync(fd);
    unlinkSync(temp);
    throw error;
  }
  closeSync(fd);
  renameSync(temp, path);
  fsyncDir(dirname(path));
}

/** Appends one record and makes it durable. The file must exist, its directory entry be durable. */
export function appendDurably(path: string, data: Uint8Array, files = systemFiles): void {
  const fd = files.openSync(path, constants.O_WRONLY | constants.O_APPEND);
  try {
    writeAll(fd, data, files);
    files.fsyncSync(fd);
  } finally {
    files.closeSync(fd);
  }
}
