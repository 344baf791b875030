import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { apiClient, type ApiClient } from '../../src/demo/api-client.ts';
import { HANG_MS, PROCESS_HANG_MS, WAIT_MS } from '../support/hang.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;
const MINUTE_MS = 60_000;

let dir: Scratch;
let demo: ChildProcess;
let printed = '';
let client: ApiClient;

function passwordOf(userName: string): string {
  return new RegExp(`^ +${userName} +(\\S+)`, 'm').exec(printed)![1]!;
}

function port(pattern: RegExp): number {
  return Number(pattern.exec(printed)![1]);
}

/** Command lines of the processes that have to do with this demo. */
function processes(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return [];
      }
    })
    .filter((line) => line.includes(dir.path));
}

beforeAll(async () => {
  dir = scratch();
  demo = spawn(process.execPath, [MAIN, 'demo', '--dir', join(dir.path, 'demo')], { stdio: 'pipe' });
  for (const stream of [demo.stdout, demo.stderr])
    stream?.on('data', (part: Buffer) => (printed += part.toString()));
  await vi.waitFor(
    () => {
      if (demo.exitCode !== null) throw new Error(`the demo ended: ${printed}`);
      expect(printed).toContain('Ctrl-C ends it');
    },
    { timeout: PROCESS_HANG_MS, interval: 200 },
  );
  client = apiClient(port(/https:\/\/localhost:(\d+)/));
});

afterAll(async () => {
  (client as ApiClient | undefined)?.close();
  if (demo.exitCode === null) {
    demo.kill('SIGINT');
    await once(demo, 'exit');
  }
  dir.remove();
});

interface Clips {
  readonly clips: readonly { readonly id: number; readonly endMs: number }[];
}

describe('the demo', () => {
  it('says that it confirmed the adoption with the ordinary command', () => {
    expect(printed).toContain('Adoption: confirmed with `fortnight roots adopt frigate --as fatima`');
    expect(printed).toContain('Adoption: confirmed with `fortnight roots adopt mediamtx --as fatima`');
  });

  it('shows security what is being recorded now', async () => {
    await client.logIn('sam', passwordOf('sam'));
    await client.call('PUT', '/session/purpose', { kind: 'protect_property', note: 'Looking at the demo' });
    await vi.waitFor(
      async () => {
        const nowMs = Date.now();
        const window = `from=${String(nowMs - MINUTE_MS)}&to=${String(nowMs + MINUTE_MS)}`;
        const { clips } = (await client.call('GET', `/clips?camera=entrance&${window}`)) as Clips;
        expect(clips.length).toBeGreaterThan(0);
      },
      { timeout: WAIT_MS, interval: 500 },
    );
  });

  it('has a hold that keeps footage which is about to fall due', async () => {
    await client.logIn('fatima', passwordOf('fatima'));
    const { holds } = (await client.call('GET', '/holds')) as { holds: { caseRef: string; state: string }[] };
    expect(holds).toMatchObject([{ caseRef: 'DEMO-1', state: 'standing' }]);
  });

  it(
    'deletes what was due when it began, and nothing is overdue',
    async () => {
      const url = `http://127.0.0.1:${String(port(/127\.0\.0\.1:(\d+)\/metrics/))}/metrics`;
      await vi.waitFor(
        async () => {
          const text = await (await fetch(url)).text();
          const deleted = /^fortnight_deletions_total\{outcome="deleted",reason="retention"\} (\d+)$/m.exec(
            text,
          );
          expect(Number(deleted?.[1])).toBeGreaterThan(20);
          expect(text).toContain('fortnight_overdue_clips{camera="entrance"} 0\n');
          expect(text).toContain('fortnight_overdue_clips{camera="hall"} 0\n');
        },
        { timeout: PROCESS_HANG_MS, interval: 1000 },
      );
    },
    HANG_MS,
  );

  it('exports metrics that promtool accepts', async (ctx) => {
    if (spawnSync('promtool', ['--version']).error !== undefined) ctx.skip('promtool is not installed');
    const url = `http://127.0.0.1:${String(port(/127\.0\.0\.1:(\d+)\/metrics/))}/metrics`;
    const text = await (await fetch(url)).text();
    const checked = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect(checked.stdout + checked.stderr).toBe('');
  });

  it('ends all of its processes when it is told to', async () => {
    expect(processes().length).toBeGreaterThanOrEqual(4);
    demo.kill('SIGINT');
    const [status] = (await once(demo, 'exit')) as [number | null];
    expect(status).toBe(0);
    expect(processes()).toEqual([]);
  });
});
