/**
 * The reserve of the state directory: 64 MiB that nobody uses until the disk is full. Then it goes, so that deletions
 * and holds can still be recorded; an unrecorded deletion cannot be told from tampering, so when the reserve is used up
 * as well, deletion stops and says so.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statfsSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { fsyncDir } from '../base/durable.ts';
import { errnoOf } from '../base/errors.ts';

export const RESERVE_BYTES = 64 * 1024 * 1024;
/** It is made again only when this much more is free, or it would be gone the next minute. */
const ROOM_BYTES = 4 * RESERVE_BYTES;
const CHUNK = Buffer.alloc(1024 * 1024);

export interface Reserve {
  /** Runs `work`; when the disk is full, gives the reserve up and runs it once more. Throws what the second run throws. */
  use<T>(work: () => T): T;
  /** Makes the reserve again when there is room; returns whether it is there. */
  remake(): boolean;
  /** The disk was full and there was no reserve left: nothing may be deleted now. */
  readonly gone: boolean;
}

export function createReserve(path: string): Reserve {
  let gone = false;
  return {
    get gone() {
      return gone;
    },
    use: (work) => {
      try {
        return work();
      } catch (error) {
        if (!isFull(error)) throw error;
        gone = !existsSync(path);
        if (gone) throw error;
        unlinkSync(path);
        return work();
      }
    },
    remake: () => {
      if (existsSync(path)) {
        gone = false;
        return true;
      }
      rmSync(unfinished(path), { force: true });
      const { bavail, bsize } = statfsSync(dirname(path));
      if (bavail * bsize < ROOM_BYTES || !make(path)) return false;
      gone = false;
      return true;
    },
  };
}

/** SQLite says FULL for its own files, the system ENOSPC or EDQUOT for ours. */
export function isFull(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (cause instanceof Database.SqliteError) return cause.code === 'SQLITE_FULL';
  return errnoOf(cause) === 'ENOSPC' || errnoOf(cause) === 'EDQUOT';
}

/** Under its own name a reserve is whole: a crash while it is made leaves this one. */
function unfinished(path: string): string {
  return `${path}.new`;
}

/** Written out, not just made long: a sparse file reserves nothing. */
function make(path: string): boolean {
  const temp = unfinished(path);
  const fd = openSync(temp, 'w', 0o600);
  try {
    for (let written = 0; written < RESERVE_BYTES; written += CHUNK.length) writeSync(fd, CHUNK);
    fsyncSync(fd);
  } catch (error) {
    if (!isFull(error)) throw error;
    unlinkSync(temp);
    return false;
  } finally {
    closeSync(fd);
  }
  renameSync(temp, path);
  fsyncDir(dirname(path));
  return true;
}
