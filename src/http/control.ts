/**
 * The control socket: how the command line of this machine talks to the daemon. A Unix socket in the state directory;
 * who may open it is decided by the file system (directory 0700, socket 0600), so there is no log-in here.
 *
 * One operation per POST /op: { op, params } is answered by { ok: true, result } or { ok: false, error }.
 */
import { chmodSync, lstatSync, statSync, unlinkSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Json } from '../base/canonical-json.ts';
import { FortnightError, errnoOf } from '../base/errors.ts';
import { limitSentence } from '../base/limit-sentence.ts';
import type { Log } from '../base/log.ts';
import { quoted } from '../base/printable.ts';

/** Something the daemon does for the command line. `run` gets what `params` has accepted. */
export interface ControlOp<P = unknown> {
  readonly params: z.ZodType<P>;
  run(params: P): Promise<Json>;
}

export interface ControlServer {
  /** Takes no more calls, lets those under way end, removes the socket. */
  stop(): Promise<void>;
}

export interface ControlOptions {
  /** Absolute path of the socket; its directory must be closed to others. */
  readonly path: string;
  readonly ops: Readonly<Record<string, ControlOp>>;
  readonly log: Log;
}

const MAX_BODY_BYTES = 64 * 1024;
const MAX_CONNECTIONS = 16;
/** For a request to arrive, not for its operation. */
const REQUEST_TIMEOUT_MS = 10_000;

const Call = z.strictObject({ op: z.string().max(64), params: z.unknown() });

/** Types of one operation's parameters, forgotten so that operations fit in one table. */
export function controlOp<P>(params: z.ZodType<P>, run: (params: P) => Promise<Json>): ControlOp {
  return { params, run: (accepted) => run(accepted as P) };
}

/**
 * Listens on `path`. The caller holds the daemon's lock: a socket that lies there is left over from a crash. Throws
 * `state_unsafe` when others can reach the directory or something else than a socket is in the way.
 */
export async function startControlServer(options: ControlOptions): Promise<ControlServer> {
  const { path } = options;
  if ((statSync(dirname(path)).mode & 0o077) !== 0) {
    throw new FortnightError('state_unsafe', 'the state directory is open to others', {
      hint: `chmod 0700 ${quoted(dirname(path))}`,
    });
  }
  removeLeftover(path);
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    void answer(request, response, options);
  });
  server.maxConnections = MAX_CONNECTIONS;
  await listen(server, path);
  chmodSync(path, 0o600);
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function removeLeftover(path: string): void {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there === undefined) return;
  if (!there.isSocket()) {
    throw new FortnightError('state_unsafe', `${quoted(path)} is in the way: it is no socket`, {
      hint: 'find out who put it there, then remove it',
    });
  }
  unlinkSync(path);
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: ControlOptions,
): Promise<void> {
  let status = 200;
  let body: Json;
  try {
    body = { ok: true, result: await perform(await readCall(request), options) };
  } catch (error) {
    const known = error instanceof FortnightError ? error : undefined;
    if (known === undefined && errnoOf(error) !== 'ECONNRESET')
      options.log.error('control_failed', { err: error });
    status = known?.httpStatus ?? 500;
    body = { ok: false, error: errorBody(known) };
  }
  // A request that was not read to its end leaves a connection nobody can go on with.
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(body));
}

function errorBody(error: FortnightError | undefined): Json {
  if (error === undefined)
    return { code: 'internal', message: 'unexpected error in the daemon; its log has more' };
  return {
    code: error.code,
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  };
}

async function perform(call: z.infer<typeof Call>, { ops }: ControlOptions): Promise<Json> {
  const op = Object.hasOwn(ops, call.op) ? ops[call.op] : undefined;
  if (op === undefined) {
    throw new FortnightError('not_found', `the daemon knows no operation ${quoted(call.op)}`, {
      hint: 'restart the daemon after an update: it is older than this command',
    });
  }
  const params = op.params.safeParse(call.params);
  if (!params.success) {
    const [issue] = params.error.issues;
    const place = issue?.path.map(String).join('.') ?? '';
    const limit = issue && limitSentence(issue);
    const wrong = limit === undefined ? `: ${issue?.message ?? 'wrong'}` : ` ${limit}`;
    throw new FortnightError('invalid', `${place === '' ? 'the parameters' : place}${wrong}`);
  }
  return op.run(params.data);
}

async function readCall(request: IncomingMessage): Promise<z.infer<typeof Call>> {
  if (request.method !== 'POST' || request.url !== '/op') {
    throw new FortnightError('method_not_allowed', 'the control socket knows POST /op only');
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw new FortnightError('too_large', 'the request is too large');
    chunks.push(chunk);
  }
  const call = Call.safeParse(parseJson(Buffer.concat(chunks).toString('utf8')));
  if (!call.success) throw new FortnightError('invalid', 'the request is not { op, params }');
  return call.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
