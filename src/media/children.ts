/**
 * Child processes that are never trusted to end by themselves. Each is the leader of a process group of its own, has an
 * empty environment, and is killed with all it forked when its time, its output or its usefulness is over (F-M3, I17).
 */
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { errnoOf } from '../base/errors.ts';

/** How every child is started: nothing of the daemon's environment, no shell, a group that can be killed as one. */
export const BARE: Pick<SpawnOptions, 'env' | 'cwd' | 'detached' | 'shell'> = {
  env: {},
  cwd: '/',
  detached: true,
  shell: false,
};

/** The most a child may print, standard output and error together, before it is killed. */
export const MAX_OUTPUT_BYTES = 1024 * 1024;

/** Why a group was killed; undefined while it was not. */
export type KilledFor = 'time' | 'output' | 'abort';

/** The children of one job, which live and die together. */
export class ChildGroup {
  killedFor: KilledFor | undefined;
  readonly #running = new Set<ChildProcess>();
  readonly #timer: NodeJS.Timeout;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => {
    this.kill('abort');
  };
  #onGone: (() => void)[] = [];
  #onKill: (() => void)[] = [];
  #printed = 0;

  /** Kills what runs after `timeoutMs`, or when `signal` is aborted. Call `close` at the end of the job. */
  constructor(timeoutMs: number, signal: AbortSignal | undefined) {
    this.#timer = setTimeout(() => {
      this.kill('time');
    }, timeoutMs);
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort);
    if (signal?.aborted === true) this.kill('abort');
  }

  /** Takes charge of a child that was just started with BARE. */
  add(child: ChildProcess): void {
    if (child.pid === undefined) return; // not started: its 'error' event tells why
    this.#running.add(child);
    child.once('exit', () => {
      // What it forked into its group goes with it; streams that such a process held open are let go.
      killGroup(child);
      if (this.killedFor !== undefined) dropStreams(child);
      this.#running.delete(child);
      if (this.#running.size === 0) for (const resolve of this.#onGone.splice(0)) resolve();
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (data: Buffer | string) => {
        this.#printed += data.length;
        if (this.#printed > MAX_OUTPUT_BYTES) this.kill('output');
      });
    }
    if (this.killedFor !== undefined) killGroup(child);
  }

  /** Ends all children, also those that are added later. The first reason stays. */
  kill(reason: KilledFor): void {
    this.killedFor ??= reason;
    for (const child of this.#running) {
      killGroup(child);
      dropStreams(child);
    }
    for (const tell of this.#onKill.splice(0)) tell();
  }

  /** Calls `tell` when the group is killed, at once if it was. */
  onKill(tell: () => void): void {
    if (this.killedFor === undefined) this.#onKill.push(tell);
    else tell();
  }

  /** Resolves when no child is left. */
  gone(): Promise<void> {
    if (this.#running.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onGone.push(resolve));
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (errnoOf(error) !== 'ESRCH') throw error;
  }
}

function dropStreams(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
}
