/** The express application, built from the table of routes: what is not in the table does not exist. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { FortnightError } from '../base/errors.ts';
import type { HttpDeps } from './deps.ts';
import { guard } from './guard.ts';
import { securityHeaders } from './headers.ts';
import { pages } from './pages.ts';
import { answerOf, Refusal } from './problems.ts';
import type { Answer, Method, Route } from './route.ts';
import { demandShape } from './shape.ts';
import { readBody, readQuery, validate } from './validate.ts';

export interface AppOptions {
  readonly scheme: 'https' | 'http';
  /** Holds every JSON answer against its schema (tests): a wrong one becomes a 500. */
  readonly checkAnswers: boolean;
}

export function createApp(deps: HttpDeps, routes: readonly Route[], options: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('strict routing');
  app.enable('case sensitive routing');
  app.set('query parser', false);
  app.set('trust proxy', [...deps.config.http.trustedProxies]);
  app.use(...securityHeaders());
  app.use((req, _res, next) => {
    demandShape(req, deps.config.http.hosts);
    next();
  });
  for (const [path, methods] of byPath(routes)) {
    app.all(path, (req, res) => answer(deps, { req, res, methods }, options));
  }
  if (deps.pageDir !== undefined) app.use(pages(deps.pageDir));
  app.use(() => {
    throw new FortnightError('not_found', 'there is nothing here');
  });
  // Express tells error handlers by their four parameters.
  // eslint-disable-next-line max-params, @typescript-eslint/no-unused-vars
  app.use((error: unknown, req: Request, res: Response, _next: NextFunction) => {
    sendProblem(deps, { req, res }, error);
  });
  return app;
}

interface Exchange {
  readonly req: Request;
  readonly res: Response;
  readonly methods: ReadonlyMap<Method, Route>;
}

function byPath(routes: readonly Route[]): Map<string, Map<Method, Route>> {
  const paths = new Map<string, Map<Method, Route>>();
  for (const route of routes) {
    const methods = paths.get(route.path) ?? new Map<Method, Route>();
    paths.set(route.path, methods.set(route.method, route));
  }
  return paths;
}

async function answer(deps: HttpDeps, exchange: Exchange, options: AppOptions): Promise<void> {
  const { req, res, methods } = exchange;
  const head = req.method === 'HEAD';
  const route = methods.get(head ? 'GET' : (req.method as Method));
  if (route === undefined) {
    throw new Refusal('method_not_allowed', 'this cannot be done with that method', {
      headers: { allow: allowed(methods) },
    });
  }
  const peer = req.ip ?? '';
  let body: unknown;
  let inputs: { params: unknown; query: unknown; body: unknown };
  let session;
  try {
    session = guard(deps, route, { req, scheme: options.scheme });
    body = route.body === undefined ? undefined : await readBody(req, res);
    inputs = validate(route, { params: req.params, query: readQuery(req.url), body });
  } catch (error) {
    route.onRefused?.({ deps, peer, body }, error);
    throw error;
  }
  const nowMs = deps.clock.nowMs();
  const made = await route.handle({ deps, session, ...inputs, req, peer, nowMs, head });
  if (options.checkAnswers) checkAnswer(route, made);
  await send(res, made);
}

function allowed(methods: ReadonlyMap<Method, Route>): string {
  return [...methods.keys()].flatMap((m) => (m === 'GET' ? ['GET', 'HEAD'] : [m])).join(', ');
}

async function send(res: ServerResponse, made: Answer): Promise<void> {
  if ('send' in made) {
    await made.send(res);
    return;
  }
  for (const [name, value] of Object.entries(made.headers ?? {})) res.setHeader(name, value);
  res.statusCode = made.status;
  if (made.status === 204) res.end();
  else sendJson(res, made.json, 'application/json');
}

function sendJson(res: ServerResponse, value: unknown, type: string): void {
  const bytes = Buffer.from(JSON.stringify(value), 'utf8');
  res.setHeader('Content-Type', `${type}; charset=utf-8`);
  res.setHeader('Content-Length', bytes.length);
  res.end(bytes);
}

function checkAnswer(route: Route, made: Answer): void {
  if ('send' in made) return;
  if (route.output.status !== made.status)
    throw new Error(`${route.path} answers another status than it declares`);
  if (made.status !== 204 && 'json' in route.output) route.output.json.parse(made.json);
}

function sendProblem(deps: HttpDeps, at: { req: IncomingMessage; res: Response }, error: unknown): void {
  const { req, res } = at;
  const { problem, headers, fault } = answerOf(error);
  if (fault !== undefined)
    deps.log.error('request_failed', { code: problem.code, method: req.method, error: fault });
  if (res.headersSent) {
    res.destroy();
    return;
  }
  for (const name of ['Content-Range', 'Content-Disposition', 'ETag', 'Accept-Ranges'])
    res.removeHeader(name);
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  res.statusCode = problem.status;
  sendJson(res, problem, 'application/problem+json');
}
