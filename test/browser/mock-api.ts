/**
 * The API as the page sees it, without a daemon: serves the built page under the daemon's content security policy and
 * answers from made-up data. Every answer goes through the API's own schema, so that the mock cannot drift from the
 * contract.
 */
import { mkdtempSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import * as api from '../../src/http/api/index.ts';
import { CONTENT_SECURITY_POLICY } from '../../src/http/headers.ts';
import { send, sendFile } from './mock-answer.ts';
import { makeClips } from './mock-clips.ts';
import { SITE } from './mock-footage.ts';
import { routesOf, type Handler } from './mock-routes.ts';
import { MockWorld, PASSWORD, Refused, type Live } from './mock-world.ts';

const API = '/api/v1';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export interface Mock {
  readonly baseUrl: string;
  readonly password: string;
  readonly state: MockWorld['state'];
  readonly close: () => Promise<void>;
}

/** Serves the page of `webDir` on a free port; makes its clips first unless `clipDir` has them. */
export async function startMock(webDir: string, clipDir?: string): Promise<Mock> {
  const dir = clipDir ?? mkdtempSync(join(tmpdir(), 'fortnight-mock-'));
  await makeClips(dir);
  const world = new MockWorld(dir);
  const server = createServer(serverOf(world, webDir));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${String(port)}`,
    password: PASSWORD,
    state: world.state,
    close: () => closed(server),
  };
}

function closed(server: Server): Promise<void> {
  return new Promise((done) => {
    server.closeAllConnections();
    server.close(() => {
      done();
    });
  });
}

function serverOf(world: MockWorld, webDir: string): (req: IncomingMessage, res: ServerResponse) => void {
  const routes = routesOf(world);
  const policy = Object.entries(CONTENT_SECURITY_POLICY).map(
    ([name, values]) => `${name} ${values.join(' ')}`,
  );
  return (req, res) => {
    res.setHeader('content-security-policy', policy.join('; '));
    res.setHeader('cache-control', 'no-store');
    res.setHeader('date', new Date(world.nowMs()).toUTCString());
    const url = new URL(req.url ?? '/', 'http://mock');
    const answered = url.pathname.startsWith(API)
      ? answer({ world, routes, req, res, url })
      : Promise.resolve().then(() => {
          page(webDir, url.pathname, res);
        });
    answered.catch((error: unknown) => {
      refuse(res, error);
    });
  };
}

/** What is not a refusal is a defect of the mock, and shows as 500. */
function refuse(res: ServerResponse, error: unknown): void {
  const { status, code } = error instanceof Refused ? error : { status: 500, code: 'other' };
  res.writeHead(status, { 'content-type': 'application/problem+json' });
  res.end(JSON.stringify({ type: 'about:blank', title: code, status, code, detail: String(error) }));
}

function page(webDir: string, path: string, res: ServerResponse): void {
  const file = join(webDir, normalize(path === '/' ? '/index.html' : path));
  const type = TYPES[extname(file)];
  if (type === undefined) throw new Refused(404, 'not_found');
  sendFile(res, file, type);
}

interface Request {
  readonly world: MockWorld;
  readonly routes: Readonly<Record<string, Handler>>;
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly url: URL;
}

async function answer({ world, routes, req, res, url }: Request): Promise<void> {
  const route = `${req.method ?? ''} ${url.pathname.slice(API.length)}`;
  const body = await readBody(req);
  if (route === 'GET /site') {
    send(res, api.Site, SITE);
    return;
  }
  if (route === 'POST /session') {
    const { userName, password } = api.LoginRequest.parse(body);
    const { token, live } = world.signIn(userName, password);
    res.setHeader('set-cookie', `mock-session=${token}; HttpOnly; SameSite=Strict; Path=/`);
    send(res, api.Session, world.shown(live));
    return;
  }
  const live = sessionOf(world, req);
  const [, id = ''] = /\/(?:clips|holds|cases|roots|accounts)\/([\w-]+)/.exec(route) ?? [];
  const handler = routes[route] ?? routes[route.replace(id, ':id')];
  if (handler === undefined) throw new Refused(404, 'not_found');
  handler({ req, res, query: Object.fromEntries(url.searchParams), body, live }, id);
}

function sessionOf(world: MockWorld, { headers, method }: IncomingMessage): Live {
  const [, token = ''] = /mock-session=([\w-]+)/.exec(headers.cookie ?? '') ?? [];
  const live = world.find(token);
  if (live === undefined) throw new Refused(401, 'unauthenticated');
  if (method !== 'GET' && headers['x-fortnight-csrf'] !== live.csrf) throw new Refused(403, 'forbidden');
  return live;
}

async function readBody(req: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
