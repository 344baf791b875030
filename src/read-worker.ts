/**
 * Helps the scan to read contents where many are new at once: a first index is bound by hashing and probing, and a box
 * has at least two cores. Descriptors belong to the process, so the scan's directories are open here too.
 */
import { parentPort } from 'node:worker_threads';
import { assert } from './base/assert.ts';
import { readShare, type ReadRequest } from './read-helper.ts';

assert(parentPort !== null, 'read-worker runs as a worker thread');
const port = parentPort;

port.on('message', (request: ReadRequest) => {
  port.postMessage(readShare(request));
});
