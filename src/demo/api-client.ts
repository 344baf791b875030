/** The demo as a client of the API, with an account like any other. */
import { Agent, request } from 'node:https';
import { FortnightError } from '../base/errors.ts';

export interface ApiClient {
  /** The answer's JSON. Throws with the problem's sentence for any status but 2xx. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Logs in; later calls carry the session. */
  logIn(userName: string, password: string): Promise<void>;
  close(): void;
}

const LIMIT_MS = 10_000;

/** A client of the service on this machine's loopback address. */
export function apiClient(port: number): ApiClient {
  // The certificate was made by the daemon we started, a moment ago, on a loopback address: there is nothing to check
  // it against yet.
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  let cookie = '';
  let csrf = '';
  const send = (method: string, path: string, body: unknown): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const headers = {
        host: `localhost:${String(port)}`,
        origin: `https://localhost:${String(port)}`,
        'sec-fetch-site': 'same-origin',
        ...(text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        ...(cookie === '' ? {} : { cookie }),
        ...(csrf === '' ? {} : { 'x-fortnight-csrf': csrf }),
      };
      const options = {
        host: '127.0.0.1',
        port,
        path: `/api/v1${path}`,
        method,
        headers,
        agent,
        timeout: LIMIT_MS,
      };
      const call = request(options, (response) => {
        let received = '';
        response.setEncoding('utf8').on('data', (part: string) => (received += part));
        response.on('end', () => {
          const cookies = response.headers['set-cookie'] ?? [];
          resolve({ status: response.statusCode ?? 0, cookies, text: received });
        });
        response.on('error', reject);
      });
      call.on('timeout', () => call.destroy(new Error('the daemon does not answer')));
      call.on('error', reject);
      call.end(text);
    });
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> =>
    answerOf(await send(method, path, body), `${method} ${path}`);
  return {
    call,
    async logIn(userName, password) {
      const reply = await send('POST', '/session', { userName, password });
      const session = answerOf(reply, 'log-in') as { csrfToken: string };
      cookie = reply.cookies.map((c) => c.split(';', 1)[0]).join('; ');
      csrf = session.csrfToken;
    },
    close() {
      agent.destroy();
    },
  };
}

interface Reply {
  readonly status: number;
  readonly cookies: readonly string[];
  readonly text: string;
}

function answerOf({ status, text }: Reply, what: string): unknown {
  if (status >= 200 && status < 300) return text === '' ? undefined : JSON.parse(text);
  throw new FortnightError('conflict', `${what} was answered with ${String(status)}: ${text.slice(0, 300)}`);
}
