/**
 * Copies of held clips in the root's own directory: what survives a recorder that truncates a file or writes over it. A
 * pin is there at once; a copy follows in the background.
 */
import { OWN_DIR } from '../../roots/root.ts';
import { pinDir } from './pins.ts';

/** Where copies lie below a root. */
export const COPY_DIR = `${OWN_DIR}/copies`;

/** Whether a directory below a root holds pins or copies, and nothing else. */
export function isKeptDir(dir: string): boolean {
  return dir === COPY_DIR || dir.startsWith(pinDir(''));
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

/** `no_room`: it would leave less than the root must keep free. `absent`, `changed`: before or while it was read. */
export type CopyResult = { readonly clipId: number; readonly sourceIno: bigint } & (
  | {
      readonly found: 'made';
      readonly ino: bigint;
      readonly mtimeNs: bigint;
      /** Of every byte that was read and written, hex. */
      readonly sha256: string;
    }
  | { readonly found: 'absent' | 'changed' | 'no_room' | 'failed'; readonly errno: string | undefined }
);

/** A copy that was read again. `unreadable`: it is not there, or the disk does not give it back. */
export type CopyReading = LooseCopy &
  (
    | {
        readonly found: 'read';
        readonly ino: bigint;
        readonly mtimeNs: bigint;
        /** Of every byte there is now, hex. */
        readonly sha256: string;
      }
    | { readonly found: 'unreadable'; readonly errno: string }
  );

/** A copy to take away. */
export interface LooseCopy {
  readonly clipId: number;
  readonly sourceIno: bigint;
}

/** What is done on the disk. Rejects with a FortnightError when the root cannot be used: then nothing is known of it. */
export interface CopyDisk {
  /** Copies and makes durable, one after another, as long as `keepFreeBytes` stay free. */
  copy(rootId: string, tasks: readonly CopyTask[], keepFreeBytes: number): Promise<readonly CopyResult[]>;
  readCopies(rootId: string, copies: readonly LooseCopy[]): Promise<readonly CopyReading[]>;
  removeCopies(rootId: string, copies: readonly LooseCopy[]): Promise<void>;
}

/** Where a copy lies and what identifies its file. */
export interface CopyPlace {
  readonly dir: string;
  readonly name: string;
  readonly ino: bigint;
  readonly mtimeNs: bigint;
}

export interface CopyRow extends LooseCopy {
  readonly rootId: string;
}

/** What the index knows of copies. A row is durable before its file is begun, and goes after the file has. */
export interface CopyStore {
  /** Those of these clips, on these roots, that have no copy of what they are now, by root. */
  wanted(clipIds: readonly number[], rootIds: readonly string[]): ReadonlyMap<string, readonly CopyTask[]>;
  /** One durable transaction. */
  ask(rootId: string, tasks: readonly CopyTask[]): void;
  /** One durable transaction. `atMs`: the retention clock. */
  answered(results: readonly CopyResult[], atMs: number): void;
  /** The verified copy of a clip as it is now; undefined when there is none. */
  place(clipId: number): CopyPlace | undefined;
  /** A slice of all copies, by clip id. */
  slice(afterClipId: number, limit: number): readonly CopyRow[];
  /** From now on these copies are nobody's: no clip is looked for there any more. */
  letGo(copies: readonly LooseCopy[]): void;
  /** They are gone from the disk. */
  forget(copies: readonly LooseCopy[]): void;
}
