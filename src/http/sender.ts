/**
 * Sends a part of an open file: one pooled buffer per stream, one read or one write under way at a time, so a slow
 * reader costs one buffer and a fast one is held up by nothing but the disk and the network.
 * (express' own sendFile reaches a third of nginx; this, nearly all of it: docs/design/measurements.md.)
 */
import { read } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';

export const BUFFER_BYTES = 1024 * 1024;
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
  let intact = true;
  // By themselves: head and first piece in one write would be copied into one buffer before they are encrypted.
  if (res.socket instanceof TLSSocket) res.flushHeaders();
  try {
    for (let at = part.from; intact && at < part.to;) {
      const bytes = part.signal.aborted ? 0 : await readAt(part.fd, buffer, { at, to: part.to });
      intact = bytes > 0 && !isOver(res, part.signal) && (await write(res, buffer.subarray(0, bytes), part));
      if (intact) part.onSent(bytes);
      at += bytes;
    }
  } catch {
    // The disk refused (EIO, ESTALE): to the reader that is the same as a file that became shorter.
    intact = false;
  } finally {
    part.signal.removeEventListener('abort', cut);
  }
  if (!intact) {
    // A write may still hold the buffer: it is left to the garbage collector, not to the next stream.
    res.destroy();
    return false;
  }
  if (pool.length < MAX_POOLED) pool.push(buffer);
  res.end();
  return true;
}

function isOver(res: ServerResponse, signal: AbortSignal): boolean {
  return signal.aborted || res.destroyed;
}

function readAt(fd: number, buffer: Buffer, span: { at: number; to: number }): Promise<number> {
  const length = Math.min(buffer.length, span.to - span.at);
  return new Promise((resolve, reject) => {
    read(fd, buffer, 0, length, span.at, (error, bytes) => {
      if (error) reject(error);
      else resolve(bytes);
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
