/** Pins of held clips on one verified root (holds/keep/pins.ts): hard links, made and taken away durably. */
import { errnoOf } from '../base/errors.ts';
import { pinDir, pinName, type LoosePin, type PinResult, type PinTask } from '../holds/keep/pins.ts';
import { NotContained, openBelow, splitPath, type DirHandle } from './handle.ts';
import { ensureBelow, openIfThere, removeIfThere } from './own-names.ts';

const HOLDS = splitPath(pinDir('')).dir;

/**
 * Links each clip that is still the file it was, then makes the links durable. Throws what the directory of the hold or
 * its fsync throws: then nothing is known of any of them.
 */
export function makePins(root: DirHandle, holdId: string, tasks: readonly PinTask[]): PinResult[] {
  const open = new Dirs(root);
  const target = ensureBelow(root, pinDir(holdId));
  try {
    const results = tasks.map((task) => makePin(open, target, task));
    target.fsync();
    return results;
  } finally {
    open.close();
    target.close();
  }
}

function makePin(open: Dirs, target: DirHandle, { clipId, dir, name, ino }: PinTask): PinResult {
  const pin = pinName(clipId, ino);
  const isThere = (): boolean => target.stat(pin)?.ino === ino;
  // A crash may have left the link that is asked for again, and the recorder may have taken the clip's name since.
  const done = (found: PinResult['found'], errno?: string): PinResult => {
    return { clipId, ino, found: isThere() ? 'made' : found, errno };
  };
  try {
    const from = open.at(dir);
    const now = from.stat(name);
    if (now === undefined) return done('absent');
    if (now.kind !== 'file' || now.ino !== ino) return done('changed');
    from.link(name, target, pin);
    // The name may have been given to another file since the look: only what was linked counts.
    if (!isThere()) target.unlink(pin);
    return done('changed');
  } catch (error) {
    const errno = error instanceof NotContained ? 'ELOOP' : errnoOf(error);
    if (errno === undefined) throw error;
    return errno === 'ENOENT' ? done('absent') : done('refused', errno);
  }
}

/** Unlinks the pins that are there, durably, and the directory with the last of them. */
export function removePins(root: DirHandle, holdId: string, pins: readonly LoosePin[]): void {
  const dir = openIfThere(root, pinDir(holdId));
  if (dir === undefined) return;
  try {
    for (const { clipId, ino } of pins) removeIfThere(dir, pinName(clipId, ino));
    dir.fsync();
  } finally {
    dir.close();
  }
  pruneHoldDirs(root, [holdId]);
}

/** Removes the directories of holds that are empty: what was in them went with its clips. */
export function pruneHoldDirs(root: DirHandle, holdIds?: readonly string[]): void {
  const holds = openIfThere(root, HOLDS);
  if (holds === undefined) return;
  try {
    for (const name of holdIds ?? holds.listing().directories)
      ignoring(['ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'], () => {
        holds.rmdir(name);
      });
    holds.fsync();
  } finally {
    holds.close();
  }
}

function ignoring(errnos: readonly string[], work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!errnos.includes(errnoOf(error) ?? '')) throw error;
  }
}

/** The clips' directories, opened once, closed together. */
class Dirs {
  readonly #root: DirHandle;
  readonly #open = new Map<string, DirHandle>();

  constructor(root: DirHandle) {
    this.#root = root;
  }

  at(path: string): DirHandle {
    const known = this.#open.get(path);
    if (known !== undefined) return known;
    const dir = openBelow(this.#root, path);
    this.#open.set(path, dir);
    return dir;
  }

  close(): void {
    for (const dir of this.#open.values()) dir.close();
  }
}
