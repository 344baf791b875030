/** The main thread's side of the scan: hands out tasks, applies their batches, gives up a thread that hangs. */
import type { Change } from '../clips/change.ts';
import { FortnightError } from '../base/errors.ts';
import { MINUTE_MS } from '../base/clock.ts';
import { unpack } from './pack.ts';
import type { FromScanner, RootAddress, Task, ToScanner } from './messages.ts';
import type { Scope } from './reconcile.ts';
import type { ScanReport } from './report.ts';
import type { Moment } from './settle.ts';
import { Suspects } from './suspects.ts';

/** No sign of life of a running task for this long: a call into its root hangs. */
export const HUNG_MS = 2 * MINUTE_MS;
/** Threads given up so far: each may hold a hung call for ever. Beyond it nothing is scanned until a restart. */
export const MAX_GIVEN_UP = 4;

/** A running scan thread. */
export interface ScanThread {
  post(message: ToScanner): void;
  onMessage(listener: (message: FromScanner) => void): void;
  /** The thread ended by itself: a defect. */
  onExit(listener: (error: unknown) => void): void;
  /** The file that is being read, or was when the thread ended. */
  reading(): string | undefined;
  /** Never waits: a thread in a hung call cannot end. */
  stop(): void;
}

export type Work =
  | { readonly do: 'reconcile'; readonly scope: Scope }
  | { readonly do: 'look'; readonly paths: readonly string[] };

export interface ScanClientDeps {
  readonly spawn: () => ScanThread;
  readonly bootMs: () => number;
  /** Writes a batch into the index. */
  readonly apply: (rootId: string, changes: Iterable<Change>) => void;
  /** Three scans ended while they read this file: its content is not looked into any more. */
  readonly givenUp: (rootId: string, path: string) => void;
}

interface Running {
  readonly rootId: string;
  readonly resolve: (report: ScanReport) => void;
  readonly reject: (error: unknown) => void;
}

export class ScanClient {
  readonly #deps: ScanClientDeps;
  readonly #running = new Map<number, Running>();
  readonly #suspects = new Suspects();
  #thread: ScanThread | undefined;
  #lastTask = 0;
  #started: number | undefined;
  #signMs = 0;
  #givenUp = 0;

  constructor(deps: ScanClientDeps) {
    this.#deps = deps;
  }

  /** Runs a task; resolves when every change is in the index. Rejects when the thread breaks or hangs. */
  run(
    rootId: string,
    at: { readonly address: RootAddress; readonly moment: Moment },
    work: Work,
  ): Promise<ScanReport> {
    const taskId = ++this.#lastTask;
    const { promise, resolve, reject } = Promise.withResolvers<ScanReport>();
    this.#running.set(taskId, { rootId, resolve, reject });
    const givenUp = this.#suspects.givenUp(rootId);
    const task: Task = { taskId, rootId, at: at.address, moment: at.moment, givenUp, ...work };
    try {
      this.#alive().post(task);
    } catch (error) {
      this.#end(taskId)?.reject(error);
    }
    return promise;
  }

  /** Tasks that were handed out and have not ended. */
  get outstanding(): number {
    return this.#running.size;
  }

  /** Gives the thread up when its task hangs; the root that hangs, or undefined. Called every few seconds. */
  hungRoot(): string | undefined {
    const task = this.#started === undefined ? undefined : this.#running.get(this.#started);
    if (task === undefined || this.#deps.bootMs() - this.#signMs < HUNG_MS) return undefined;
    this.#givenUp += 1;
    this.#blame(task.rootId, this.#thread?.reading());
    this.#drop(new FortnightError('storage_failed', 'a call into the root hangs'));
    return task.rootId;
  }

  stop(): void {
    this.#drop(new FortnightError('busy', 'the scan was stopped'));
  }

  #alive(): ScanThread {
    if (this.#thread !== undefined) return this.#thread;
    if (this.#givenUp >= MAX_GIVEN_UP) {
      throw new FortnightError('storage_failed', 'too many scans hang', {
        hint: 'repair or unmount the roots that hang, then restart the service',
      });
    }
    const thread = this.#deps.spawn();
    this.#thread = thread;
    thread.onMessage((message) => {
      if (this.#thread === thread) this.#receive(message);
    });
    thread.onExit((error) => {
      if (this.#thread !== thread) return;
      const task = this.#started === undefined ? undefined : this.#running.get(this.#started);
      if (task !== undefined) this.#blame(task.rootId, thread.reading());
      this.#drop(error);
    });
    return thread;
  }

  #receive(message: FromScanner): void {
    this.#signMs = this.#deps.bootMs();
    switch (message.is) {
      case 'started':
        this.#started = message.taskId;
        return;
      case 'alive':
        return;
      case 'batch':
        if (this.#isApplied(message)) this.#thread?.post({ do: 'acknowledge' });
        return;
      case 'ended':
        this.#end(message.taskId)?.resolve(message.report);
        return;
      case 'broken': {
        const task = this.#end(message.taskId);
        if (task === undefined) return;
        this.#blame(task.rootId, message.path);
        task.reject(new Error(message.message));
      }
    }
  }

  /** What the index has no room for ends the scans, and not the program: the next ones find it again. */
  #isApplied({ rootId, pieces }: Extract<FromScanner, { is: 'batch' }>): boolean {
    try {
      this.#deps.apply(rootId, unpack(pieces));
      return true;
    } catch (error) {
      this.#drop(error);
      return false;
    }
  }

  #blame(rootId: string, path: string | undefined): void {
    if (path !== undefined && this.#suspects.blame(rootId, path)) this.#deps.givenUp(rootId, path);
  }

  #end(taskId: number): Running | undefined {
    const running = this.#running.get(taskId);
    this.#running.delete(taskId);
    if (this.#started === taskId) this.#started = undefined;
    return running;
  }

  #drop(error: unknown): void {
    const thread = this.#thread;
    this.#thread = undefined;
    this.#started = undefined;
    thread?.stop();
    const running = [...this.#running.values()];
    this.#running.clear();
    for (const task of running) task.reject(error);
  }
}
