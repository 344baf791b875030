/**
 * Loaded into the daemon by the bench (--import <this>?file=<path>): counts how late its event loop is. At SIGUSR2 it
 * writes what it has counted into that file and starts over. Plain JavaScript: what strips types would be counted as
 * the daemon's memory.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const RESOLUTION_MS = 10;
const file = new URL(import.meta.url).searchParams.get('file');

if (isMainThread && file !== null) {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  // The histogram holds the time between two ticks, so an idle loop shows the resolution itself.
  const excess = (ns) => Math.max(0, ns / 1e6 - RESOLUTION_MS);
  const write = () => {
    const counted = {
      pid: process.pid,
      p50Ms: excess(histogram.percentile(50)),
      p99Ms: excess(histogram.percentile(99)),
      maxMs: excess(histogram.max),
    };
    histogram.reset();
    writeFileSync(`${file}.new`, JSON.stringify(counted));
    renameSync(`${file}.new`, file);
  };
  process.on('SIGUSR2', write);
  write();
}
