/** Starts the scan's thread for the ingest. */
import { Worker } from 'node:worker_threads';
import { breathe } from './base/delay.ts';
import type { FromScanner } from './ingest/messages.ts';
import { READING_BYTES, ReadingNow } from './ingest/reading-now.ts';
import type { ScanThread } from './ingest/scan-client.ts';
import type { ScanWorkerData } from './scan-worker.ts';

/** A walk makes much garbage and keeps little: a small nursery costs it nothing, a large one is memory for ever. */
const LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 512 };

/** `entry`: the worker's file, `scan-worker.ts` in the sources and `scan-worker.js` in the built program. */
export function startScanThread(entry: URL, data: Omit<ScanWorkerData, 'reading'>): ScanThread {
  const reading = new SharedArrayBuffer(READING_BYTES);
  const workerData: ScanWorkerData = { ...data, reading };
  // Node's list of open descriptors, for those a thread leaves behind, costs something for each of a hundred thousand files.
  const trackUnmanagedFds = false;
  const worker = new Worker(entry, { workerData, name: 'scan', resourceLimits: LIMITS, trackUnmanagedFds });
  const now = new ReadingNow(reading);
  let stopping = false;
  return {
    post: (message) => {
      worker.postMessage(message);
    },
    onMessage: (listener) => {
      worker.on('message', oneATurn(listener));
    },
    onExit: (listener) => {
      worker.on('error', listener);
      worker.on('exit', (code) => {
        if (!stopping) listener(new Error(`the scan's thread ended with ${String(code)}`));
      });
    },
    reading: () => now.path(),
    stop: () => {
      stopping = true;
      void worker.terminate();
    },
  };
}

/**
 * A port gives everything that waits in one go, and goes on for as long as something comes: the rest of the program
 * has its turn after each message instead.
 */
function oneATurn(listener: (message: FromScanner) => void): (message: FromScanner) => void {
  const waiting: FromScanner[] = [];
  const deliver = async (): Promise<void> => {
    for (let message = waiting[0]; message !== undefined; message = waiting[0]) {
      listener(message);
      await breathe();
      waiting.shift();
    }
  };
  return (message) => {
    waiting.push(message);
    if (waiting.length === 1) void deliver();
  };
}
