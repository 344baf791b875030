/**
 * Reading a file whose every byte may have been written by an adversary. All parsers of probe/ read through here:
 * positions are checked against the file's real size, nothing is allocated from a length the file states, and bytes,
 * boxes and time are limited. Depth is limited by construction: a parser descends named paths only (the deepest has
 * nine levels), never "any box".
 *
 * The first and last 64 KiB, which the fingerprint needs anyway, are taken from the caller, so that most clips are
 * probed without one more system call.
 */
import { readSync } from 'node:fs';

/** Limits of one probe (I17, F-M1). Bytes that the caller had read already are not counted. */
export const LIMITS = {
  bytes: 8 * 1024 * 1024,
  boxes: 10_000,
  /** Frames of a clip without an index, whose headers are visited one by one. */
  frames: 100_000,
  timeMs: 1000,
} as const;

/** Bytes fetched at once where a parser reads on; see `Reader.readAhead`. */
const READ_AHEAD = 16 * 1024;

/** The most a parser may ask for in one piece. */
export const MAX_PIECE = 64 * 1024;

/** Where bytes come from: a descriptor, or in tests a fake that counts. */
export interface ByteSource {
  readonly sizeBytes: number;
  /** Reads at `position` into the first `length` bytes of `into`; returns how many came. */
  read(into: Buffer, length: number, position: number): number;
}

export function fdSource(fd: number, sizeBytes: number): ByteSource {
  return { sizeBytes, read: (into, length, position) => readSync(fd, into, 0, length, position) };
}

/** Pieces of the file that the caller has in memory: bytes [0, head.length) and the last tail.length bytes. */
export interface GivenBytes {
  readonly head?: Buffer;
  readonly tail?: Buffer;
}

/** Why a probe ended: the file is `short` (a promise goes beyond its end), `malformed`, or a `limit` was met. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly kind: 'short' | 'malformed' | 'limit';
  constructor(kind: Unreadable['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** A piece of the file in memory: bytes [from, to). */
interface Window {
  readonly buffer: Buffer;
  from: number;
  to: number;
}

/**
 * Buffers of the thread: probes are synchronous and never overlap, and what they return refers to none of them. Four,
 * because a parser reads up to three tables of a clip in step.
 */
const scratch = Array.from({ length: 4 }, () => Buffer.allocUnsafeSlow(MAX_PIECE));

const NOTHING = Buffer.alloc(0);

export class Reader {
  readonly sizeBytes: number;
  /** How much to fetch when a read misses; lower it where small pieces far apart are read. At most MAX_PIECE. */
  readAhead = READ_AHEAD;
  readonly #source: ByteSource;
  /** What the caller gave, then what was fetched, the oldest of which gives way. */
  readonly #windows: Window[] = [];
  #fetched = 0;
  #buffer: Buffer = NOTHING;
  #from = 0;
  #to = 0;
  #bytesLeft: number = LIMITS.bytes;
  #boxesLeft: number = LIMITS.boxes;
  #framesLeft: number = LIMITS.frames;
  readonly #deadline = performance.now() + LIMITS.timeMs;

  constructor(source: ByteSource, given: GivenBytes = {}) {
    this.#source = source;
    this.sizeBytes = source.sizeBytes;
    if (given.head !== undefined) this.#give(given.head, 0);
    if (given.tail !== undefined) this.#give(given.tail, this.sizeBytes - given.tail.length);
  }

