/** Boxes of the ISO base media file format (ISO/IEC 14496-12, 4.2) and atoms of QuickTime. */
import type { Reader } from './reader.ts';

/** Bytes [from, to) of the file. */
export interface Extent {
  readonly from: number;
  readonly to: number;
}

/** A four-character code as the number that stands in the file. */
export function fourcc(code: string): number {
  return (
    ((code.charCodeAt(0) << 24) |
      (code.charCodeAt(1) << 16) |
      (code.charCodeAt(2) << 8) |
      code.charCodeAt(3)) >>>
    0
  );
}

/** The four characters of a code, each byte one character. */
export function fourccText(code: number): string {
  return String.fromCharCode(code >>> 24, (code >>> 16) & 255, (code >>> 8) & 255, code & 255);
}

/** Whether a code could be the name of a box: letters, digits and the signs in use, not the bytes of something else. */
export function isFourcc(code: number): boolean {
  return (
    isSign(code >>> 24) && isSign((code >>> 16) & 255) && isSign((code >>> 8) & 255) && isSign(code & 255)
  );
}

/** Printable ASCII, or the (c) of QuickTime's user data. */
function isSign(byte: number): boolean {
  return (byte >= 0x20 && byte <= 0x7e) || byte === 0xa9;
}

/** One header. `to` is what the box claims; it may lie beyond everything. */
export interface BoxHeader {
  readonly type: number;
  readonly bodyFrom: number;
  readonly to: number;
  /** The size was written as 0: the box goes on to the end of the file. */
  readonly open: boolean;
}

/** Reads the header at `at`; undefined when its size is smaller than itself. Throws Unreadable when cut. */
export function boxHeader(r: Reader, at: number, limit: number): BoxHeader | undefined {
  r.count();
  const size = r.u32(at);
  const type = r.u32(at + 4);
  if (size === 0) return { type, bodyFrom: at + 8, to: limit, open: true };
  if (size !== 1) return size < 8 ? undefined : { type, bodyFrom: at + 8, to: at + size, open: false };
  const large = r.u64(at + 8);
  return large < 16 ? undefined : { type, bodyFrom: at + 16, to: at + large, open: false };
}

/** Visits the boxes inside `extent`; each is cut at its parent's end. Ends at the first that makes no sense. */
export function forEachBox(r: Reader, extent: Extent, visit: (type: number, body: Extent) => void): void {
  let at = extent.from;
  while (at + 8 <= extent.to) {
    const box = boxHeader(r, at, extent.to);
    if (box === undefined) return;
    const to = Math.min(box.to, extent.to);
    if (box.bodyFrom > to) return;
    visit(box.type, { from: box.bodyFrom, to });
    at = to;
  }
}

/** The body of the first box of this type inside `extent`, or undefined. */
export function findBox(r: Reader, extent: Extent, type: number): Extent | undefined {
  let found: Extent | undefined;
  forEachBox(r, extent, (t, body) => {
    if (t === type) found ??= body;
  });
  return found;
}
