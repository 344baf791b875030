/** The command line's end of the control socket (http/control.ts has the daemon's). */
import { request } from 'node:http';
import { z } from 'zod';
import type { Json } from '../base/canonical-json.ts';
import { ERROR_CODES, type ErrorCode } from '../base/error-codes.ts';
import { FortnightError, errnoOf } from '../base/errors.ts';

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** Operations may wait for a sweep or a disk, but not for ever. */
const ANSWER_TIMEOUT_MS = 10 * 60_000;

const Answer = z.union([
  z.strictObject({ ok: z.literal(true), result: z.json() }),
  z.strictObject({
    ok: z.literal(false),
    error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string().optional() }),
  }),
]);

/**
 * Has the daemon that listens on `socketPath` do `op`. Throws `daemon_unreachable` when none does, `forbidden` when
 * this user may not talk to it, and what the operation threw, with its code and hint.
 */
export async function callDaemon(socketPath: string, op: string, params: Json): Promise<Json> {
  const answer = Answer.safeParse(JSON.parse(await post(socketPath, JSON.stringify({ op, params }))));
  if (!answer.success) throw new Error('the daemon gave an answer this command does not understand');
  if (answer.data.ok) return answer.data.result;
  const { code, message, hint } = answer.data.error;
  if (!isErrorCode(code)) throw new Error(`${code}: ${message}`);
  throw new FortnightError(code, message, hint === undefined ? {} : { hint });
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}

function post(socketPath: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      reject(translate(error));
    };
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const call = request({ socketPath, method: 'POST', path: '/op', headers }, (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        chunks.push(chunk);
        if (length > MAX_ANSWER_BYTES) response.destroy(new Error('the answer of the daemon is too large'));
      });
      response.on('error', fail);
      response.on('end', () => {
        resolve(Buffer.concat(chunks).toString('utf8'));
      });
    });
    call.setTimeout(ANSWER_TIMEOUT_MS, () => call.destroy(new Error('ETIMEDOUT')));
    call.on('error', fail);
    call.end(body);
  });
}

interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

const ABSENT: Meaning = {
  code: 'daemon_unreachable',
  message: 'the daemon does not run',
  hint: 'start it: systemctl start fortnight',
};
const CLOSED: Meaning = {
  code: 'forbidden',
  message: 'this user may not talk to the daemon',
  hint: 'run it as the user of the service: sudo -u fortnight fortnight ...',
};
const ENDED: Meaning = {
  code: 'daemon_unreachable',
  message: 'the daemon ended during the call',
  hint: 'what it did of it is in its log; ask again when it runs',
};

const MEANINGS: Readonly<Record<string, Meaning>> = {
  ENOENT: ABSENT,
  ECONNREFUSED: ABSENT,
  EACCES: CLOSED,
  EPERM: CLOSED,
  ECONNRESET: ENDED,
  EPIPE: ENDED,
};

function translate(error: unknown): Error {
  const meaning = MEANINGS[errnoOf(error) ?? ''];
  if (meaning === undefined) return error instanceof Error ? error : new Error(String(error));
  return new FortnightError(meaning.code, meaning.message, { hint: meaning.hint, cause: error });
}
