/**
 * U and D of the delete protocol, for one batch on one verified root: unlink what still is what we know, then make the
 * directories durable. Runs in the root's own thread; the abort flag is looked at before every single unlink.
 */
import { errnoOf } from '../base/errors.ts';
import type { Erasure, ErasureResult } from '../retention/erasure.ts';
import { isHalfCopy, isKeptDir } from '../holds/keep/copies.ts';
import { NotContained, openBelow, sameIdentity, splitPath, type DirHandle, type FileStat } from './handle.ts';

/** Answers that leave open what became of the file; everything else is a refusal: the file is there. */
const UNKNOWN = [
  'EIO',
  'ESTALE',
  'ENOTCONN',
  'ENODEV',
  'ENXIO',
  'ETIMEDOUT',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'EINTR',
];

/** The batch's directories, opened once, closed together. */
export class EraseBatch {
  readonly #root: DirHandle;
  readonly #dirs = new Map<string, DirHandle>();

  constructor(root: DirHandle) {
    this.#root = root;
  }

  /** U: never throws; what could not be done is in the result. */
  unlinkAll(batch: readonly Erasure[], aborted: () => boolean): ErasureResult[] {
    return batch.map((item) => {
      const done = (found: ErasureResult['found'], errno?: string, linksLeft = 0): ErasureResult => {
        return { clipId: item.clipId, found, errno, linksLeft };
      };
      if (aborted()) return done('untouched');
      try {
        return this.#one(item, aborted, done);
      } catch (error) {
        return classify(error, done);
      }
    });
  }

  /** D: fsync of every directory that was opened. Throws the system's error: that root is failing. */
  makeDurable(): void {
    for (const dir of this.#dirs.values()) dir.fsync();
  }

  close(): void {
    for (const dir of this.#dirs.values()) dir.close();
    this.#dirs.clear();
  }

  #one(
    item: Erasure,
    aborted: () => boolean,
    done: (found: ErasureResult['found'], errno?: string, links?: number) => ErasureResult,
  ): ErasureResult {
    const dir = this.#dirOrNearest(item.dir);
    const now = dir?.stat(item.name);
    if (dir === undefined || now === undefined) {
      if (item.keep) return done(this.#isKeptElsewhere(item) ? 'kept' : 'absent');
      return done(this.#sidecars(item, aborted) ? 'absent' : 'untouched');
    }
    if (!isAsKnown(now, item)) return done('changed');
    if (item.keep) return done('kept');
    if (aborted() || !this.#sidecars(item, aborted) || aborted()) return done('untouched');
    const linksLeft = otherNames(dir, item, now);
    dir.unlink(item.name);
    return done('unlinked', undefined, linksLeft);
  }

  /**
   * A power cut may have brought back a pin or a copy, and not the name that went after it: a clip that is held by now
   * lives on under that.
   */
  #isKeptElsewhere({ sidecars }: Erasure): boolean {
    return sidecars.some(
      ({ dir, name }) =>
        isKeptDir(dir) && !isHalfCopy(name) && this.#dirOrNearest(dir)?.stat(name)?.kind === 'file',
    );
  }

  /** The clip's directory; undefined when it is missing, and then the nearest one above is made durable instead. */
  #dirOrNearest(path: string): DirHandle | undefined {
    try {
      return this.#dir(path);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
      if (path !== '') this.#dirOrNearest(splitPath(path).dir);
      return undefined;
    }
  }

  /**
   * Sidecars go before their clip, so that none outlives it: when one cannot go, the clip stays and both are tried
   * again. One that is gone already is as good as removed. False when it was told to stop.
   */
  #sidecars(item: Erasure, aborted: () => boolean): boolean {
    for (const sidecar of item.sidecars) {
      if (aborted()) return false;
      try {
        this.#dirOrNearest(sidecar.dir)?.unlink(sidecar.name);
      } catch (error) {
        // A directory of that name is no picture: it was put there by somebody else.
        if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'EISDIR') throw error;
      }
    }
    return true;
  }

  #dir(path: string): DirHandle {
    const open = this.#dirs.get(path);
    if (open !== undefined) return open;
    const dir = openBelow(this.#root, path);
    this.#dirs.set(path, dir);
    return dir;
  }
}

/**
 * What lies among our pins and copies is ours by its name: a recorder that truncated a file before it took its name away
 * has changed the pin as well, and it must go all the same.
 */
function isAsKnown(now: FileStat, item: Erasure): boolean {
  return now.kind === 'file' && (isKeptDir(item.dir) || sameIdentity(now, item));
}

/** Its pins are names of the content too: when there were any, they went a moment ago. */
function otherNames(dir: DirHandle, item: Erasure, before: FileStat): number {
  const now = item.sidecars.length === 0 ? before : dir.stat(item.name);
  return now === undefined ? 0 : now.nlink - 1;
}

/** What the system's refusal means for the clip. */
function classify(
  error: unknown,
  done: (found: ErasureResult['found'], errno?: string) => ErasureResult,
): ErasureResult {
  if (error instanceof NotContained) return done('refused', 'ELOOP');
  const errno = errnoOf(error);
  if (errno === undefined) throw error;
  if (errno === 'ENOENT') return done('absent', errno); // vanished between the look and the unlink
  return done(UNKNOWN.includes(errno) ? 'unknown' : 'refused', errno);
}
