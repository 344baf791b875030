/**
 * The metrics on a listener of their own: what watches the box needs no way to the footage, and a scrape works while
 * the other listener is full. GET /metrics and nothing else.
 *
 * On a loopback address it answers whoever is on the box, unless a web page in a browser there asks under a name of
 * its own (DNS rebinding). Anywhere else a bearer token is owed.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP, isIPv4, type AddressInfo } from 'node:net';
import { FortnightError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Metrics } from './metrics.ts';
import type { StatusSource } from './snapshot.ts';

export interface MetricsListener {
  readonly address: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** File with the bearer token; owed when `address` is not loopback. */
  readonly tokenFile: string | undefined;
}

export interface MetricsParts {
  readonly metrics: Metrics;
  readonly status: StatusSource;
  readonly log: Log;
}

export interface MetricsServer {
  readonly port: number;
  stop(): Promise<void>;
}

const MIN_TOKEN_CHARACTERS = 20;
const MAX_CONNECTIONS = 16;
const REQUEST_LIMIT_MS = 5000;
const MAX_HEADER_BYTES = 8192;

/** Starts listening. Throws `config_invalid` when a token is owed and there is none, or the address cannot be taken. */
export async function startMetricsServer(
  listener: MetricsListener,
  parts: MetricsParts,
): Promise<MetricsServer> {
  const admits = doorkeeper(listener);
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: REQUEST_LIMIT_MS,
      requestTimeout: REQUEST_LIMIT_MS,
      keepAliveTimeout: REQUEST_LIMIT_MS,
      connectionsCheckingInterval: 1000,
    },
    answerer(admits, parts),
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.on('clientError', (_error, socket) => {
    socket.destroy();
  });
  const port = await listen(server, listener);
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, { address, port }: MetricsListener): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new FortnightError('config_invalid', `the metrics cannot listen on ${address} port ${String(port)}`, {
          hint: 'is the port taken? set metrics.port, or metrics.enabled: false',
          cause,
        }),
      );
    });
    server.listen({ host: address, port }, () => {
      server.removeAllListeners('error');
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Status to refuse a request with; undefined: it may scrape. */
type Doorkeeper = (request: IncomingMessage) => number | undefined;

function doorkeeper({ address, tokenFile }: MetricsListener): Doorkeeper {
  if (tokenFile !== undefined) {
    const expected = digest(readToken(tokenFile));
    return (request) => {
      const shown = /^Bearer ([\x21-\x7e]{1,512})$/.exec(request.headers.authorization ?? '')?.[1];
      return shown !== undefined && timingSafeEqual(digest(shown), expected) ? undefined : 401;
    };
  }
  if (!isLoopback(address)) {
    throw new FortnightError('config_invalid', 'metrics on an address that is not loopback owe a token', {
      hint: 'set metrics.tokenFile, or metrics.address: 127.0.0.1',
    });
  }
  return (request) => (isOwnName(request.headers.host) ? undefined : 421);
}

function readToken(file: string): string {
  let token: string;
  try {
    token = readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new FortnightError('config_invalid', 'the file of the metrics token cannot be read', {
      hint: 'metrics.tokenFile must name a file that the service may read',
      cause,
    });
  }
  if (token.length >= MIN_TOKEN_CHARACTERS) return token;
  throw new FortnightError('config_invalid', 'the metrics token is too short', {
    hint: `at least ${String(MIN_TOKEN_CHARACTERS)} characters: openssl rand -hex 32`,
  });
}

/** Both sides are hashed: the comparison takes the same time whatever the length shown. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function isLoopback(address: string): boolean {
  return address === '::1' || address === 'localhost' || (isIPv4(address) && address.startsWith('127.'));
}

function isOwnName(host: string | undefined): boolean {
  const name = (host ?? '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || isIP(name) !== 0;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

function answerer(admits: Doorkeeper, { metrics, status, log }: MetricsParts): Answer {
  // Scrapers that come together share one reading of the rooms.
  let rendering: Promise<string> | undefined;
  const render = (): Promise<string> => {
    rendering ??= Promise.resolve()
      .then(() => metrics.render(status))
      .finally(() => {
        rendering = undefined;
      });
    return rendering;
  };
  return (request, response) => {
    const refused = refusal(request, admits);
    if (refused !== undefined) {
      refuse(response, refused);
      return;
    }
    render().then(
      (text) => {
        response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' });
        response.end(request.method === 'HEAD' ? undefined : text);
      },
      (error: unknown) => {
        log.error('scrape_failed', { error });
        refuse(response, 500);
      },
    );
  };
}

function refusal(request: IncomingMessage, admits: Doorkeeper): number | undefined {
  const refused = admits(request);
  if (refused !== undefined) return refused;
  if (request.url !== '/metrics') return 404;
  return request.method === 'GET' || request.method === 'HEAD' ? undefined : 405;
}

const EXTRA_HEADERS: Readonly<Record<number, Record<string, string>>> = {
  401: { 'www-authenticate': 'Bearer' },
  405: { allow: 'GET, HEAD' },
};

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { ...EXTRA_HEADERS[status], connection: 'close', 'content-length': 0 });
  response.end();
}
