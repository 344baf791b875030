/**
 * The scan's thread. Everything here is synchronous on the disk; a hung mount hangs this thread, and the main thread
 * gives it up and starts another.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from './base/assert.ts';
import type { SourceConfig } from './config/config.ts';
import { openIndexReadOnly } from './db/open.ts';
import type { ToScanner } from './ingest/messages.ts';
import { ReadingNow } from './ingest/reading-now.ts';
import { Scanner } from './ingest/scanner.ts';
import { scanServices } from './scan-services.ts';

/** What the thread is started with. */
export interface ScanWorkerData {
  readonly indexPath: string;
  readonly sources: readonly SourceConfig[];
  /** See ReadingNow. */
  readonly reading: SharedArrayBuffer;
}

assert(parentPort !== null, 'scan-worker runs as a worker thread');
const port = parentPort;
const { indexPath, sources, reading } = workerData as ScanWorkerData;
const services = scanServices(openIndexReadOnly(indexPath), sources, new ReadingNow(reading));
const scanner = new Scanner(services, (message) => {
  const handedOver = message.is === 'batch' ? message.pieces.map((piece) => piece.buffer) : [];
  port.postMessage(message, handedOver);
});
port.on('message', (message: ToScanner) => {
  scanner.handle(message);
});
