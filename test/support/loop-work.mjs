/**
 * Loaded into a daemon (--import <this>?file=<path>): counts how long its main thread works from one turn of its loop to
 * the next, in CPU time. A busy machine makes turns late, not long. At SIGUSR2 it writes what it has counted into that
 * file and starts over.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { createHistogram } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const EVERY_MS = 10;
const file = new URL(import.meta.url).searchParams.get('file');

if (isMainThread && file !== null) {
  const histogram = createHistogram();
  const workedUs = () => {
    const { user, system } = process.threadCpuUsage();
    return user + system;
  };
  let before = workedUs();
  setInterval(() => {
    const now = workedUs();
    histogram.record(Math.max(1, now - before));
    before = now;
  }, EVERY_MS).unref();
  process.on('SIGUSR2', () => {
    const counted = { p99Ms: histogram.percentile(99) / 1000, maxMs: histogram.max / 1000 };
    histogram.reset();
    writeFileSync(`${file}.new`, JSON.stringify(counted));
    renameSync(`${file}.new`, file);
  });
}
