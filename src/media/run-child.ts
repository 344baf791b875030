/** Running a program of others for what it prints. */
import { spawn } from 'node:child_process';
import { BARE, ChildGroup, type KilledFor } from './children.ts';

export interface Ran {
  /** Exit status; null when it was killed or could not be started. */
  readonly code: number | null;
  readonly killedFor: KilledFor | undefined;
  /** Its standard output. */
  readonly printed: Buffer;
  /** Its standard error; empty unless it was asked for. */
  readonly complaints: Buffer;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Whether its standard error is kept. */
  readonly keepsErrors?: boolean;
}

/**
 * Runs a program to its end; resolves when nothing that it started is left. Its fourth descriptor (3) is `fd`, when
 * given. It is killed after `timeoutMs`, when it prints too much and when the signal is aborted.
 */
export async function runChild(
  { program, args, keepsErrors = false }: Command,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal | undefined },
  fd?: number,
): Promise<Ran> {
  const group = new ChildGroup(limits.timeoutMs, limits.signal);
  try {
    const extra = fd === undefined ? [] : [fd];
    const errors = keepsErrors ? 'pipe' : 'ignore';
    const child = spawn(program, args, { ...BARE, stdio: ['ignore', 'pipe', errors, ...extra] });
    const printed: Buffer[] = [];
    const complaints: Buffer[] = [];
    child.stdout?.on('data', (data: Buffer) => printed.push(data));
    child.stderr?.on('data', (data: Buffer) => complaints.push(data));
    group.add(child);
    const code = await new Promise<number | null>((resolve) => {
      child.once('error', () => {
        resolve(null);
      });
      child.once('close', resolve);
    });
    await group.gone();
    const said = { printed: Buffer.concat(printed), complaints: Buffer.concat(complaints) };
    return { code, killedFor: group.killedFor, ...said };
  } finally {
    group.close();
  }
}
