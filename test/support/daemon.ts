/** The real program in a process of its own, with what happens to processes: signals, strace, a preloaded module. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { Json } from '../../src/base/canonical-json.ts';
import { errnoOf } from '../../src/base/errors.ts';
import { callDaemon } from '../../src/cli/control-client.ts';
import { CONTROL_SOCKET } from '../../src/config/config.ts';
import { PROCESS_HANG_MS } from './hang.ts';
import { withoutReserve } from './reserve.ts';

const PROGRAM = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
/** For a program of ours in a process of its own: compiled once per machine, not once per start. */
export const ENVIRONMENT = {
  NODE_NO_WARNINGS: '1',
  NODE_COMPILE_CACHE: join(tmpdir(), 'fortnight-test-compiled'),
};

/** State and footage of an installation, and its configuration. */
export interface Site {
  readonly state: string;
  readonly footage: string;
  readonly config: string;
}

/** A directory for each camera. */
const PATTERN = '{camera}/{YYYY}{MM}{DD}_{hh}{mm}{ss}.mp4';

/** Writes the configuration of one source with two cameras; the directories exist. */
export function writeSite(
  dir: string,
  places: {
    readonly state: string;
    readonly footage: string;
    readonly pattern?: string;
    readonly maxClipMinutes?: number;
  },
): Site {
  const { state, footage, pattern = PATTERN, maxClipMinutes } = places;
  withoutReserve(state);
  const config = join(dir, 'fortnight.yaml');
  const site = { name: 'Office', controller: 'Example B.V.', contact: 'privacy@example.org' };
  writeFileSync(
    config,
    stringify({
      site: { ...site, timeZone: 'Etc/UTC', country: 'NL' },
      retention: { days: 14, justification: 'Damage is often found only after a weekend or a holiday.' },
      cameras: ['entrance', 'hall'].map((id) => ({ id, name: id, purpose: 'protecting property' })),
      sources: [
        {
          id: 'nvr',
          root: footage,
          layout: 'custom',
          pattern,
          cameras: { entrance: 'entrance', hall: 'hall' },
          events: 'no',
          ...(maxClipMinutes === undefined ? {} : { maxClipMinutes }),
        },
      ],
      stateDir: state,
      holds: { coolingOffHours: 0 },
      clock: { trust: 'rtc' },
      http: { address: '127.0.0.1', port: 0, hosts: ['localhost'] },
      metrics: { enabled: false },
    }),
    { mode: 0o600 },
  );
  return { state, footage, config };
}

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface DaemonOptions {
  /** A program with its arguments that runs the daemon. */
  readonly under?: readonly string[];
  /** Arguments for Node. */
  readonly node?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

export class Daemon {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  readonly #site: Site;
  readonly #under: boolean;
  readonly #lines: string[] = [];
  #heard: () => void = () => undefined;

  constructor(site: Site, { under = [], node = [], env = {} }: DaemonOptions = {}) {
    this.#site = site;
    this.#under = under.length > 0;
    const run = [...under, process.execPath, ...node, PROGRAM, 'run', '--config', site.config];
    const [command = '', ...args] = run;
    this.#child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...ENVIRONMENT, ...env },
    });
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      createInterface(stream).on('line', (line) => {
        this.#lines.push(line);
        this.#heard();
      });
    }
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject).once('close', (status, signal) => {
        resolve({ status, signal });
        this.#heard();
      });
    });
  }

  /** What it has printed. */
  get output(): string {
    return this.#lines.join('\n');
  }

  /** Of the daemon itself when it runs under another program. */
  get pid(): number {
    const pid = this.#child.pid!;
    const [own] = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'latin1').split(' ');
    return this.#under && own !== undefined && own !== '' ? Number(own) : pid;
  }

  /** Resolves with the first line that has this text, past ones included; throws when it ends without. */
  async line(text: string): Promise<string> {
    for (;;) {
      const found = this.#lines.find((line) => line.includes(text));
      if (found !== undefined) return found;
      if (this.#over) throw new Error(`the daemon ended without "${text}": ${this.output}`);
      await new Promise<void>((resolve) => (this.#heard = resolve));
    }
  }

  async started(): Promise<this> {
    await this.line('"event":"started"');
    return this;
  }

  call(op: string, params: Json): Promise<Json> {
    return callDaemon(join(this.#site.state, CONTROL_SOCKET), op, params);
  }

  /** Nothing when it has ended; what it ran under may be a moment behind. */
  kill(signal: NodeJS.Signals): void {
    if (this.#over) return;
    try {
      process.kill(this.pid, signal);
    } catch (error) {
      if (errnoOf(error) !== 'ESRCH') throw error;
    }
  }

  /** Asks it to end, and waits for that. */
  async stop(): Promise<Ended> {
    this.kill('SIGTERM');
    return this.ended;
  }

  get #over(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}

/** Runs one command of the program over a site. */
export function command(site: Site, args: readonly string[]): { status: number | null; output: string } {
  const [name = '', ...rest] = args;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [PROGRAM, name, ...rest, '--config', site.config],
    { encoding: 'utf8', timeout: PROCESS_HANG_MS, env: { ...process.env, ...ENVIRONMENT } },
  );
  return { status, output: stdout + stderr };
}
