/** Answers to what never became a request: the parser gave up, or the client was too slow. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { RAW_HEADERS } from './headers.ts';

interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

/** The last request of each connection, with its answer. */
const last = new WeakMap<Duplex, Exchange>();

/** Takes over what the parser cannot read or will not wait for: one answer to each request, then the end. */
export function refuseUnreadable(server: Server): void {
  server.on('request', (req, res) => {
    last.set(req.socket, { req, res });
  });
  server.on('clientError', refuse);
}

function refuse(error: Error & { code?: string }, socket: Duplex): void {
  const tooSlow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const before = last.get(socket);
  if (before !== undefined && !before.res.writableFinished && !tooSlow) {
    // Rubbish behind a request that is being answered: a second answer would be taken for that of another request.
    before.res.once('close', () => {
      socket.destroy();
    });
    return;
  }
  const answered = before !== undefined && !before.req.complete && before.res.headersSent;
  if (error.code === 'ECONNRESET' || !socket.writable || answered) {
    socket.destroy();
    return;
  }
  socket.end(rawProblem(tooSlow ? SLOW : UNREADABLE), () => {
    socket.destroy();
  });
}

const SLOW = {
  status: 408,
  phrase: 'Request Timeout',
  code: 'timeout',
  title: 'the request came too slowly',
};
const UNREADABLE = {
  status: 400,
  phrase: 'Bad Request',
  code: 'invalid',
  title: 'the request is not valid HTTP',
};

function rawProblem({ status, phrase, code, title }: typeof SLOW): string {
  const body = JSON.stringify({ type: `urn:fortnight:problem:${code}`, title, status, code });
  const head = [
    `HTTP/1.1 ${String(status)} ${phrase}`,
    'Connection: close',
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    ...RAW_HEADERS,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
