/** The whole program as people meet it: accounts by the command line, HTTPS, a real film, and a power cut in mid-view. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everyRecord, verifyChain } from '../../src/audit/verify.ts';
import { systemClock } from '../../src/base/clock.ts';
import { compileLayout } from '../../src/clips/layouts/index.ts';
import { createAuditStore } from '../../src/db/audit.ts';
import { openIndexReadOnly } from '../../src/db/open.ts';
import { begin, Client } from '../support/http/client.ts';
import { validTree } from '../tools/config-file.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';
import { PROCESS_HANG_MS } from '../support/hang.ts';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;
const PASSWORD = 'een zin die niemand raadt';
const SECOND = 1000;

let dir: Scratch;
let config: string;
let film: Buffer;
let daemon: ChildProcess;
let port: number;

beforeAll(async () => {
  dir = scratch();
  const tree = validTree(dir.path);
  const startMs = systemClock.wallMs() - 60 * SECOND;
  const layout = compileLayout({
    layout: 'frigate',
    pattern: undefined,
    timeZone: 'Europe/Amsterdam',
    cameras: ['front_door', 'lobby'],
  });
  const file = join(tree.sources[0].root, layout.format('front_door', startMs));
  mkdirSync(dirname(file), { recursive: true });
  makeFilm(file);
  film = readFileSync(file);
  config = join(dir.path, 'fortnight.yaml');
  const http = { address: '127.0.0.1', port: 0, hosts: ['fortnight.test'] };
  const text = stringify({ ...tree, http, metrics: { enabled: false } });
  writeFileSync(config, text, { mode: 0o600 });
  await start();
});
afterAll(async () => {
  await stop('SIGTERM');
  dir.remove();
});

/** Three seconds of moving pictures that do not compress well: some megabytes. */
function makeFilm(file: string): void {
  const input = ['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25,noise=alls=40:allf=t'];
  const output = [
    '-t',
    '10',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-qp',
    '1',
    '-movflags',
    '+faststart',
    file,
  ];
  execFileSync('ffmpeg', ['-v', 'error', ...input, ...output]);
}

/** Starts the daemon and waits until it says on which port it serves. */
async function start(): Promise<void> {
  daemon = spawn(process.execPath, [MAIN, 'run', '--config', config], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: daemon.stdout! });
  port = await new Promise<number>((resolve, reject) => {
    lines.on('line', (line) => {
      const said = JSON.parse(line) as Record<string, unknown>;
      if (typeof said['port'] === 'number') resolve(said['port']);
    });
    daemon.once('exit', (code) => {
      reject(new Error(`the daemon ended with ${String(code)}`));
    });
  });
}

async function stop(signal: NodeJS.Signals): Promise<void> {
  const ended = new Promise((resolve) => daemon.once('exit', resolve));
  daemon.kill(signal);
  await ended;
}

function fortnight(args: string[], input = ''): string {
  return execFileSync(process.execPath, [MAIN, ...args, '--config', config], {
    input,
    encoding: 'utf8',
    timeout: PROCESS_HANG_MS,
  });
}

/** Signs in, states a purpose, and finds the film. */
async function viewer(): Promise<{ client: Client; path: string }> {
  const client = new Client(port);
  const reply = await client.login('anna', PASSWORD);
  client.cookie = reply.headers['set-cookie']![0]!.split(';', 1)[0]!;
  client.csrf = String(reply.json['csrfToken']);
  await client.state();
  const now = systemClock.wallMs();
  const query = `camera=entrance&from=${String(now - 3_600_000)}&to=${String(now + 60_000)}`;
  const clips = async (): Promise<{ id: number }[]> =>
    (await client.get(`/api/v1/clips?${query}`)).json['clips'] as { id: number }[];
  await expect.poll(async () => (await clips()).length).toBe(1);
  return { client, path: `/api/v1/clips/${String((await clips())[0]!.id)}/media` };
}

/** The records of the audit as they are on the disk; the chain must be whole. */
function audit(kind: string): Record<string, unknown>[] {
  const db = openIndexReadOnly(join(dir.path, 'state', 'index.db'));
  try {
    const store = createAuditStore(db);
    const records = [...everyRecord(store)];
    expect(verifyChain(records).ok).toBe(true);
    return records
      .filter((r) => r.kind === kind)
      .map((r) => JSON.parse(r.payload!) as Record<string, unknown>);
  } finally {
    db.close();
  }
}

/** One record for each hour of footage: what is recorded over the full hour has two. */
function hoursOfFootage(views: readonly Record<string, unknown>[]): number {
  return new Set(views.map((view) => view['hourMs'])).size;
}

describe('the program', () => {
  it('shows a film to somebody of the command line, byte for byte, and records it', async () => {
    expect(fortnight(['users', 'add', 'anna', '--role', 'security'], `${PASSWORD}\n`)).toContain(
      'made: anna',
    );
    const { client, path } = await viewer();
    const whole = await client.get(path);
    expect(whole.bytes.equals(film)).toBe(true);
    expect(whole.headers['content-type']).toBe('video/mp4');
    const part = await client.get(path, { headers: { range: 'bytes=1000-1999' } });
    expect(part.bytes.equals(film.subarray(1000, 2000))).toBe(true);
    const poster = await client.get(path.replace('media', 'poster'));
    expect([poster.status, poster.bytes.subarray(0, 2).toString('hex')]).toEqual([200, 'ffd8']);
    expect(hoursOfFootage(audit('view_start'))).toBe(audit('view_start').length);
    expect(audit('view_start')[0]).toMatchObject({
      actor: 'anna',
      camera: 'entrance',
      purpose: 'protect_property',
    });
  });

  it('A-D10 killed at the first byte of a view, it has the record of it, and ends it at the next start', async () => {
    const { client, path } = await viewer();
    const before = audit('view_start').length;
    const stream = await begin(client, path);
    await stream.take();
    await stop('SIGKILL');
    const started = audit('view_start').slice(before);
    expect([started.length > 0, hoursOfFootage(started)]).toEqual([true, started.length]);
    await start();
    expect(audit('view_end').at(-1)).toMatchObject({ actor: 'anna', why: 'unknown' });
  });

  it('signs nobody out by a restart', async () => {
    const { client } = await viewer();
    await stop('SIGTERM');
    await start();
    const again = new Client(port);
    const reply = await again.get('/api/v1/session', { headers: { cookie: client.cookie } });
    expect([reply.status, reply.json['userName']]).toEqual([200, 'anna']);
  });

  it('describes its API with every route', async () => {
    const { json } = await new Client(port).get('/api/v1/openapi.json');
    expect(json['openapi']).toBe('3.1.0');
    expect(Object.keys(json['paths'] as object)).toContain('/api/v1/clips/{id}/media');
  });
});
