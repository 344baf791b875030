/**
 * Sends a part of an open file: one pooled buffer per stream, in two halves. While one half is written the next is read
 * into the other, so a slow reader costs one buffer and a fast one is held up by nothing but the disk and the network.
 * (express' own sendFile reaches a third of nginx; this, nearly all of it: docs/design/measurements.md.)
 */
import { read } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';

export const BUFFER_BYTES = 1024 * 1024;
const HALF_BYTES = BUFFER_BYTES / 2;
const NOTHING_LEFT = Promise.resolve(0);
/** Idle buffers kept for the next stream. */
const MAX_POOLED = 16;
/** A reader that takes less than one buffer in this time is cut off. */
export const WRITE_STALL_MS = 30_000;

const pool: Buffer[] = [];

export interface FilePart {
  readonly fd: number;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** Ends the stream at once: the connection is cut, so that nobody takes half a file for a whole one. */
  readonly signal: AbortSignal;
  /** Told of every piece the reader has taken. */
  readonly onSent: (bytes: number) => void;
  readonly stallMs?: number;
}

/**
 * Sends the part and ends the answer; true when all of it was taken. On any other end (reader gone, stalled, `signal`,
 * file shorter than it was) the connection is destroyed. The caller closes the descriptor.
 */
export async function sendPart(res: ServerResponse, part: FilePart): Promise<boolean> {
  const buffer = pool.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
  const cut = (): void => {
    res.destroy();
  };
  part.signal.addEventListener('abort', cut, { once: true });
  // By themselves: head and first piece in one write would be copied into one buffer before they are encrypted.
  if (res.socket instanceof TLSSocket) res.flushHeaders();
  const intact = await sendPieces(res, part, buffer);
  part.signal.removeEventListener('abort', cut);
  if (!intact) {
    // A write may still hold the buffer: it is left to the garbage collector, not to the next stream.
    res.destroy();
    return false;
  }
  if (pool.length < MAX_POOLED) pool.push(buffer);
  res.end();
  return true;
}

/** False: it ended before its end. No read is under way any more when it resolves. */
async function sendPieces(res: ServerResponse, part: FilePart, buffer: Buffer): Promise<boolean> {
  const { fd, from, to, signal } = part;
  let [half, other] = [buffer.subarray(0, HALF_BYTES), buffer.subarray(HALF_BYTES)];
  let at = from;
  let reading = readAt(fd, half, { at, to });
  while (at < to) {
    const bytes = await reading;
    if (bytes === 0 || isOver(res, signal)) return false;
    at += bytes;
    const piece = half.subarray(0, bytes);
    [half, other] = [other, half];
    reading = readAt(fd, half, { at, to });
    const taken = await write(res, piece, part);
    if (taken) part.onSent(bytes);
    else return (await reading, false);
  }
  return !isOver(res, signal);
}

function isOver(res: ServerResponse, signal: AbortSignal): boolean {
  return signal.aborted || res.destroyed;
}

/** Zero: nothing is left, the file is shorter than it was, or the disk refused (EIO, ESTALE): the same to the reader. */
function readAt(fd: number, into: Buffer, { at, to }: { at: number; to: number }): Promise<number> {
  if (at >= to) return NOTHING_LEFT;
  return new Promise((resolve) => {
    read(fd, into, 0, Math.min(into.length, to - at), at, (error, bytes) => {
      resolve(error === null ? bytes : 0);
    });
  });
}

/** Resolves when the system has taken the piece (true), or when it never will (false). */
function write(res: ServerResponse, piece: Buffer, part: FilePart): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      res.destroy();
    }, part.stallMs ?? WRITE_STALL_MS);
    const settle = (taken: boolean): void => {
      clearTimeout(timer);
      res.off('close', gone);
      resolve(taken);
    };
    const gone = (): void => {
      settle(false);
    };
    res.once('close', gone);
    res.write(piece, (error) => {
      settle(!error);
    });
  });
}
