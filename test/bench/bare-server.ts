/**
 * The floor of serving: Node's own HTTP server, one file, ranges and nothing else: no express, no headers of ours, no
 * session, no index. What it reaches on a machine is what a server in Node could. Prints its port.
 */
import { openSync, read, statSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const PIECE_BYTES = 1024 * 1024;
const file = process.argv[2] ?? '';
const fd = openSync(file, 'r');
const { size } = statSync(file);
const pool: Buffer[] = [];

function send(res: ServerResponse, at: number, to: number): void {
  const buffer = pool.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES);
  const next = (from: number): void => {
    if (from >= to) {
      pool.push(buffer);
      res.end();
      return;
    }
    read(fd, buffer, 0, Math.min(buffer.length, to - from), from, (error, bytes) => {
      if (error !== null || bytes === 0) res.destroy();
      else
        res.write(buffer.subarray(0, bytes), () => {
          next(from + bytes);
        });
    });
  };
  next(at);
}

const server = createServer((req, res) => {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(req.headers.range ?? '') ?? [];
  const [from, to] = [Number(first), Number(last) + 1];
  res.writeHead(206, {
    'Content-Type': 'video/mp4',
    'Content-Length': to - from,
    'Content-Range': `bytes ${String(from)}-${String(to - 1)}/${String(size)}`,
  });
  send(res, from, to);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${String((server.address() as AddressInfo).port)}\n`);
});
