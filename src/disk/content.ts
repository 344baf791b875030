/** Reading of a file what identifies its content: the first and the last 64 KiB. */
import { hash } from 'node:crypto';
import { readSync } from 'node:fs';

export const END_BYTES = 64 * 1024;
export const FINGERPRINT_BYTES = 16;

/** The two ends of a file. They overlap when it is shorter than both; views of one buffer, valid until the next read. */
export interface Ends {
  readonly head: Buffer;
  readonly tail: Buffer;
  readonly fingerprint: string;
}

const BUFFER = Buffer.allocUnsafeSlow(2 * END_BYTES + 8);

/** Reads as much of the beginning of an open file as both ends together are; how many bytes it has. */
export function readStart(fd: number): number {
  return readSync(fd, BUFFER, 0, 2 * END_BYTES, 0);
}

/**
 * Both ends of an open file of `sizeBytes`; undefined when the file is shorter than that by now. `started`: bytes that
 * readStart has read of it just now.
 */
export function readEnds(fd: number, sizeBytes: number, started = 0): Ends | undefined {
  const whole = Math.min(sizeBytes, 2 * END_BYTES);
  const firstPart = sizeBytes <= 2 * END_BYTES ? whole : END_BYTES;
  const rest = { from: sizeBytes - END_BYTES, length: whole - firstPart, at: END_BYTES };
  if (!fill(fd, { from: 0, length: firstPart, at: 0 }, started) || !fill(fd, rest)) return undefined;
  return {
    head: BUFFER.subarray(0, Math.min(whole, END_BYTES)),
    tail: BUFFER.subarray(Math.max(0, whole - END_BYTES), whole),
    fingerprint: fingerprintOf(whole, sizeBytes),
  };
}

/** First 16 bytes of SHA-256 over both ends (each byte once) and the size, so that a longer file differs; as a byte string. */
function fingerprintOf(length: number, sizeBytes: number): string {
  BUFFER.writeBigUInt64LE(BigInt(sizeBytes), length);
  return hash('sha256', BUFFER.subarray(0, length + 8), 'binary').slice(0, FINGERPRINT_BYTES);
}

function fill(fd: number, part: { from: number; length: number; at: number }, had = 0): boolean {
  for (let done = had; done < part.length;) {
    const n = readSync(fd, BUFFER, part.at + done, part.length - done, part.from + done);
    if (n === 0) return false;
    done += n;
  }
  return true;
}
