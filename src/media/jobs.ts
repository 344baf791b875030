/**
 * A bounded queue of jobs with children (I17). A job may carry a key, usually of its clip, by which all jobs of a clip
 * are ended before the clip is reported deleted (I8, I9; step X of the delete protocol).
 */
import { FortnightError } from '../base/errors.ts';

export interface JobOptions {
  /** Jobs of the same key are ended together. */
  readonly key?: string | undefined;
  /** Ends this job alone. */
  readonly signal?: AbortSignal | undefined;
}

interface Job {
  readonly key: string | undefined;
  readonly abort: AbortController;
  readonly start: () => void;
  /** Settles, never rejects, when the job is over and its children are gone. */
  readonly over: Promise<void>;
}

export class JobQueue {
  readonly #concurrency: number;
  readonly #maxWaiting: number;
  readonly #waiting: Job[] = [];
  readonly #running = new Set<Job>();
  #stopped = false;

  constructor(limits: { readonly concurrency: number; readonly maxWaiting: number }) {
    this.#concurrency = limits.concurrency;
    this.#maxWaiting = limits.maxWaiting;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  get running(): number {
    return this.#running.size;
  }

  /**
   * Runs `work` when its turn comes; it must end soon after its signal is aborted. Rejects with what `work` threw;
   * `busy` when too many wait; `clip_unavailable` when the job was ended before it began.
   */
  run<T>(work: (signal: AbortSignal) => Promise<T>, { key, signal }: JobOptions = {}): Promise<T> {
    if (this.#stopped || this.#waiting.length >= this.#maxWaiting)
      return Promise.reject(new FortnightError('busy', 'too many pictures and probes are waiting'));
    const abort = new AbortController();
    const forward = (): void => {
      abort.abort();
    };
    signal?.addEventListener('abort', forward);
    if (signal?.aborted === true) abort.abort();
    const turn = Promise.withResolvers<undefined>();
    const result = turn.promise.then(() => {
      if (abort.signal.aborted) throw ended();
      return work(abort.signal);
    });
    const over = result.then(
      () => undefined,
      () => undefined,
    );
    const job: Job = {
      key,
      abort,
      start: () => {
        turn.resolve(undefined);
      },
      over,
    };
    abort.signal.addEventListener('abort', () => {
      this.#dismiss(job);
    });
    void over.then(() => {
      signal?.removeEventListener('abort', forward);
      this.#running.delete(job);
      this.#next();
    });
    this.#waiting.push(job);
    if (abort.signal.aborted) this.#dismiss(job);
    this.#next();
    return result;
  }

  /** Ends the jobs of a key; resolves when they are over and their children are gone. */
  async end(key: string): Promise<void> {
    await this.#end((job) => job.key === key);
  }

  /** Ends all jobs and takes no more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#end(() => true);
  }

  async #end(which: (job: Job) => boolean): Promise<void> {
    const jobs = [...this.#waiting, ...this.#running].filter(which);
    for (const job of jobs) job.abort.abort();
    await Promise.all(jobs.map((job) => job.over));
  }

  #next(): void {
    while (this.#running.size < this.#concurrency) {
      const job = this.#waiting.shift();
      if (job === undefined) return;
      this.#running.add(job);
      job.start();
    }
  }

  /** A waiting job that was ended does not wait for its turn. */
  #dismiss(job: Job): void {
    const at = this.#waiting.indexOf(job);
    if (at < 0) return;
    this.#waiting.splice(at, 1);
    job.start();
  }
}

function ended(): FortnightError {
  return new FortnightError('clip_unavailable', 'the clip is being removed, or nobody waits any more');
}
