/**
 * The HTTPS server: limits, certificate, and the watch that ends streams whose reason has ended. `createServer` only
 * assembles; nothing listens before `listen`.
 */
import { createServer as createPlain, type Server, type ServerOptions } from 'node:http';
import { createServer as createTls, Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { FortnightError } from '../base/errors.ts';
import { SECOND_MS } from '../base/clock.ts';
import { ifRecordable } from '../access/ledger.ts';
import { createApp } from './app.ts';
import type { HttpDeps } from './deps.ts';
import { mayGoOn } from './footage.ts';
import { refuseUnreadable } from './raw-refusal.ts';
import { ROUTES } from './routes/index.ts';
import { endsAtMs, keyPair, TLS_OPTIONS } from './tls.ts';

const LIMITS: ServerOptions = {
  /** Headers within 10 s, the whole request within 30 s; looked at every second. */
  headersTimeout: 10 * SECOND_MS,
  requestTimeout: 30 * SECOND_MS,
  connectionsCheckingInterval: SECOND_MS,
  keepAliveTimeout: 30 * SECOND_MS,
  maxHeaderSize: 16 * 1024,
  requireHostHeader: true,
};
const MAX_CONNECTIONS = 512;
const MAX_REQUESTS_PER_SOCKET = 10_000;
const HANDSHAKE_MS = 10 * SECOND_MS;

export interface HttpOverrides {
  /** Plain HTTP, for the bench against nginx; there is no way to configure it. */
  readonly plain?: boolean;
  /** Holds every JSON answer against its schema (tests). */
  readonly checkAnswers?: boolean;
}

export interface HttpServer {
  /** Binds and begins to answer; port 0 takes a free one. Throws `config_invalid` when the port cannot be had. */
  listen(): Promise<{ readonly port: number }>;
  /** Stops accepting, ends streams and connections. */
  close(): Promise<void>;
  /** Reads the certificate again (SIGHUP). The old one stays when the new one cannot be used. */
  reloadCertificate(): Promise<void>;
  /** UTC ms; undefined over plain HTTP. */
  certificateEndsMs(): number | undefined;
}

export async function createServer(deps: HttpDeps, overrides: HttpOverrides = {}): Promise<HttpServer> {
  const plain = overrides.plain ?? false;
  const scheme = plain ? 'http' : 'https';
  const app = createApp(deps, ROUTES, { scheme, checkAnswers: overrides.checkAnswers ?? false });
  const readPair = (): ReturnType<typeof keyPair> =>
    keyPair(deps.config.http, deps.config.stateDir, deps.clock.wallMs());
  let pair = plain ? undefined : await readPair();
  const server =
    pair === undefined
      ? createPlain(LIMITS, app)
      : createTls({ ...LIMITS, ...TLS_OPTIONS, ...pair, handshakeTimeout: HANDSHAKE_MS }, app);
  server.maxConnections = MAX_CONNECTIONS;
  server.maxRequestsPerSocket = MAX_REQUESTS_PER_SOCKET;
  refuseUnreadable(server);
  let watch: NodeJS.Timeout | undefined;
  return {
    listen: async () => {
      const port = await bind(server, deps.config.http);
      server.on('error', (error) => {
        deps.log.error('http_server', { error });
      });
      watch = setInterval(() => {
        watchOver(deps);
      }, SECOND_MS);
      return { port };
    },
    close: async () => {
      clearInterval(watch);
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      await deps.access.streams.closeAll();
      server.closeAllConnections();
      await closed;
    },
    reloadCertificate: async () => {
      if (!(server instanceof TlsServer)) return;
      const fresh = await readPair();
      server.setSecureContext({ ...TLS_OPTIONS, ...fresh });
      pair = fresh;
    },
    certificateEndsMs: () => (pair === undefined ? undefined : endsAtMs(pair)),
  };
}

/** Each second: what the clock has ended ends, and streams that may not go on are cut (I7, I9, I15). */
function watchOver(deps: HttpDeps): void {
  void deps.access.streams.check((stream) => mayGoOn(deps, stream));
  const recorded = ifRecordable(() => {
    deps.access.tick();
  });
  if (!recorded) deps.log.warn('audit_unavailable', { what: 'ends of sessions and views wait' });
}

async function bind(server: Server, at: { address: string; port: number }): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(
        new FortnightError('config_invalid', `port ${String(at.port)} of ${at.address} cannot be had`, {
          hint: 'is another service on it? see http.port and http.address',
          cause: error,
        }),
      );
    });
    server.listen(at.port, at.address, resolve);
  });
  return (server.address() as AddressInfo).port;
}
