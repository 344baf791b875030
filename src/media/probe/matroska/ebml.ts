/** Elements of EBML (RFC 8794), the notation of Matroska. */
import type { Extent } from '../boxes.ts';
import { Unreadable, type Reader } from '../reader.ts';

export interface Element extends Extent {
  readonly id: number;
  /** Where the element itself begins. */
  readonly at: number;
  /** No size was written (a live stream): `to` is then the end of what encloses it. */
  readonly unknownSize: boolean;
}

/** The element at `at`, inside bytes that end at `limit`; its own `to` is what it claims. Throws Unreadable when it is none. */
export function element(r: Reader, at: number, limit: number): Element {
  const idBytes = vintLength(r.u8(at), 4);
  const id = unsigned(r, at, idBytes);
  const sizeAt = at + idBytes;
  const size = vint(r, sizeAt);
  // All ones. At eight bytes the number is not exact any more, but nothing that large can be true.
  const unknownSize = size.value >= 2 ** (7 * (size.to - sizeAt)) - 1;
  const from = size.to;
  return { id, at, from, to: unknownSize ? limit : from + size.value, unknownSize };
}

/** The same where a file may end or be damaged: undefined for what is no element, and for one whose header is cut. */
export function elementIfAny(r: Reader, at: number, limit: number): Element | undefined {
  const idBytes = Math.clz32(r.u8(at)) - 23;
  const sizeAt = at + idBytes;
  if (idBytes > 4 || sizeAt >= limit) return undefined;
  const sizeBytes = Math.clz32(r.u8(sizeAt)) - 23;
  return sizeBytes > 8 || sizeAt + sizeBytes > limit ? undefined : element(r, at, limit);
}

/** Visits the elements in `extent`, each cut at its end. Throws Unreadable at the first that makes no sense. */
export function forEachElement(r: Reader, extent: Extent, visit: (child: Element) => void): void {
  for (let at = extent.from; at < extent.to;) {
    r.count();
    const child = element(r, at, extent.to);
    visit({ ...child, to: Math.min(child.to, extent.to) });
    at = child.to;
  }
}

/** The same, ending at the first that makes no sense: false then. */
export function forEachUntilNonsense(r: Reader, extent: Extent, visit: (child: Element) => void): boolean {
  for (let at = extent.from; at < extent.to;) {
    r.count();
    const child = elementIfAny(r, at, extent.to);
    if (child === undefined) return false;
    visit({ ...child, to: Math.min(child.to, extent.to) });
    at = child.to;
  }
  return true;
}

/** An unsigned integer of an element's whole content (0 to 8 bytes). */
export function uintOf(r: Reader, { from, to }: Extent): number {
  return unsigned(r, from, Math.min(to - from, 8));
}

/** A signed 64-bit integer. */
export function intOf(r: Reader, { from, to }: Extent): number {
  return to - from === 8 ? r.i32(from) * 2 ** 32 + r.u32(from + 4) : 0;
}

/** A float of 4 or 8 bytes; 0 when empty. */
export function floatOf(r: Reader, { from, to }: Extent): number {
  if (to - from === 4) return r.f32(from);
  return to - from === 8 ? r.f64(from) : 0;
}

/** ASCII text without the zero bytes that may pad it; at most 64 characters. */
export function textOf(r: Reader, { from, to }: Extent): string {
  return r
    .bytes(from, Math.min(to - from, 64))
    .toString('latin1')
    .replace(/\0[^]*$/, '');
}

/** A number with a length marker of its own (sizes, track numbers in blocks), and where it ends. */
export function vint(r: Reader, at: number): { value: number; to: number } {
  const first = r.u8(at);
  const bytes = vintLength(first, 8);
  let value = first & (0xff >> bytes);
  for (let i = 1; i < bytes; i++) value = value * 256 + r.u8(at + i);
  return { value, to: at + bytes };
}

/** Length by the leading zero bits of the first byte. */
function vintLength(first: number, most: number): number {
  const length = Math.clz32(first) - 23;
  if (length > most) throw new Unreadable('malformed', 'not an EBML element');
  return length;
}

function unsigned(r: Reader, at: number, bytes: number): number {
  let value = 0;
  for (let i = 0; i < bytes; i++) value = value * 256 + r.u8(at + i);
  return value;
}
