/**
 * Changes on their way between two threads, as bytes. A batch of objects that arrives whole is alive until the last of
 * it is written, which is long enough for the collector to keep all of it; bytes become objects a few at a time.
 */
import { deserialize, serialize } from 'node:v8';
import type { Change } from '../clips/change.ts';

/** Some changes as bytes, to be handed over, not copied. */
export type Packed = Uint8Array<ArrayBuffer>;

/** Structured clone, as threads use it among themselves. */
export function pack(changes: readonly Change[]): Packed {
  // A copy in a buffer of its own: that of `serialize` may be larger, or shared.
  return new Uint8Array(serialize(changes));
}

/** The changes of all pieces in order, each piece read when the one before it is done with. */
export function* unpack(pieces: readonly Packed[]): Generator<Change, void, undefined> {
  for (const piece of pieces) yield* deserialize(piece) as Change[];
}
