/** A browser of sorts: keeps its cookie and its token, and can be told to leave any of it out. */
import type { IncomingMessage } from 'node:http';
import { Agent, request as tlsRequest } from 'node:https';
import { connect, type TLSSocket } from 'node:tls';
import type { IncomingHttpHeaders } from 'node:http';
import type { Role } from '../../../src/access/roles.ts';
import { PASSWORDS } from './world.ts';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly json: Record<string, unknown>;
}

export interface Ask {
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Buffer;
  readonly localAddress?: string;
}

const agent = new Agent({ rejectUnauthorized: false, keepAlive: true, maxSockets: 128 });

export class Client {
  readonly port: number;
  cookie: string | undefined;
  csrf: string | undefined;
  constructor(port: number) {
    this.port = port;
  }

  ask(method: string, path: string, ask: Ask = {}): Promise<Reply> {
    const body = ask.raw ?? (ask.body === undefined ? undefined : JSON.stringify(ask.body));
    const headers: Record<string, string | string[]> = {};
    const all: Record<string, string | string[] | undefined> = {
      ...(this.cookie === undefined ? {} : { cookie: this.cookie }),
      ...(this.csrf === undefined || method === 'GET' ? {} : { 'x-fortnight-csrf': this.csrf }),
      ...(body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
      ...ask.headers,
    };
    for (const [name, value] of Object.entries(all)) if (value !== undefined) headers[name] = value;
    const { port } = this;
    const from =
      ask.localAddress === undefined ? { agent } : { localAddress: ask.localAddress, agent: false as const };
    const options = { host: '127.0.0.1', port, method, path, headers, rejectUnauthorized: false, ...from };
    return new Promise((resolve, reject) => {
      const req = tlsRequest(options, (res) => {
        const pieces: Buffer[] = [];
        res.on('data', (piece: Buffer) => pieces.push(piece));
        res.on('error', reject);
        res.on('end', () => {
          const bytes = Buffer.concat(pieces);
          const isJson = (res.headers['content-type'] ?? '').includes('json') && bytes.length > 0;
          const json = isJson ? (JSON.parse(bytes.toString()) as Record<string, unknown>) : {};
          resolve({ status: res.statusCode ?? 0, headers: res.headers, bytes, json });
        });
      });
      req.on('error', reject);
      req.end(body);
    });
  }

  get(path: string, ask: Ask = {}): Promise<Reply> {
    return this.ask('GET', path, ask);
  }

  login(userName: string, password: string, ask: Ask = {}): Promise<Reply> {
    return this.ask('POST', '/api/v1/session', { ...ask, body: { userName, password } });
  }

  /** Signs in and keeps cookie and token; the reply must be a session. */
  async enter(role: Role, password = PASSWORDS[role]): Promise<this> {
    const reply = await this.login(role, password);
    if (reply.status !== 200) throw new Error(`cannot sign in: ${String(reply.status)}`);
    this.cookie = reply.headers['set-cookie']?.[0]?.split(';', 1)[0];
    this.csrf = String(reply.json['csrfToken']);
    return this;
  }

  /** States a purpose; security only. */
  async state(note = 'a bicycle is missing'): Promise<this> {
    const reply = await this.ask('PUT', '/api/v1/session/purpose', {
      body: { kind: 'protect_property', note },
    });
    if (reply.status !== 200) throw new Error(`cannot state a purpose: ${String(reply.status)}`);
    return this;
  }
}

export async function watcher(port: number): Promise<Client> {
  return (await new Client(port).enter('security')).state();
}

/** Sends bytes over TLS as they are and collects what comes back until the connection ends or falls silent. */
export function exchangeRaw(port: number, text: string, silenceMs = 1000): Promise<string> {
  return new Promise((resolve) => {
    const socket: TLSSocket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      socket.write(Buffer.from(text, 'latin1'));
    });
    let got = '';
    socket.setTimeout(silenceMs, () => socket.destroy());
    socket.on('data', (piece: Buffer) => (got += piece.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(got);
    });
  });
}

/** An answer whose content is taken only as far as it is asked for. */
export interface Running {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Takes the next piece; undefined when there is no more. */
  take(): Promise<Buffer | undefined>;
  /** Takes everything that is left. */
  rest(): Promise<Buffer>;
  /** Resolves when the connection is gone, whole or not. */
  readonly ended: Promise<'whole' | 'cut'>;
  abandon(): void;
}

/** Begins to take a resource; nothing beyond the first pieces is read until asked for. */
export function begin(client: Client, path: string, headers: Record<string, string> = {}): Promise<Running> {
  const options = {
    host: '127.0.0.1',
    port: client.port,
    path,
    headers: { cookie: client.cookie ?? '', ...headers },
    rejectUnauthorized: false,
    agent: false as const,
  };
  return new Promise((resolve, reject) => {
    const req = tlsRequest(options, (res) => {
      resolve(running(res));
    });
    req.on('error', reject);
    req.end();
  });
}

function running(res: IncomingMessage): Running {
  const ended = new Promise<'whole' | 'cut'>((resolve) => {
    res.on('close', () => {
      resolve(res.complete ? 'whole' : 'cut');
    });
  });
  res.on('error', () => undefined);
  const pieces = res[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const take = async (): Promise<Buffer | undefined> => {
    const next = await pieces.next().catch(() => ({ done: true as const, value: undefined }));
    return next.done === true ? undefined : next.value;
  };
  return {
    status: res.statusCode ?? 0,
    headers: res.headers,
    take,
    rest: async () => {
      const all: Buffer[] = [];
      for (let piece = await take(); piece !== undefined; piece = await take()) all.push(piece);
      return Buffer.concat(all);
    },
    ended,
    abandon: () => res.destroy(),
  };
}
