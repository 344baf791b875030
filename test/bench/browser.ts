/** Asking and signing in as a person would, and finding the one clip there is. */
import { request as clear, type IncomingHttpHeaders } from 'node:http';
import { request as secure } from 'node:https';

export interface Server {
  readonly port: number;
  readonly scheme: 'tls' | 'plain';
}

interface Reply {
  readonly headers: IncomingHttpHeaders;
  readonly json: Record<string, unknown>;
}

/** What a signed-in person sends with a change. */
export interface Token {
  readonly cookie: string;
  readonly 'x-fortnight-csrf': string;
}

export async function enter(
  server: Server,
  { userName, password }: { readonly userName: string; readonly password: string },
): Promise<Token> {
  const session = await ask(server, 'POST /api/v1/session', {}, { userName, password });
  const cookie = session.headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '';
  return { cookie, 'x-fortnight-csrf': String(session.json['csrfToken']) };
}

/** Signs in, states a purpose; the cookie and the path of the clip's bytes. */
export async function signIn(
  server: Server,
  { userName, password }: { readonly userName: string; readonly password: string },
): Promise<{ readonly cookie: string; readonly path: string }> {
  const token = await enter(server, { userName, password });
  const { cookie } = token;
  const purpose = { kind: 'protect_property', note: 'the measurements of serving' };
  await ask(server, 'PUT /api/v1/session/purpose', token, purpose);
  const dayAgo = Date.now() - 86_400_000;
  for (const { id } of (await ask(server, 'GET /api/v1/cameras', { cookie })).json['cameras'] as {
    id: string;
  }[]) {
    const query = `camera=${id}&from=${String(dayAgo)}&to=${String(Date.now())}`;
    const { clips } = (await ask(server, `GET /api/v1/clips?${query}`, { cookie })).json as {
      clips: { id: number }[];
    };
    if (clips[0] !== undefined) return { cookie, path: `/api/v1/clips/${String(clips[0].id)}/media` };
  }
  throw new Error('there is no clip to look at');
}

export function ask(
  { port, scheme }: Server,
  what: string,
  headers: Partial<Token>,
  body?: unknown,
): Promise<Reply> {
  const [method = '', path = ''] = what.split(' ');
  const text = body === undefined ? undefined : JSON.stringify(body);
  const content =
    text === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) };
  const host = `localhost:${String(port)}`;
  const options = { host: '127.0.0.1', port, method, path, headers: { host, ...headers, ...content } };
  return new Promise((resolve, reject) => {
    const call =
      scheme === 'tls'
        ? secure({ ...options, rejectUnauthorized: false, servername: 'localhost' })
        : clear(options);
    call.on('error', reject).on('response', (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () => {
        const answer = Buffer.concat(pieces).toString('utf8');
        const json = answer === '' ? {} : (JSON.parse(answer) as Record<string, unknown>);
        if ((response.statusCode ?? 500) < 300) resolve({ headers: response.headers, json });
        else reject(new Error(`${method} ${path} was answered by ${String(response.statusCode)}: ${answer}`));
      });
    });
    call.end(text);
  });
}
