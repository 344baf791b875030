/** What strace does for the crash tests: which relevant system calls a run makes, and a fault at one of them. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { errnoOf } from '../../src/base/errors.ts';
import { PROCESS_HANG_MS } from '../support/hang.ts';
import type { Places } from './life.ts';

/** The calls a crash can fall between: whatever makes, changes, removes or secures a file, and every opening. */
export const CALLS = [
  ...['open', 'openat', 'write', 'pwrite64', 'fsync', 'fdatasync', 'ftruncate', 'unlink', 'unlinkat'],
  ...['rename', 'renameat', 'renameat2', 'mkdir', 'mkdirat', 'rmdir', 'link', 'linkat'],
];
const STRACE = ['strace', '-f', '-y', '-qq', '-s', '0', '-e', 'signal=none'];

/** A call on the state directory or the footage. */
export interface Call {
  readonly name: string;
  /** Its number among the main thread's calls of that name, from 1: what strace counts. */
  readonly nth: number;
  /** Its number among those of them that are relevant, from 1. */
  readonly relevant: number;
  /** How many lines the subject had said before. */
  readonly said: number;
}

export interface Ran {
  readonly out: string[];
  readonly err: string;
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

export function straceMissing(): string | undefined {
  return spawnSync('strace', ['-V']).status === 0 ? undefined : 'strace is not installed';
}

/** The subject says what it has acknowledged by this call, which nothing else uses. */
const SAY = 'writev';

/** strace with its log in `log`; `-y` writes the path of every descriptor beside it. */
export function tracing(log: string): string[] {
  const calls = [...CALLS, SAY].map((name) => `?${name}`).join(',');
  return [...STRACE, '-o', log, '-e', `trace=${calls}`];
}

/** The same with a fault at the N-th call of a name, or from there on. strace's filter in the kernel loses signals. */
export function hindering(log: string, name: string, fault: { what: string; when: string }): string[] {
  const filter = fault.what.startsWith('signal') ? [] : ['--seccomp-bpf'];
  const inject = `inject=${name}:${fault.what}:when=${fault.when}`;
  return [...STRACE, ...filter, '-o', log, '-e', `trace=${name}`, '-e', inject];
}

/** A call at whose beginning a process is to be killed: strace holds it there, in this log. */
export interface Held {
  readonly log: string;
  readonly name: string;
  readonly nth: number;
}

const HELD_US = PROCESS_HANG_MS * 1000;
const LOOK_MS = 5;

/**
 * strace holds the process before the N-th call of a name, for `run` to kill it there. Its own `signal=KILL` needs every call
 * of the process to be stopped at, which takes most of the time on a busy machine.
 */
export function holding({ log, name, nth }: Held): string[] {
  const inject = `inject=${name}:delay_enter=${String(HELD_US)}:when=${String(nth)}`;
  return [...STRACE, '--seccomp-bpf', '-o', log, '-e', `trace=${name}`, '-e', inject];
}

/**
 * Kills the process as soon as it is held, and strace, which else waits for the end of the holding. Returns what ends
 * the watch.
 */
function killWhenHeld({ log, nth }: Held, strace: ChildProcess): () => void {
  let before = 0;
  const timer = setInterval(() => {
    const { size = 0 } = statSync(log, { throwIfNoEntry: false }) ?? {};
    const rests = size > 0 && size === before;
    before = size;
    if (!rests) return;
    const [first, ...more] = linesOf(log);
    const made = first === undefined ? 0 : 1 + more.filter((line) => line.pid === first.pid).length;
    if (made !== nth) return;
    killIfThere(Number(first?.pid));
    strace.kill('SIGKILL');
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
  };
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (errnoOf(error) !== 'ESRCH') throw error;
  }
}

/** Runs to its end, unless it hangs, or is held to be killed. */
export function run(command: readonly string[], env: NodeJS.ProcessEnv, held?: Held): Promise<Ran> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: PROCESS_HANG_MS, env });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const unwatch = held === undefined ? undefined : killWhenHeld(held, child);
    child.on('error', reject).on('close', (status, signal) => {
      unwatch?.();
      resolve({ out: out.split('\n').filter((line) => line !== ''), err, status, signal });
    });
  });
}

/** The relevant calls in a log. Throws when another thread than the first made one: strace would count it apart. */
export function relevantCalls(log: string, { state, footage }: Places): Call[] {
  const ours = [`"${state}`, `<${state}`, `"${footage}`, `<${footage}`, '"/proc/self/fd/'];
  const counts = new Map<string, { nth: number; relevant: number }>();
  const calls: Call[] = [];
  let said = 0;
  let main: string | undefined;
  for (const { pid, name, rest } of linesOf(log)) {
    main ??= pid;
    const relevant = ours.some((path) => rest.includes(path));
    if (relevant && pid !== main) throw new Error(`another thread made a call that counts: ${name}(${rest}`);
    if (pid !== main) continue;
    if (name === SAY) said += 1;
    const count = counts.get(name) ?? { nth: 0, relevant: 0 };
    counts.set(name, count);
    count.nth += 1;
    if (!relevant) continue;
    count.relevant += 1;
    calls.push({ name, ...count, said });
  }
  return calls;
}

/** The relevant call at which a process was killed; undefined when it was another. */
export function lastCall(log: string, places: Places): Call | undefined {
  const lines = linesOf(log);
  const made = lines.filter((line) => line.pid === lines[0]?.pid).length;
  const last = relevantCalls(log, places).at(-1);
  return last?.nth === made ? last : undefined;
}

/** The relevant call that was the N-th of its name, in the log of a run that was hindered; undefined when it was another. */
export function callAt(nth: number, log: string, places: Places): Call | undefined {
  return relevantCalls(log, places).find((call) => call.nth === nth);
}

/**
 * Whether a run came to no further call of the name after the N-th, which was hindered, in any thread: had all later ones been
 * hindered, too, it would have been the same run.
 */
export function endedAt(nth: number, log: string): boolean {
  const pids = linesOf(log).map((line) => line.pid);
  const madeBy = (pid: string): number => pids.filter((p) => p === pid).length;
  const [main = ''] = pids;
  return pids.at(-1) === main && madeBy(main) === nth && pids.every((p) => p === main || madeBy(p) < nth);
}

/** Calls as they began; what was interrupted by another thread's line is told apart by `resumed`. */
function linesOf(log: string): { pid: string; name: string; rest: string }[] {
  return readFileSync(log, 'latin1')
    .split('\n')
    .flatMap((line) => {
      const [, pid, name, rest = ''] = /^(\d+) +(\w+)\((.*)$/.exec(line) ?? [];
      return pid === undefined || name === undefined ? [] : [{ pid, name, rest }];
    });
}
