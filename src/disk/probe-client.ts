/**
 * The main thread's side of the thread that looks at roots. One call at a time, so that a call which does not return
 * is known to be the one that hangs: its thread is given up, and the next call gets a new one.
 */
import type { Worker } from 'node:worker_threads';
import { FortnightError } from '../base/errors.ts';
import { SECOND_MS } from '../base/clock.ts';
import type { Marker } from '../roots/root.ts';
import { RootHangs, type Found, type RootDisk } from '../roots/contract.ts';
import type { SelfTest } from '../roots/self-test.ts';
import type { Observation } from '../roots/state.ts';

/** A local disk answers within milliseconds, a disk that has to spin up within ten seconds. */
export const PROBE_LIMIT_MS = 30 * SECOND_MS;
/** Threads given up that may still hang. Beyond it no root is looked at until a restart. */
const MAX_GIVEN_UP = 8;

type Call =
  | { readonly op: 'observe'; readonly path: string; readonly enrolled: boolean }
  | { readonly op: 'enrol'; readonly path: string; readonly marker: Marker; readonly over: Found }
  | { readonly op: 'renumber'; readonly path: string; readonly marker: Marker; readonly head: string }
  | { readonly op: 'self_test'; readonly path: string };
export type ProbeCall = Call & { readonly id: number };

export interface ProbeAnswer {
  readonly id: number;
  readonly observation?: Observation;
  readonly test?: Omit<SelfTest, 'atMs'>;
  /** errno or message of what was thrown. */
  readonly failure?: string;
}

export interface ProbeClientDeps {
  readonly spawn: () => Worker;
  readonly delay: (ms: number) => Promise<void>;
}

export interface ProbeClient extends RootDisk {
  stop(): Promise<void>;
}

export function createProbeClient(deps: ProbeClientDeps): ProbeClient {
  const thread = new ProbeThread(deps);
  return {
    observe: async (path, enrolled) => {
      const { observation } = await thread.call({ op: 'observe', path, enrolled });
      if (observation === undefined) throw new FortnightError('storage_failed', 'the root was not observed');
      return observation;
    },
    enrol: async (path, marker, over) => {
      const { place, marker: there } = over;
      await thread.call({ op: 'enrol', path, marker, over: { place, marker: there } });
    },
    renumber: async (path, to) => {
      await thread.call({ op: 'renumber', path, ...to });
    },
    selfTest: async (path) => {
      const { test } = await thread.call({ op: 'self_test', path });
      if (test === undefined) throw new FortnightError('storage_failed', 'the root was not tested');
      return test;
    },
    stop: () => thread.stop(),
  };
}

class ProbeThread {
  readonly #deps: ProbeClientDeps;
  #queue: Promise<unknown> = Promise.resolve();
  #worker: Worker | undefined;
  #lastId = 0;
  #givenUp = 0;

  constructor(deps: ProbeClientDeps) {
    this.#deps = deps;
  }

  call(call: Call): Promise<ProbeAnswer> {
    const answer = this.#queue.then(() => this.#one(call));
    this.#queue = answer.catch(() => undefined);
    return answer;
  }

  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  async #one(call: Call): Promise<ProbeAnswer> {
    if (this.#givenUp >= MAX_GIVEN_UP) {
      throw new FortnightError('storage_failed', 'too many calls into roots hang', {
        hint: 'repair or unmount the roots that hang, then restart the service',
      });
    }
    const worker = (this.#worker ??= this.#deps.spawn());
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<ProbeAnswer>();
    const onMessage = (message: ProbeAnswer): void => {
      if (message.id === id) resolve(message);
    };
    const onEnd = (): void => {
      this.#worker = undefined;
      reject(new FortnightError('storage_failed', 'the thread that looks at roots ended'));
    };
    worker.on('message', onMessage);
    worker.once('exit', onEnd);
    worker.postMessage({ ...call, id });
    void this.#deps.delay(PROBE_LIMIT_MS).then(() => {
      reject(new RootHangs('a call into the root hangs'));
    });
    try {
      const answer = await promise;
      if (answer.failure !== undefined) {
        throw new FortnightError('storage_failed', `a call into the root failed (${answer.failure})`);
      }
      return answer;
    } catch (error) {
      if (error instanceof RootHangs) this.#giveUp(worker);
      throw error;
    } finally {
      worker.off('message', onMessage);
      worker.off('exit', onEnd);
    }
  }

  /** A thread that may hang is never waited for. */
  #giveUp(worker: Worker): void {
    this.#givenUp += 1;
    this.#worker = undefined;
    worker.unref();
    void worker.terminate();
  }
}
