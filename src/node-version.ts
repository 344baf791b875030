/**
 * Which Node runs the program. Plain checks with nothing but Node's own modules: this runs on Nodes that are too old
 * for everything else, so it uses nothing newer than Node 20 knows.
 */
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';

/** The oldest Node the program runs on; package.json carries a newer one. */
const FLOOR = { major: 22, minor: 22 };

const FORWARDED = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

/** A terminal sends these to every process in the foreground: passed on as well, the child would get them twice. */
const FROM_TERMINAL: readonly string[] = ['SIGINT', 'SIGQUIT', 'SIGHUP'];

/** Whether a Node of this version (`24.21.0`) can run the program. */
export function nodeIsGoodEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > FLOOR.major || (major === FLOOR.major && minor >= FLOOR.minor);
}

/**
 * The Node that came with the program as an npm package: looked for in every node_modules from `from` upwards.
 * Undefined when there is none, or when it is the one that runs already.
 */
export function carriedNode(from: string): string | undefined {
  const name = join('node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  for (let dir = from; ; dir = dirname(dir)) {
    const candidate = join(dir, name);
    if (existsSync(candidate)) {
      return realpathSync(candidate) === realpathSync(process.execPath) ? undefined : candidate;
    }
    if (dir === dirname(dir)) return undefined;
  }
}

/** One line for a machine without a Node that can run the program. */
export function tooOldSentence(version: string): string {
  const floor = `${String(FLOOR.major)}.${String(FLOOR.minor)}`;
  return `Node ${version} is too old (${floor} or later is needed) and no newer one is installed with Fortnight; run npm ci, or use Node 24`;
}

/**
 * Runs this command line again under another Node: same arguments, same terminal, signals passed on, its exit status.
 * A Node this old cannot replace its own process (execve), so it stays as a parent that only waits.
 */
export function runUnder(node: string): Promise<number> {
  const child = spawn(node, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' });
  const onTerminal = process.stdin.isTTY;
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      if (!(onTerminal && FROM_TERMINAL.includes(signal))) child.kill(signal);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (status, signal) => {
      resolve(status ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