  // The index first: locating may put another buffer in place.
  u8(at: number): number {
    const index = this.#locate(at, 1);
    return this.#buffer.readUInt8(index);
  }
  u16(at: number): number {
    const index = this.#locate(at, 2);
    return this.#buffer.readUInt16BE(index);
  }
  u32(at: number): number {
    const index = this.#locate(at, 4);
    return this.#buffer.readUInt32BE(index);
  }
  i32(at: number): number {
    const index = this.#locate(at, 4);
    return this.#buffer.readInt32BE(index);
  }
  u32le(at: number): number {
    const index = this.#locate(at, 4);
    return this.#buffer.readUInt32LE(index);
  }
  u16le(at: number): number {
    const index = this.#locate(at, 2);
    return this.#buffer.readUInt16LE(index);
  }
  /** An unsigned 64-bit number; above 2^53 only approximately, which is as good as any for what cannot be true. */
  u64(at: number): number {
    return this.u32(at) * 2 ** 32 + this.u32(at + 4);
  }
  f64(at: number): number {
    const index = this.#locate(at, 8);
    return this.#buffer.readDoubleBE(index);
  }
  f32(at: number): number {
    const index = this.#locate(at, 4);
    return this.#buffer.readFloatBE(index);
  }
  /** A view of `length` bytes, valid until the next read. At most MAX_PIECE. */
  bytes(at: number, length: number): Buffer {
    const index = this.#locate(at, length);
    return this.#buffer.subarray(index, index + length);
  }
  /** The same, cut at the end of the file. */
  bytesUpTo(at: number, length: number): Buffer {
    return this.bytes(at, Math.max(0, Math.min(length, this.sizeBytes - at)));
  }

  /** Counts one box, element, chunk or other unit of structure against the limits. */
  count(): void {
    this.#boxesLeft -= 1;
    if (this.#boxesLeft < 0) throw new Unreadable('limit', 'too many boxes');
    if ((this.#boxesLeft & 63) === 0) this.checkTime();
  }

  /** Counts one frame. */
  countFrame(): void {
    this.#framesLeft -= 1;
    if (this.#framesLeft < 0) throw new Unreadable('limit', 'too many frames');
    if ((this.#framesLeft & 63) === 0) this.checkTime();
  }

  /** For work that neither counts nor fetches: what is done between two calls must be short. */
  checkTime(): void {
    if (performance.now() > this.#deadline) throw new Unreadable('limit', 'took too long');
  }

  /** Runs `parse` with a count of its own: for a unit that repeats with the length of a clip (a fragment). */
  counted(boxes: number, parse: () => void): void {
    const left = this.#boxesLeft;
    this.#boxesLeft = boxes;
    parse();
    this.#boxesLeft = left;
  }

  /** Less than an eighth of a limit is left: a parser that can do with less should come to its end. */
  get scarce(): boolean {
    return (
      this.#boxesLeft < LIMITS.boxes / 8 ||
      this.#framesLeft < LIMITS.frames / 8 ||
      this.#bytesLeft < LIMITS.bytes / 8 ||
      this.#deadline - performance.now() < LIMITS.timeMs / 8
    );
  }

  /** Makes the bytes [at, at + length) current and returns the index of the first in #buffer. */
  #locate(at: number, length: number): number {
    if (at >= this.#from && at + length <= this.#to) return at - this.#from;
    if (!(at >= 0 && at + length <= this.sizeBytes)) throw new Unreadable('short', 'the file ends early');
    for (const window of this.#windows) {
      if (at >= window.from && at + length <= window.to) return at - this.#use(window).from;
    }
    return at - this.#use(this.#fetch(at, length)).from;
  }

  #fetch(at: number, length: number): Window {
    if (length > MAX_PIECE) throw new Unreadable('malformed', 'a structure is too large');
    const want = Math.min(Math.max(length, this.readAhead), MAX_PIECE, this.sizeBytes - at);
    this.#bytesLeft -= want;
    if (this.#bytesLeft < 0) throw new Unreadable('limit', 'too many bytes to read');
    this.checkTime();
    const window = this.#slot();
    window.from = at;
    window.to = at + this.#source.read(window.buffer, want, at);
    if (window.to < at + length) throw new Unreadable('short', 'the file became shorter');
    return window;
  }

  /** A window to fetch into: a new one while there are buffers, else the one that was filled first. */
  #slot(): Window {
    const turn = this.#fetched++ % scratch.length;
    const buffer = scratch[turn] ?? NOTHING;
    const old = this.#windows.find((w) => w.buffer === buffer);
    if (old !== undefined) return old;
    const fresh = { buffer, from: 0, to: 0 };
    this.#windows.push(fresh);
    return fresh;
  }

  #give(buffer: Buffer, from: number): void {
    if (from >= 0 && from + buffer.length <= this.sizeBytes)
      this.#windows.push({ buffer, from, to: from + buffer.length });
  }

  #use(window: Window): Window {
    this.#buffer = window.buffer;
    this.#from = window.from;
    this.#to = window.to;
    return window;
  }
}
