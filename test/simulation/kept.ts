/** Pins and copies as they lie on a simulated disk, told by their names: what keeps held footage from its recorder. */
import type { Inode, SimDisk } from './sim-disk.ts';

export interface Kept {
  readonly is: 'pin' | 'copy' | 'half';
  readonly clipId: number;
  /** Inode of the clip that is kept: simulated ones are small. */
  readonly ino: bigint;
}

const NAME = /^(\d+)-([0-9a-z]+)\.(pin|copy|copy\.new)$/;
const HOLDS = '.fortnight/holds';
const COPIES = '.fortnight/copies';

/** What a name says; undefined when it is none of a pin or a copy. */
export function keptBy(name: string): Kept | undefined {
  const [, id, ino, is] = NAME.exec(name) ?? [];
  if (id === undefined || ino === undefined) return undefined;
  const kind = is === 'pin' ? 'pin' : is === 'copy' ? 'copy' : 'half';
  return {
    is: kind,
    clipId: Number(id),
    ino: BigInt(parseInt(ino, 36)),
  };
}

/** The hold in whose directory of pins this is. */
export function holdOfPins(disk: SimDisk, dir: Inode): string | undefined {
  return [...(disk.path(HOLDS)?.entries ?? [])].find(([, inode]) => inode === dir)?.[0];
}

/** Pins by hold, as they are now. */
export function pinsOn(
  disk: SimDisk,
): { readonly holdId: string; readonly pin: Kept; readonly inode: Inode }[] {
  return pinDirs(disk).flatMap(([holdId, dir]) =>
    [...dir.entries].flatMap(([name, inode]) => {
      const pin = keptBy(name);
      return pin === undefined ? [] : [{ holdId, pin, inode }];
    }),
  );
}

export function copiesOn(disk: SimDisk): Kept[] {
  return [...(disk.path(COPIES)?.entries.keys() ?? [])].flatMap((name) => keptBy(name) ?? []);
}

/** Names of pins and copies of a clip that are there, or that a power cut would bring back. */
export function leftOf(disk: SimDisk, clipId: number): string[] {
  const dirs = [...pinDirs(disk).map(([, dir]) => dir), disk.path(COPIES)];
  return dirs.flatMap((dir) =>
    dir === undefined ? [] : namesOf(dir, `${String(clipId)}-`).filter((n) => isLeft(disk, dir, n)),
  );
}

function pinDirs(disk: SimDisk): [string, Inode][] {
  return [...(disk.path(HOLDS)?.entries ?? [])].filter(([, inode]) => inode.kind === 'directory');
}

function namesOf(dir: Inode, begin: string): string[] {
  const changed = dir.pending.flatMap((c) => c.before.map(([name]) => name));
  return [...new Set([...dir.entries.keys(), ...changed])].filter((name) => name.startsWith(begin));
}

function isLeft(disk: SimDisk, dir: Inode, name: string): boolean {
  return dir.entries.has(name) || disk.durable(dir, name) !== undefined;
}
