/**
 * The client of the serving bench over TLS (without: discard.pl): keeps a few connections busy with ranges of one MiB and
 * counts what comes. As cheap as can be (no HTTP library, one buffer per connection, nothing kept), so that the server is
 * what is measured. Both servers are offered the same one cipher.
 */
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { MIB } from './bench.ts';

interface Task {
  readonly port: number;
  readonly path: string;
  readonly cookie: string;
  readonly sizeMib: number;
  readonly seconds: number;
}

const CONNECTIONS = 3;
const CIPHER = 'TLS_AES_128_GCM_SHA256';
const BUFFER_BYTES = 256 * 1024;
const HEAD_END = '\r\n\r\n';
/** Headers of both servers are shorter. */
const HEAD_BYTES = 4096;

const task = JSON.parse(process.argv[2] ?? '') as Task;
const random = { state: 7 };
let bytes = 0;

/** One connection: ask, take the answer, ask again, until the time is over. */
function busy(untilMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let head = '';
    let left = 0;
    const ask = (): void => {
      random.state = (Math.imul(random.state, 1_664_525) + 1_013_904_223) >>> 0;
      const from = (random.state % task.sizeMib) * MIB;
      const range = `Range: bytes=${String(from)}-${String(from + MIB - 1)}`;
      const host = `Host: localhost:${String(task.port)}`;
      socket.write([`GET ${task.path} HTTP/1.1`, host, `Cookie: ${task.cookie}`, range, '', ''].join('\r\n'));
    };
    const take = (length: number, buffer: Uint8Array): boolean => {
      let at = 0;
      while (at < length) {
        if (left === 0) {
          const before = head.length;
          head += Buffer.from(
            buffer.buffer,
            buffer.byteOffset + at,
            Math.min(length - at, HEAD_BYTES),
          ).toString('latin1');
          const end = head.indexOf(HEAD_END);
          if (end < 0) return true;
          if (!head.startsWith('HTTP/1.1 206 ')) throw new Error(head);
          left = Number(/^content-length: (\d+)\r$/im.exec(head)?.[1]);
          at += end + HEAD_END.length - before;
          head = '';
        }
        const part = Math.min(left, length - at);
        at += part;
        left -= part;
        bytes += part;
        if (left > 0) continue;
        if (performance.now() < untilMs) ask();
        else socket.destroy();
      }
      return true;
    };
    const onread = { buffer: Buffer.allocUnsafeSlow(BUFFER_BYTES), callback: take };
    const to = { host: '127.0.0.1', port: task.port, onread };
    const terms = { rejectUnauthorized: false, ciphers: CIPHER, minVersion: 'TLSv1.3' } as const;
    const socket: Socket = connectTls({ ...to, ...terms }, ask);
    socket.on('error', reject).on('close', () => {
      resolve();
    });
  });
}

const began = performance.now();
const untilMs = began + task.seconds * 1000;
await Promise.all(Array.from({ length: CONNECTIONS }, () => busy(untilMs)));
process.stdout.write(JSON.stringify({ bytes, tookMs: performance.now() - began }));
