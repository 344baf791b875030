/** What rows of pins and of copies have in common: their states, and inodes as the index keeps them. */
import type { Database, Statement } from 'better-sqlite3';
import { COPY_DIR } from '../../holds/keep/copies.ts';

/** `pin.state` and `copy.state`. Numbers once written are never reused for another meaning. */
export const ASKED = 0;
export const MADE = 1;
/** A pin the system refused, a copy that could not be made. */
export const FAILED = 2;
export const GOING = 3;
/** Of copies only: the recorder took the original away, and the clip's row names the copy. */
export const OWN = 4;

/** Why a copy goes that lay on a disk that was taken out: should it come back, the copy goes with its clip. */
export const DISK_REPLACED = 'disk_replaced';

/** Why a copy that is asked for once more was not heard of before: what is left of it may be whole. */
export const UNHEARD = 'unheard';

/** The directory a copy lies in, as `copyDir` says. */
export const COPY_AT = `iif(copy.source_n = copy.root_n, '${COPY_DIR}',
  '${COPY_DIR}/' || (SELECT source.id FROM root AS source WHERE source.n = copy.source_n))`;
/** Whether a clip lies among the copies: it is its own copy then. Needs `dir` joined. */
export const LIES_AS_COPY = `(dir.path = '${COPY_DIR}' OR dir.path GLOB '${COPY_DIR}/*')`;

/** Whether a copy of `clip` was asked for, and what became of it was never heard. */
export const HAS_UNHEARD_COPY = `EXISTS (SELECT 1 FROM copy WHERE copy.clip_id = clip.id AND copy.state = ${String(ASKED)})`;

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
