/** The real program in a process of its own, and what can be seen of it from outside. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { Json } from '../../src/base/canonical-json.ts';
import { callDaemon } from '../../src/cli/control-client.ts';
import { CONTROL_SOCKET } from '../../src/config/config.ts';
import { CAMERAS } from './trees.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const PRELOAD = new URL('./loop-delay.mjs', import.meta.url);
const START_LIMIT_MS = 120_000;

/** One installation: a configuration over one root, and a state directory. */
export interface Site {
  readonly config: string;
  readonly stateDir: string;
  readonly root: string;
}

/** Makes the directories and writes the configuration: eight cameras of one Frigate. */
export function makeSite(dir: string, days = 14): Site {
  const site = {
    config: join(dir, 'fortnight.yaml'),
    stateDir: join(dir, 'state'),
    root: join(dir, 'footage'),
  };
  mkdirSync(site.root, { recursive: true });
  mkdirSync(site.stateDir, { recursive: true, mode: 0o700 });
  writeFileSync(
    site.config,
    stringify({
      site: {
        name: 'Bench',
        controller: 'Example',
        contact: 'a@example.org',
        timeZone: 'Etc/UTC',
        country: 'NL',
      },
      retention: { days, justification: 'Damage is often found only after a weekend or a holiday.' },
      cameras: CAMERAS.map((id) => ({ id, name: id, purpose: 'protecting property' })),
      sources: [
        {
          id: 'nvr',
          root: site.root,
          layout: 'frigate',
          cameras: Object.fromEntries(CAMERAS.map((c) => [c, c])),
        },
      ],
      stateDir: site.stateDir,
      http: { address: '127.0.0.1', port: 0, hosts: ['localhost'] },
      metrics: { enabled: false },
    }),
  );
  return site;
}

/** A line of the daemon's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly event: string; readonly time: string };

export interface LoopDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

interface Waiter {
  readonly matches: (line: LogLine) => boolean;
  readonly found: (line: LogLine) => void;
}

export class Daemon {
  readonly spawnedMs = performance.now();
  readonly #site: Site;
  readonly #child: ChildProcess;
  readonly #loopFile: string;
  readonly #lines: LogLine[] = [];
  readonly #waiters = new Set<Waiter>();
  readonly #ended: Promise<never>;

  /** `under`: a program and its arguments that runs the daemon (strace). `script`: another entry than the program's. */
  constructor(site: Site, options: { readonly under?: readonly string[]; readonly script?: string } = {}) {
    this.#site = site;
    this.#loopFile = join(site.stateDir, '..', 'loop.json');
    rmSync(this.#loopFile, { force: true });
    const run =
      options.script === undefined
        ? [PROGRAM, 'run', '--config', site.config]
        : [options.script, site.config];
    const preload = new URL(PRELOAD);
    preload.searchParams.set('file', this.#loopFile);
    const [command = '', ...args] = [
      ...(options.under ?? []),
      process.execPath,
      ...['--import', preload.href],
      ...run,
    ];
    this.#child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env['PATH'] },
    });
    this.#ended = new Promise((_, reject) => {
      this.#child.once('error', reject);
      this.#child.once('exit', (code, signal) => {
        reject(new Error(`the daemon ended with ${String(code ?? signal)}`));
      });
    });
    this.#ended.catch(() => undefined);
    if (this.#child.stdout !== null) {
      createInterface(this.#child.stdout).on('line', (text) => {
        this.#hear(text);
      });
    }
  }

  /** The first line of the log with this event that fits, past ones included. Rejects when the daemon ends before. */
  line(event: string, fits: (line: LogLine) => boolean = () => true): Promise<LogLine> {
    const matches = (line: LogLine): boolean => line.event === event && fits(line);
    const past = this.#lines.find(matches);
    if (past !== undefined) return Promise.resolve(past);
    const later = new Promise<LogLine>((found) => this.#waiters.add({ matches, found }));
    return Promise.race([later, this.#ended]);
  }

  async port(): Promise<number> {
    return Number((await this.line('started'))['port']);
  }

  call(op: string, params: Json): Promise<Json> {
    return callDaemon(join(this.#site.stateDir, CONTROL_SOCKET), op, params);
  }

  /** The process of the daemon itself, also when it runs under another program. */
  async pid(): Promise<number> {
    const limit = performance.now() + START_LIMIT_MS;
    while (!existsSync(this.#loopFile)) {
      if (performance.now() > limit) throw new Error('the daemon does not start');
      await Promise.race([sleep(20), this.#ended]);
    }
    return this.#read().pid;
  }

  /** How late the event loop was since the last call, or the start. */
  async loopDelay(): Promise<LoopDelay> {
    const pid = await this.pid();
    rmSync(this.#loopFile);
    process.kill(pid, 'SIGUSR2');
    await this.pid();
    return this.#read();
  }

  /** The most memory it has had, in MB. */
  async peakMb(): Promise<number> {
    const status = readFileSync(`/proc/${String(await this.pid())}/status`, 'latin1');
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
    return (Number(kib) * 1024) / 1e6;
  }

  /** inotify watches it holds. */
  async watches(): Promise<number> {
    const dir = `/proc/${String(await this.pid())}/fdinfo`;
    return readdirSync(dir).reduce(
      (sum, fd) => sum + (textOf(`${dir}/${fd}`).match(/^inotify /gm)?.length ?? 0),
      0,
    );
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    process.kill(await this.pid(), 'SIGTERM');
    await gone;
  }

  #read(): LoopDelay & { readonly pid: number } {
    return JSON.parse(readFileSync(this.#loopFile, 'utf8')) as LoopDelay & { pid: number };
  }

  #hear(text: string): void {
    if (!text.startsWith('{')) return;
    const line = JSON.parse(text) as LogLine;
    this.#lines.push(line);
    for (const waiter of this.#waiters) {
      if (!waiter.matches(line)) continue;
      this.#waiters.delete(waiter);
      waiter.found(line);
    }
  }
}

/** Runs `work` with a daemon that is stopped afterwards, whatever happens. */
export async function withDaemon<T>(daemon: Daemon, work: (daemon: Daemon) => Promise<T>): Promise<T> {
  try {
    return await work(daemon);
  } finally {
    await daemon.stop().catch(() => undefined);
  }
}

/** A descriptor may be closed while all are looked at. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
