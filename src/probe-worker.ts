/** The thread that looks at what lies at the roots' paths: a hung mount hangs it, and the main thread starts another. */
import { parentPort } from 'node:worker_threads';
import { assert } from './base/assert.ts';
import { errnoOf } from './base/errors.ts';
import type { ProbeAnswer, ProbeCall } from './disk/probe-client.ts';
import { enrol, observe, renumber, testRoot } from './disk/root-probe.ts';

assert(parentPort !== null, 'probe-worker runs as a worker thread');
const port = parentPort;

port.on('message', (call: ProbeCall) => {
  port.postMessage(answer(call));
});

function answer(call: ProbeCall): ProbeAnswer {
  const { id } = call;
  try {
    switch (call.op) {
      case 'observe':
        return { id, observation: observe(call.path, call.enrolled) };
      case 'enrol':
        enrol(call.path, call);
        return { id };
      case 'renumber':
        renumber(call.path, call);
        return { id };
      case 'self_test':
        return { id, test: testRoot(call.path) };
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { id, failure: errnoOf(error) ?? message };
  }
}
