/** The undisturbed runs that follow interrupted lives: each in a process of its own, or one after another in few. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { PROCESS_HANG_MS } from '../support/hang.ts';
import { OVER } from './life.ts';
import { argumentsOf, live, type Living, type Mode } from './scene.ts';
import type { Ran } from './strace.ts';

/** A program to interrupt, and how it is started again afterwards. */
export interface Subject {
  readonly entry: string;
  restart(mode: Mode, how: Living): Promise<Ran>;
}

export function restartedAnew(entry: string): Subject {
  return { entry, restart: (mode, how) => live(entry, mode, how) };
}

/** A process then has another: its threads' modules are never unloaded. */
const RUNS_OF_A_PROCESS = 40;

/**
 * Starting a process takes longer than the run that it is for. So that the enumeration comes to its end, runs share
 * processes; what the program keeps between two runs lies on the disks. One that ends otherwise than it should takes its
 * process with it.
 */
export class RestartedInOne implements Subject {
  readonly entry: string;
  readonly #idle: Restarter[] = [];

  constructor(entry: string) {
    this.entry = entry;
  }

  async restart(mode: Mode, how: Living): Promise<Ran> {
    const restarter = this.#idle.pop() ?? new Restarter(this.entry);
    const ran = await restarter.run(argumentsOf(mode, how));
    if (restarter.fresh) this.#idle.push(restarter);
    else restarter.end();
    return ran;
  }

  end(): void {
    for (const restarter of this.#idle.splice(0)) restarter.end();
  }
}

class Restarter {
  readonly #child: ChildProcessWithoutNullStreams;
  #runs = 0;
  #ended = false;
  #out: string[] = [];
  #err = '';
  #done: (ran: Ran) => void = () => undefined;

  constructor(entry: string) {
    // Without the cache of compiled code: what this process added to it would be opened by the lives that are counted.
    this.#child = spawn(process.execPath, [entry, 'each']);
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      if (line === OVER) this.#settle(0, null);
      else this.#out.push(line);
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#err += text));
    this.#child.stdin.on('error', () => undefined); // its end is told by `close`
    this.#child.on('close', (status, signal) => {
      this.#ended = true;
      this.#settle(status, signal);
    });
  }

  get fresh(): boolean {
    return !this.#ended && this.#runs < RUNS_OF_A_PROCESS;
  }

  run(args: readonly string[]): Promise<Ran> {
    this.#runs += 1;
    this.#out = [];
    this.#err = '';
    return new Promise((resolve) => {
      const hanging = setTimeout(() => this.#child.kill('SIGKILL'), PROCESS_HANG_MS);
      this.#done = (ran) => {
        clearTimeout(hanging);
        resolve(ran);
      };
      this.#child.stdin.write(`${args.join('\t')}\n`);
    });
  }

  end(): void {
    this.#child.stdin.end();
  }

  #settle(status: number | null, signal: NodeJS.Signals | null): void {
    this.#done({ out: this.#out, err: this.#err, status, signal });
  }
}
