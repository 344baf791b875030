/**
 * Copies of held clips, in the vault or in the root's own directory: what survives a recorder that truncates a file or
 * writes over it. A pin is there at once; a copy follows in the background.
 */
import { OWN_DIR } from '../../roots/root.ts';
import { pinDir } from './pins.ts';

/** Where copies lie below a root. In the vault each source has a directory of its own below that one. */
export const COPY_DIR = `${OWN_DIR}/copies`;

/** A root or the vault (`placeId`), and the source whose clips are copied there. */
export interface CopyAt {
  readonly placeId: string;
  readonly sourceId: string;
}

/** By source: the inode in a copy's name is one of its source's disk, and another disk may have it too. */
export function copyDir({ placeId, sourceId }: CopyAt): string {
  return placeId === sourceId ? COPY_DIR : `${COPY_DIR}/${sourceId}`;
}

/** Whether copies lie in a directory below a root or the vault, and nothing else. */
export function isCopyDir(dir: string): boolean {
  return dir === COPY_DIR || dir.startsWith(`${COPY_DIR}/`);
}

/** Whether a directory below a root holds pins or copies, and nothing else. */
export function isKeptDir(dir: string): boolean {
  return isCopyDir(dir) || dir.startsWith(pinDir(''));
}

/** As the name of a pin: no cleaner looks for it, and ids given anew cannot meet another file under it. */
export function copyName(clipId: number, sourceIno: bigint): string {
  return `${String(clipId)}-${sourceIno.toString(36)}.copy`;
}

/** A copy that is being written; renamed when it is whole. */
export function halfCopyName(clipId: number, sourceIno: bigint): string {
  return `${copyName(clipId, sourceIno)}.new`;
}

export function isHalfCopy(name: string): boolean {
  return name.endsWith('.new');
}

/** One clip to copy, while its file still is what the index knows. Byte strings. */
export interface CopyTask {
  readonly clipId: number;
  readonly dir: string;
  readonly name: string;
  readonly ino: bigint;
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
}

/** Of which clip, and of which of its files. */
export interface CopyKey {
  readonly clipId: number;
  readonly sourceIno: bigint;
}

/**
 * `no_room`: it would leave less than its place must keep free. `absent`, `changed`: before or while it was read. `left`:
 * something lies under its name all the same, an older one or what could not be taken away; without it nothing does.
 */
export type CopyResult = CopyKey &
  (
    | {
        readonly found: 'made';
        readonly ino: bigint;
        readonly mtimeNs: bigint;
        /** Of every byte that was read and written, hex. */
        readonly sha256: string;
      }
    | {
        readonly found: 'absent' | 'changed' | 'no_room' | 'failed';
        readonly errno: string | undefined;
        readonly left?: true;
      }
  );

/** A copy that was read again. `unreadable`: it is not there, or the disk does not give it back. */
export type CopyReading = CopyKey &
  (
    | {
        readonly found: 'read';
        readonly ino: bigint;
        readonly mtimeNs: bigint;
        readonly sizeBytes: number;
        /** Of every byte there is now, hex. */
        readonly sha256: string;
      }
    | { readonly found: 'unreadable'; readonly errno: string }
  );

/** A copy to read or to take away, in the directory where it lies below its place. */
export interface LooseCopy extends CopyKey {
  readonly dir: string;
}

/** What is done on the disks. Rejects with a FortnightError when one cannot be used: then nothing is known of it. */
export interface CopyDisk {
  /** Copies and makes durable, one after another, as long as `keepFreeBytes` stay free. */
  copy(at: CopyAt, tasks: readonly CopyTask[], keepFreeBytes: number): Promise<readonly CopyResult[]>;
  readCopies(placeId: string, copies: readonly LooseCopy[]): Promise<readonly CopyReading[]>;
  removeCopies(placeId: string, copies: readonly LooseCopy[]): Promise<void>;
  /** SHA-256, hex, of a file that still is what the index knows; undefined when it is not. */
  hashOf(rootId: string, file: CopyTask): Promise<string | undefined>;
  /** Takes away the half beside a copy, and makes durable what is there. Whether there is a copy. */
  settleCopy(placeId: string, copy: LooseCopy): Promise<boolean>;
  /** Gives a copy another name, durably; false when that is taken, or the copy is not there. */
  renameCopy(
    placeId: string,
    names: { readonly dir: string; readonly from: string; readonly to: string },
  ): Promise<boolean>;
}

/** Where a copy lies and what identifies its file. */
export interface CopyPlace {
  /** A root or the vault. */
  readonly rootId: string;
  readonly dir: string;
  readonly name: string;
  readonly ino: bigint;
  readonly mtimeNs: bigint;
}

export interface CopyRow extends LooseCopy {
  /** A root or the vault. */
  readonly placeId: string;
}

/** `asked`: what became of it was never heard. */
export interface SlicedCopy extends CopyRow {
  readonly asked: boolean;
}

/** What the index knows of copies. A row is durable before its file is begun, and goes after the file has. */
export interface CopyStore {
  /** Those of these clips, on these roots, that have no copy of what they are now, by root. */
  wanted(clipIds: readonly number[], rootIds: readonly string[]): ReadonlyMap<string, readonly CopyTask[]>;
  /** One durable transaction. */
  ask(at: CopyAt, tasks: readonly CopyTask[]): void;
  /** One durable transaction. `atMs`: the retention clock. What was left of one never heard of stays asked for. */
  answered(placeId: string, results: readonly CopyResult[], atMs: number): void;
  /**
   * One durable transaction. What was found under the name of a copy that is asked for: it is the copy if it has the size
   * of its clip, or the hash of the copy that was altered; a clip that was given up is there again. Nothing for a copy
   * whose clip is not known any more.
   */
  heard(placeId: string, reading: CopyReading, atMs: number): void;
  /** The verified copies of a clip as it is now, those on disks that can be used first. */
  places(clipId: number): readonly CopyPlace[];
  /** All copies of the next so many clips that have any, by clip id. */
  slice(afterClipId: number, clips: number): readonly SlicedCopy[];
  /** From now on these copies are nobody's: no clip is looked for there any more. */
  letGo(placeId: string, copies: readonly CopyKey[]): void;
  /** No row leads any more to these that are asked for: what lies there is a stray. One durable transaction. */
  leave(copies: readonly CopyRow[]): void;
  /** They are gone from the disk. */
  forget(placeId: string, copies: readonly CopyKey[]): void;
}
