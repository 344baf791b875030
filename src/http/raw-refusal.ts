/** Answers to what never became a request: the parser gave up, or the client was too slow. */
import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { RAW_HEADERS } from './headers.ts';

const REASONS: Readonly<Record<number, string>> = { 400: 'Bad Request', 408: 'Request Timeout' };

/** Answers that were under way on a connection when its parser gave up. */
const underWay = new WeakMap<Duplex, ServerResponse>();

/** Takes over what the parser cannot read: one problem document per connection, which then closes. */
export function refuseUnreadable(server: Server): void {
  server.on('request', (req, res) => {
    underWay.set(req.socket, res);
  });
  server.on('clientError', refuse);
}

function refuse(error: Error & { code?: string }, socket: Duplex): void {
  const answer = underWay.get(socket);
  if (answer !== undefined && !answer.writableFinished) {
    // Rubbish behind a request that is being answered: a second answer would be taken for that of another request.
    answer.once('close', () => {
      socket.destroy();
    });
    return;
  }
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
