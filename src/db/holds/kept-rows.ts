/** What rows of pins and of copies have in common: their states, and inodes as the index keeps them. */
import type { Database, Statement } from 'better-sqlite3';

/** `pin.state` and `copy.state`. Numbers once written are never reused for another meaning. */
export const ASKED = 0;
export const MADE = 1;
/** A pin the system refused, a copy that could not be made. */
export const FAILED = 2;
export const GOING = 3;
/** Of copies only: the recorder took the original away, and the clip's row names the copy. */
export const OWN = 4;

/** The index keeps inodes as signed 64-bit numbers. */
export const signed = (ino: bigint): bigint => BigInt.asIntN(64, ino);
export const unsigned = (ino: string): bigint => BigInt.asUintN(64, BigInt(ino));

/** Runs a statement for each of these, in one durable transaction. */
export function eachOf<T>(
  db: Database,
  statement: Statement,
  valuesOf: (item: T) => readonly unknown[],
): (items: readonly T[]) => void {
  return (items) => {
    db.transaction(() => {
      for (const item of items) statement.run(...valuesOf(item));
    }).immediate();
  };
}
