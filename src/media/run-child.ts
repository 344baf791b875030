/** Running a program of others for what it prints. */
import { spawn } from 'node:child_process';
import { BARE, ChildGroup, type KilledFor } from './children.ts';

export interface Ran {
  /** Exit status; null when it was killed or could not be started. */
  readonly code: number | null;
  readonly killedFor: KilledFor | undefined;
  /** Its standard output. */
  readonly printed: Buffer;
}

/**
 * Runs a program to its end; resolves when nothing that it started is left. Its fourth descriptor (3) is `fd`, when
 * given. It is killed after `timeoutMs`, when it prints too much and when the signal is aborted.
 */
export async function runChild(
  { program, args }: { readonly program: string; readonly args: readonly string[] },
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal | undefined },
  fd?: number,
): Promise<Ran> {
  const group = new ChildGroup(limits.timeoutMs, limits.signal);
  try {
    const extra = fd === undefined ? [] : [fd];
    const child = spawn(program, args, { ...BARE, stdio: ['ignore', 'pipe', 'ignore', ...extra] });
    const printed: Buffer[] = [];
    child.stdout?.on('data', (data: Buffer) => printed.push(data));
    group.add(child);
    const code = await new Promise<number | null>((resolve) => {
      child.once('error', () => {
        resolve(null);
      });
      child.once('close', resolve);
    });
    await group.gone();
    return { code, killedFor: group.killedFor, printed: Buffer.concat(printed) };
  } finally {
    group.close();
  }
}
