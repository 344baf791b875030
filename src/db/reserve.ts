/**
 * The reserve of the state directory: 64 MiB that nobody uses until the disk is full. Then it goes, so that deletions
 * and holds can still be recorded; an unrecorded deletion cannot be told from tampering, so when the reserve is used up
 * as well, deletion stops and says so.
 */
import { closeSync, existsSync, fsyncSync, openSync, statfsSync, unlinkSync, writeSync } from 'node:fs';
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

/** SQLite's word for an fsync or a write that failed: the same fsync is never tried again, the daemon must start anew. */
export function isStorageFailure(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return (
    cause instanceof Database.SqliteError &&
    (cause.code.startsWith('SQLITE_IOERR') || cause.code === 'SQLITE_CORRUPT')
  );
}

/** Written out, not just made long: a sparse file reserves nothing. */
function make(path: string): boolean {
  const fd = openSync(path, 'w', 0o600);
  try {
    for (let written = 0; written < RESERVE_BYTES; written += CHUNK.length) writeSync(fd, CHUNK);
    fsyncSync(fd);
  } catch (error) {
    if (!isFull(error)) throw error;
    unlinkSync(path);
    return false;
  } finally {
    closeSync(fd);
  }
  fsyncDir(dirname(path));
  return true;
}
