/**
 * Searching for what must be gone: bytes in files, and files that a process still has open. Synchronous, in a process
 * of its own.
 */
import { closeSync, openSync, readSync, readdirSync, statSync } from 'node:fs';
import { errnoOf } from '../base/errors.ts';

const CHUNK_BYTES = 4 * 1024 * 1024;

/**
 * Whether one of these files contains one of the needles (none longer than 1 KiB, none empty). Files that are not there
 * contain nothing.
 */
export function filesContain(paths: readonly string[], needles: readonly Buffer[]): boolean {
  const overlap = Math.max(0, ...needles.map((n) => n.length)) - 1;
  return paths.some((path) => {
    const fd = openIfThere(path);
    if (fd === undefined) return false;
    try {
      return chunksContain(fd, needles, overlap);
    } finally {
      closeSync(fd);
    }
  });
}

function chunksContain(fd: number, needles: readonly Buffer[], overlap: number): boolean {
  const bytes = Buffer.alloc(CHUNK_BYTES);
  for (let from = 0; ;) {
    const length = readSync(fd, bytes, 0, bytes.length, from);
    const read = bytes.subarray(0, length);
    if (needles.some((needle) => read.includes(needle))) return true;
    if (length <= overlap) return false;
    from += length - overlap;
  }
}

/** Whether process `pid` or one that descends from it has one of these files (`<device>:<inode>`) open. */
export function isOpen(pid: number, files: ReadonlySet<string>): boolean {
  const processes = [String(pid)];
  for (let at = processes.pop(); at !== undefined; at = processes.pop()) {
    if (at === String(process.pid)) continue;
    if (list(`/proc/${at}/fd`).some((fd) => files.has(identityOf(`/proc/${at}/fd/${fd}`)))) return true;
    for (const task of list(`/proc/${at}/task`))
      processes.push(...childrenOf(`/proc/${at}/task/${task}/children`));
  }
  return false;
}

function identityOf(path: string): string {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${String(dev)}:${String(ino)}`;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return ''; // closed meanwhile
  }
}

/** A process may end while it is looked at. That its descriptors may not be seen at all is an error. */
function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ESRCH') throw error;
    return [];
  }
}

function childrenOf(path: string): string[] {
  const fd = openIfThere(path);
  if (fd === undefined) return [];
  try {
    const bytes = Buffer.alloc(64 * 1024);
    return bytes
      .toString('latin1', 0, readSync(fd, bytes, 0, bytes.length, 0))
      .split(' ')
      .filter(Boolean);
  } catch (error) {
    if (errnoOf(error) !== 'ESRCH') throw error;
    return [];
  } finally {
    closeSync(fd);
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ESRCH') throw error;
    return undefined;
  }
}
