import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '../../src/base/canonical-json.ts';
import { FortnightError } from '../../src/base/errors.ts';
import type { Log } from '../../src/base/log.ts';
import { callDaemon } from '../../src/cli/control-client.ts';
import { withDaemon } from '../../src/cli/connect.ts';
import { controlOp, startControlServer, type ControlServer } from '../../src/http/control.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

let dir: Scratch;
let stateDir: string;
let path: string;
let server: ControlServer | undefined;
let logged: string[];
let finish: () => void;

const log: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: (event) => logged.push(event),
};

const ops = {
  double: controlOp(z.strictObject({ n: z.number().max(1000) }), ({ n }) => Promise.resolve({ n: 2 * n })),
  refuse: controlOp(z.strictObject({}), () =>
    Promise.reject(new FortnightError('conflict', 'released already', { hint: 'look at it' })),
  ),
  silent: controlOp(z.strictObject({}), () => Promise.reject(new FortnightError('gone', 'deleted'))),
  defect: controlOp(z.strictObject({}), () => Promise.reject(new TypeError('secret detail'))),
  wait: controlOp(z.strictObject({}), async () => {
    await new Promise<void>((resolve) => (finish = resolve));
    return 'done';
  }),
};

beforeEach(() => {
  dir = scratch();
  stateDir = join(dir.path, 'state');
  mkdirSync(stateDir, { mode: 0o700 });
  path = join(stateDir, 'control.sock');
  logged = [];
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  dir.remove();
});

const start = async (): Promise<void> => {
  server = await startControlServer({ path, ops, log });
};
const thrown = (call: Promise<Json>): Promise<unknown> =>
  call.then(
    () => 'nothing',
    (error: unknown) => error,
  );

describe('the control socket', () => {
  it('carries an operation to the daemon and its result back', async () => {
    await start();
    expect(await callDaemon(path, 'double', { n: 21 })).toEqual({ n: 42 });
    expect(await withDaemon('double', { n: 1 }, { stateDir })).toEqual({ n: 2 });
  });

  it('is for its owner only, in a directory that is for its owner only', async () => {
    await start();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await server?.stop();
    chmodSync(stateDir, 0o710);
    await expect(start()).rejects.toMatchObject({
      code: 'state_unsafe',
      hint: expect.stringContaining('0700') as string,
    });
  });

  it('brings the code, the sentence and the hint of a refusal', async () => {
    await start();
    const refusal = { code: 'conflict', message: 'released already', hint: 'look at it' };
    expect(await thrown(callDaemon(path, 'refuse', {}))).toMatchObject(refusal);
    expect(await thrown(callDaemon(path, 'silent', {}))).toMatchObject({ code: 'gone', hint: undefined });
    expect(logged).toEqual([]);
  });

  it('keeps what a defect says in the log of the daemon', async () => {
    await start();
    const error = await thrown(callDaemon(path, 'defect', {}));
    expect(error).toMatchObject({ code: 'internal' });
    expect(String(error)).not.toContain('secret detail');
    expect(logged).toEqual(['control_failed']);
  });

  it('refuses unknown operations and parameters that do not fit, prototypes included', async () => {
    await start();
    for (const op of ['nothing', 'constructor', '__proto__', 'toString']) {
      expect(await thrown(callDaemon(path, op, {}))).toMatchObject({ code: 'not_found' });
    }
    expect(await thrown(callDaemon(path, 'double', { n: '1' }))).toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/^n: /) as string,
    });
    expect(await thrown(callDaemon(path, 'double', { n: 1001 }))).toMatchObject({
      message: 'n must be at most 1000',
    });
    expect(await thrown(callDaemon(path, 'double', { n: 1, m: 2 }))).toMatchObject({ code: 'invalid' });
    expect(await thrown(callDaemon(path, 'x'.repeat(65), {}))).toMatchObject({ code: 'invalid' });
  });

  it('reads no more than 64 KiB', async () => {
    await start();
    const error = await thrown(callDaemon(path, 'double', { n: 'x'.repeat(70_000) }));
    expect(error).toMatchObject({ code: 'too_large' });
  });

  it('knows POST /op and JSON, nothing else', async () => {
    await start();
    expect(await raw('GET', '/op', '')).toBe(405);
    expect(await raw('POST', '/', '{}')).toBe(405);
    expect(await raw('POST', '/op', '{')).toBe(400);
    expect(await raw('POST', '/op', '[]')).toBe(400);
  });

  it('lets the call under way end when it stops, takes no other, and is gone then', async () => {
    await start();
    const call = callDaemon(path, 'wait', {});
    await expect.poll(() => finish as unknown).toBeDefined();
    const stopped = server!.stop();
    expect(await thrown(callDaemon(path, 'double', { n: 1 }))).toMatchObject({ code: 'daemon_unreachable' });
    finish();
    expect(await call).toBe('done');
    await stopped;
    expect(existsSync(path)).toBe(false);
  });

  it('takes the place of a socket a crash left, and of nothing else', async () => {
    await leaveSocket(path);
    await start();
    expect(await callDaemon(path, 'double', { n: 1 })).toEqual({ n: 2 });
    await server?.stop();
    writeFileSync(path, 'something of somebody');
    await expect(start()).rejects.toMatchObject({ code: 'state_unsafe' });
    expect(existsSync(path)).toBe(true);
  });
});

describe('without a daemon', () => {
  it('a command says so and how to start it', async () => {
    const error = { code: 'daemon_unreachable', hint: 'start it: systemctl start fortnight' };
    expect(await thrown(withDaemon('double', {}, { stateDir }))).toMatchObject(error);
    await leaveSocket(path);
    expect(await thrown(withDaemon('double', {}, { stateDir }))).toMatchObject(error);
  });

  it('a command that only reads may look for itself', async () => {
    const place = { stateDir, offline: () => Promise.resolve('seen') };
    expect(await withDaemon('double', {}, place)).toBe('seen');
    await start();
    expect(await thrown(withDaemon('refuse', {}, place))).toMatchObject({ code: 'conflict' });
  });

  it('that ends in the middle of a call is not taken for one that did it', async () => {
    const cut = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => cut.listen(path, resolve));
    const error = await thrown(callDaemon(path, 'double', {}));
    expect(error).toMatchObject({ code: 'daemon_unreachable', message: 'the daemon ended during the call' });
    await new Promise((resolve) => cut.close(resolve));
  });
});

function raw(method: string, target: string, body: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath: path, method, path: target }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** A socket nobody listens on, as a killed process leaves it. */
async function leaveSocket(at: string): Promise<void> {
  const { spawnSync } = await import('node:child_process');
  const script = `require('node:net').createServer().listen(${JSON.stringify(at)}, () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', script]);
  expect(existsSync(at)).toBe(true);
  await new Promise((resolve) => connect(at).on('error', resolve));
}
