/** Answers to what never became a request: the parser gave up, or the client was too slow. */
import type { Socket } from 'node:net';
import { RAW_HEADERS } from './headers.ts';

const REASONS: Readonly<Record<number, string>> = { 400: 'Bad Request', 408: 'Request Timeout' };

/** Writes one problem document and closes; says nothing when the connection is not there any more. */
export function refuseRaw(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const code = status === 408 ? 'timeout' : 'invalid';
  const body = JSON.stringify({
    type: `urn:fortnight:problem:${code}`,
    title: status === 408 ? 'the request came too slowly' : 'the request is not valid HTTP',
    status,
    code,
  });
  const head = [
    `HTTP/1.1 ${String(status)} ${REASONS[status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    ...RAW_HEADERS,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => {
    socket.destroy();
  });
}
