// What the tools share: where things are, how a program is run, how a tool ends with one clear line.
// Plain JavaScript for Node 20: this runs before anything is installed.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const TOP = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
export const CARRIED_NODE = join(TOP, 'node_modules', '.bin', 'node');

/** Ends the tool with one line for a person. */
export class ToolError extends Error {}

/** Where `program` is on the PATH, or undefined. */
export function which(program) {
  for (const dir of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(dir, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not here; the next directory
    }
  }
  return undefined;
}

/**
 * Runs a program in the repository with our output and the carried Node first on the PATH.
 * Resolves with its exit status; -1 when it did not end within `limitS` seconds and was killed with its children.
 */
export function run(command, args, { limitS, env = {}, quiet = false }) {
  const path = `${join(TOP, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: TOP,
      stdio: ['ignore', quiet ? 'ignore' : 'inherit', quiet ? 'ignore' : 'inherit'],
      env: { ...process.env, ...env, PATH: path },
      detached: true,
    });
    const end = () => {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // it has ended by itself
      }
    };
    const interrupt = () => {
      end();
      process.exit(130);
    };
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      end();
    }, limitS * 1000);
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    const settle = () => {
      clearTimeout(timer);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    };
    child.once('error', (error) => {
      settle();
      reject(new ToolError(`${command} cannot be started: ${error.message}`));
    });
    child.once('exit', (code) => {
      settle();
      resolve(late ? -1 : (code ?? 1));
    });
  });
}

/** Runs a JavaScript program of a package with the carried Node. */
export function runTool(script, args, options) {
  return run(CARRIED_NODE, [join(TOP, 'node_modules', script), ...args], options);
}

export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** Runs a tool's main function when its file is the program; a ToolError becomes one line and exit status 1. */
export async function asProgram(moduleUrl, main) {
  const program = process.argv[1];
  if (program === undefined || !existsSync(program) || fileURLToPath(moduleUrl) !== program) return;
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
