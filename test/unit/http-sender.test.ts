import { randomBytes } from 'node:crypto';
import { closeSync, openSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUFFER_BYTES, sendPart } from '../../src/http/sender.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

const CONTENT = randomBytes(3 * BUFFER_BYTES + 12_345);

let dir: Scratch;
let file: string;
let server: Server | undefined;
beforeEach(() => {
  dir = scratch();
  file = join(dir.path, 'clip');
  writeFileSync(file, CONTENT);
});
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  dir.remove();
});

interface Sending {
  readonly res: IncomingMessage;
  readonly whole: Promise<boolean>;
  readonly sent: number[];
}

/** Serves one part of the file and begins to take it. */
async function send(part: {
  from: number;
  to: number;
  signal?: AbortSignal;
  stallMs?: number;
  /** Called after each piece that was taken, with how many bytes were taken so far. */
  onTaken?: (bytes: number) => void;
}): Promise<Sending> {
  const sent: number[] = [];
  const { promise: whole, resolve: done } = Promise.withResolvers<boolean>();
  server = createServer((_req, res) => {
    const fd = openSync(file, 'r');
    res.setHeader('Content-Length', part.to - part.from);
    const onSent = (bytes: number): void => {
      sent.push(bytes);
      part.onTaken?.(sent.reduce((a, b) => a + b, 0));
    };
    const signal = part.signal ?? new AbortController().signal;
    void sendPart(res, { fd, ...part, signal, onSent }).then((intact) => {
      closeSync(fd);
      done(intact);
    });
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const res = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ port, host: '127.0.0.1' }, resolve).on('error', reject);
  });
  res.on('error', () => undefined);
  return { res, whole, sent };
}

async function all(res: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of res) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

describe('the sender', () => {
  it.each([
    [0, CONTENT.length],
    [1, 2],
    [BUFFER_BYTES - 1, BUFFER_BYTES + 1],
    [12_345, 2 * BUFFER_BYTES + 12_345],
  ])('sends bytes %i to %i and no others', async (from, to) => {
    const { res, whole, sent } = await send({ from, to });
    expect((await all(res)).equals(CONTENT.subarray(from, to))).toBe(true);
    expect(await whole).toBe(true);
    expect(sent.reduce((a, b) => a + b, 0)).toBe(to - from);
  });

  it('cuts the connection when the stream is told to end', async () => {
    const abort = new AbortController();
    const { res, whole } = await send({ from: 0, to: CONTENT.length, signal: abort.signal });
    abort.abort();
    expect(await whole).toBe(false);
    await expect(all(res)).rejects.toThrow();
  });

  it('sends nothing of what was to end before it began', async () => {
    const part = { from: 0, to: CONTENT.length, signal: AbortSignal.abort() };
    await expect(send(part)).rejects.toThrow('socket hang up');
  });

  it('says that it did not send all when it was told to end after the last piece', async () => {
    const abort = new AbortController();
    const onTaken = (bytes: number): void => {
      if (bytes === CONTENT.length) abort.abort();
    };
    const { res, whole } = await send({ from: 0, to: CONTENT.length, signal: abort.signal, onTaken });
    await Promise.allSettled([all(res)]);
    expect(await whole).toBe(false);
  });

  it('cuts the connection when the file became shorter', async () => {
    truncateSync(file, BUFFER_BYTES);
    const { res, whole } = await send({ from: 0, to: CONTENT.length });
    await expect(all(res)).rejects.toThrow();
    expect(await whole).toBe(false);
  });

  it('cuts off a reader who takes nothing for the time of a stall', async () => {
    writeFileSync(file, Buffer.alloc(32 * BUFFER_BYTES));
    const { res, whole, sent } = await send({ from: 0, to: 32 * BUFFER_BYTES, stallMs: 50 });
    res.pause();
    expect(await whole).toBe(false);
    expect(sent.length).toBeLessThan(32);
  });

  it('has no more than one buffer under way for a reader who waits', async () => {
    writeFileSync(file, Buffer.alloc(64 * BUFFER_BYTES));
    const abort = new AbortController();
    const part = { from: 0, to: 64 * BUFFER_BYTES, signal: abort.signal, stallMs: 3_600_000 };
    const { res, whole, sent } = await send(part);
    res.pause();
    const settled = async (): Promise<boolean> => {
      const before = sent.length;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return sent.length === before;
    };
    await expect.poll(settled).toBe(true);
    expect(sent.length).toBeLessThan(64);
    abort.abort();
    expect(await whole).toBe(false);
  });
});
