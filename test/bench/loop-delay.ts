/**
 * Loaded into the daemon by the bench (--import): counts how late its event loop is. At SIGUSR2 it writes what it has
 * counted into the file it was given and starts over.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const RESOLUTION_MS = 10;
const file = process.env['FORTNIGHT_BENCH_LOOP'];

if (isMainThread && file !== undefined) {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  // The histogram holds the time between two ticks, so an idle loop shows the resolution itself.
  const excess = (ns: number): number => Math.max(0, ns / 1e6 - RESOLUTION_MS);
  const write = (): void => {
    const { pid } = process;
    const counted = {
      pid,
      p50Ms: excess(histogram.percentile(50)),
      p99Ms: excess(histogram.percentile(99)),
      maxMs: excess(histogram.max),
      count: histogram.count,
    };
    histogram.reset();
    writeFileSync(`${file}.new`, JSON.stringify(counted));
    renameSync(`${file}.new`, file);
  };
  process.on('SIGUSR2', write);
  write();
}
