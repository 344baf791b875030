/**
 * The table of what runs by itself, and the only place that knows node-cron. Jobs never overlap themselves, are
 * idempotent, and ask "how long since the last success" instead of counting on having run. Times are UTC: a zone with
 * summer time would lose an hour of runs every autumn.
 *
 * node-cron only says when a job is next; we wait for it by the monotonic clock. Its own timers follow the wall clock:
 * set back by a fortnight they stand still for a fortnight, and set forward by a month they count a million missed runs
 * for minutes while nothing else gets a turn. Deletion must go on through both.
 */
import cron from 'node-cron';
import { DAY_MS, MINUTE_MS, systemClock } from './base/clock.ts';

export interface Job {
  readonly name: string;
  /** Cron expression with seconds, UTC. */
  readonly at: string;
  run(): Promise<unknown>;
}

export interface Jobs {
  start(): void;
  /** Runs a job now; when it is running already, waits for that run and then runs it once more. */
  run(name: string): Promise<void>;
  /** No new runs; resolves when those under way have ended. */
  stop(): Promise<void>;
}

/** A timer may come this much before its moment (the wall clock is slewed): then the rest is waited for. */
const EARLY_MS = MINUTE_MS;

export function createJobs(table: readonly Job[], onError: (job: string, error: unknown) => void): Jobs {
  const running = new Map<string, Promise<void>>();
  const begin = (job: Job): Promise<void> => {
    const run = job
      .run()
      .then(
        () => undefined,
        (error: unknown) => {
          onError(job.name, error);
        },
      )
      .finally(() => running.delete(job.name));
    running.set(job.name, run);
    return run;
  };
  const timetables = table.map((job) => {
    const due = (): void => {
      if (!running.has(job.name)) void begin(job);
    };
    return new Timetable(job.at, due);
  });
  return {
    start: () => {
      for (const timetable of timetables) timetable.start();
    },
    run: async (name) => {
      const job = table.find((j) => j.name === name);
      if (job === undefined) throw new Error(`there is no job ${name}`);
      await running.get(name);
      await begin(job);
    },
    stop: async () => {
      for (const timetable of timetables) timetable.stop();
      await Promise.all(running.values());
    },
  };
}

/**
 * The moments of one cron expression, each waited for by the monotonic clock. By the system's clock, as node-cron reads
 * no other.
 */
class Timetable {
  readonly #task: ReturnType<typeof cron.createTask>;
  readonly #due: () => void;
  #timer: NodeJS.Timeout | undefined;
  #nextMs = 0;

  constructor(at: string, due: () => void) {
    // Never started: it is asked for moments only.
    this.#task = cron.createTask(at, () => undefined, { timezone: 'Etc/UTC' });
    this.#due = due;
  }

  start(): void {
    this.#nextMs = this.#task.getNextRuns(1)[0]?.getTime() ?? Infinity;
    this.#wait(this.#nextMs - systemClock.wallMs());
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.#task.destroy();
  }

  /** A step of the wall clock in between changes nothing: what was so far away then is due now. */
  #wait(ms: number): void {
    this.#timer = setTimeout(
      () => {
        const early = this.#nextMs - systemClock.wallMs();
        if (early > 0 && early < Math.min(EARLY_MS, ms)) {
          this.#wait(early);
          return;
        }
        this.start();
        this.#due();
      },
      Math.min(Math.max(ms, 0), DAY_MS),
    );
  }
}
