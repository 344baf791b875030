/**
 * The table of what runs by itself, and the only place that knows node-cron. Jobs never overlap themselves, are
 * idempotent, and ask "how long since the last success" instead of counting on having run. Times are UTC: a zone with
 * summer time would lose an hour of runs every autumn.
 */
import cron, { type ScheduledTask } from 'node-cron';

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

export function createJobs(table: readonly Job[], onError: (job: string, error: unknown) => void): Jobs {
  const tasks: ScheduledTask[] = [];
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
  return {
    start: () => {
      for (const job of table) {
        const tick = (): Promise<void> => (running.has(job.name) ? Promise.resolve() : begin(job));
        tasks.push(cron.schedule(job.at, tick, { timezone: 'Etc/UTC', noOverlap: true, name: job.name }));
      }
    },
    run: async (name) => {
      const job = table.find((j) => j.name === name);
      if (job === undefined) throw new Error(`there is no job ${name}`);
      await running.get(name);
      await begin(job);
    },
    stop: async () => {
      for (const task of tasks.splice(0)) await task.destroy();
      await Promise.all(running.values());
    },
  };
}
