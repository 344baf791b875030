import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import {
  startMetricsServer,
  type MetricsListener,
  type MetricsServer,
} from '../../src/observe/metrics-server.ts';
import { createMetrics, type Metrics } from '../../src/observe/metrics.ts';
import type { Snapshot } from '../../src/observe/snapshot.ts';
import { aSnapshot } from '../tools/snapshot.ts';

const TOKEN = 'a-token-of-more-than-twenty-characters';
let scratch: string;
let tokenFile: string;
let metrics: Metrics;
let server: MetricsServer | undefined;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'fortnight-metrics-'));
  tokenFile = join(scratch, 'token');
  writeFileSync(tokenFile, `${TOKEN}\n`);
  metrics = createMetrics();
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  metrics.stop();
  rmSync(scratch, { recursive: true });
});

async function start(
  listener: Partial<MetricsListener> = {},
  snapshot: () => Snapshot = () => aSnapshot(),
): Promise<void> {
  server = await startMetricsServer(
    { address: '127.0.0.1', port: 0, tokenFile: undefined, ...listener },
    { metrics, status: { snapshot }, log: silentLog },
  );
}

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server!.port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part: string) => (body += part));
      response.on('end', () => {
        resolve({ status: response.statusCode!, headers: response.headers, body });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('the listener of the metrics', () => {
  it('answers a scrape on loopback without a token', async () => {
    await start();
    const reply = await ask('/metrics');
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toContain('text/plain; version=0.0.4');
    expect(reply.body).toContain('fortnight_views_total 0');
  });

  it('answers nothing else', async () => {
    await start();
    expect((await ask('/')).status).toBe(404);
    expect((await ask('/metrics/../etc/passwd')).status).toBe(404);
    expect((await ask('/metrics', {}, 'POST')).status).toBe(405);
    expect((await ask('/metrics', {}, 'HEAD')).body).toBe('');
  });

  it('refuses a web page that asks under a name of its own', async () => {
    await start();
    expect((await ask('/metrics', { host: 'evil.example:9427' })).status).toBe(421);
    expect((await ask('/metrics', { host: 'localhost:9427' })).status).toBe(200);
    expect((await ask('/metrics', { host: '[::1]:9427' })).status).toBe(200);
  });

  it('asks for the token when there is one', async () => {
    await start({ tokenFile });
    expect((await ask('/metrics')).status).toBe(401);
    expect((await ask('/metrics')).headers['www-authenticate']).toBe('Bearer');
    expect((await ask('/metrics', { authorization: `Bearer ${TOKEN}x` })).status).toBe(401);
    expect((await ask('/metrics', { authorization: `Basic ${TOKEN}` })).status).toBe(401);
    expect((await ask('/metrics', { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
  });

  it('does not start on another address without a token', async () => {
    await expect(start({ address: '0.0.0.0' })).rejects.toMatchObject({ code: 'config_invalid' });
  });

  it('does not start with a token that can be guessed, or cannot be read', async () => {
    writeFileSync(tokenFile, 'short');
    await expect(start({ tokenFile })).rejects.toMatchObject({ code: 'config_invalid' });
    await expect(start({ tokenFile: join(scratch, 'none') })).rejects.toMatchObject({
      code: 'config_invalid',
    });
  });

  it('says so when its port is taken', async () => {
    await start();
    const first = server!;
    await expect(start({ port: first.port })).rejects.toMatchObject({ code: 'config_invalid' });
  });

  it('answers 500 without details when the status cannot be read, and recovers', async () => {
    let broken = true;
    await start({}, () => {
      if (broken) throw new Error('secret detail');
      return aSnapshot();
    });
    const reply = await ask('/metrics');
    expect(reply).toMatchObject({ status: 500, body: '' });
    broken = false;
    expect((await ask('/metrics')).status).toBe(200);
  });
});
