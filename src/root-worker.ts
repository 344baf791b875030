/**
 * The thread of one root: everything that changes the disk of that root happens here, synchronously, so that a hung
 * mount hangs this thread and nothing else.
 */
import { parentPort } from 'node:worker_threads';
import { assert } from './base/assert.ts';
import { systemFiles } from './base/file-calls.ts';
import type { RootAnswer, RootCall } from './disk/root-messages.ts';
import { answerRootCall } from './root-calls.ts';

assert(parentPort !== null, 'root-worker runs as a worker thread');
const port = parentPort;
const services = { files: systemFiles, monotonicMs: () => performance.now() };

port.on('message', ({ id, ...call }: RootCall) => {
  const answer = (a: RootAnswer): void => {
    port.postMessage({ id, answer: a });
  };
  answerRootCall(call, answer, services);
});
