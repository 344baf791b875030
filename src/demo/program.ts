/** The daemon and the ordinary commands, as the demo runs them: the same program in processes of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';
import { FortnightError } from '../base/errors.ts';

export interface Program {
  /** Arguments that start `fortnight` in this installation: a Node and a script. */
  readonly start: readonly [string, ...string[]];
  /** Absolute path of the configuration. */
  readonly config: string;
}

export interface Daemon {
  /** Settles with a sentence when the daemon has ended. */
  readonly ended: Promise<string>;
  /** Asks it to stop and waits until it has. */
  stop(): Promise<void>;
}

/** Starts `fortnight run`; its log goes to `logFile`. */
export function startDaemon(program: Program, logFile: string): Daemon {
  const log = openSync(logFile, 'a', 0o600);
  // A process group of its own: Ctrl-C reaches us, and we stop it in good order.
  const child = launch(program, ['run'], { stdio: ['ignore', log, log], detached: true });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(`the daemon cannot be started: ${error.message}`);
    });
    child.once('exit', (status, signal) => {
      resolve(`the daemon ended (${String(status ?? signal)}); its log is ${logFile}`);
    });
  });
  return {
    ended,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Runs one command of `fortnight` to its end and answers what it printed. Throws with what it complained about. */
export function command(program: Program, args: readonly string[], stdin = ''): Promise<string> {
  const child = launch(program, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: false });
  let printed = '';
  let complained = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (complained += text));
  child.stdin?.end(stdin);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      if (status === 0) resolve(printed);
      else {
        const sentence = `fortnight ${args.join(' ')} ended with ${String(status)}: ${complained.trim()}`;
        reject(new FortnightError('conflict', sentence));
      }
    });
  });
}

interface Streams {
  readonly stdio: ('ignore' | 'pipe' | number)[];
  readonly detached: boolean;
}

function launch({ start, config }: Program, args: readonly string[], streams: Streams): ChildProcess {
  const [node, ...script] = start;
  return spawn(node, [...script, ...args, '--config', config], streams);
}
