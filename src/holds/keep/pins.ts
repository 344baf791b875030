/**
 * Pins: second names of held clips in the root's own directory. A recorder that cleans up then takes a name away, and
 * not the content. A pin does not protect against truncation or overwriting in place: it is the same file.
 */
import type { TimeRange } from '../../base/range.ts';
import { OWN_DIR } from '../../roots/root.ts';

/** Where the signed mirrors of holds lie below a root, and the directories of their pins. */
export const HOLDS_DIR = `${OWN_DIR}/holds`;

/** The directory of a hold below a root; its signed mirror lies beside it. */
export function pinDir(holdId: string): string {
  return `${HOLDS_DIR}/${holdId}`;
}

/**
 * The name of a pin. No cleaner looks for it: it has no extension of footage. With the inode, so that neither a clip
 * that was replaced nor ids given anew after the index was lost can meet another file under the name.
 */
export function pinName(clipId: number, ino: bigint): string {
  return `${String(clipId)}-${ino.toString(36)}.pin`;
}

/** One link to make: from the clip's file, while it still has this inode. Byte strings. */
export interface PinTask {
  readonly clipId: number;
  readonly dir: string;
  readonly name: string;
  readonly ino: bigint;
}

export interface PinResult {
  readonly clipId: number;
  readonly ino: bigint;
  /** `absent`, `changed`: the name is no longer the clip's file, and there is no pin. `refused`: the system said no. */
  readonly found: 'made' | 'absent' | 'changed' | 'refused';
  readonly errno: string | undefined;
}

/** A pin to take away. */
export interface LoosePin {
  readonly clipId: number;
  readonly ino: bigint;
}

/** What is done on the disk. Rejects with a FortnightError when the root cannot be used: then nothing is known of it. */
export interface PinDisk {
  /** Links and makes durable. */
  pin(rootId: string, holdId: string, tasks: readonly PinTask[]): Promise<readonly PinResult[]>;
  /** Unlinks what is there, makes that durable, and removes the hold's directory when it is empty. */
  unpin(rootId: string, holdId: string, pins: readonly LoosePin[]): Promise<void>;
  /** Removes the directories of holds that have become empty. */
  prunePins(rootId: string): Promise<void>;
}

/** What the index knows of pins. A row is durable before its link is made, and goes after the link has. */
export interface PinStore {
  /** Ids of the finished clips of a camera that the window touches. */
  covered(cameraId: string, window: TimeRange): number[];
  /** Those of these clips, on these roots, that have no pin under the hold, by root: asked for. One durable transaction. */
  ask(
    holdId: string,
    clipIds: readonly number[],
    rootIds: readonly string[],
  ): ReadonlyMap<string, readonly PinTask[]>;
  answered(holdId: string, results: readonly PinResult[]): void;
  /** Where the content of a clip lies pinned; byte strings below its root. */
  places(clipId: number): readonly { readonly dir: string; readonly name: string }[];
  /** How many pins of a hold are made. */
  made(holdId: string): number;
  /** A slice of the pins of a hold, by clip id. */
  slice(holdId: string, afterClipId: number, limit: number): readonly PinRow[];
  /** Whether the content of a clip is pinned under one of these holds. */
  pinnedUnder(holdIds: readonly string[], pin: LoosePin): boolean;
  /** From now on these pins are nobody's: no clip is looked for there any more. One durable transaction. */
  letGo(holdId: string, pins: readonly LoosePin[]): void;
  /** They are gone from the disk. */
  forget(holdId: string, pins: readonly LoosePin[]): void;
}

export interface PinRow extends LoosePin {
  readonly rootId: string;
}
