/** The main thread's side of the root threads: one thread per root, started when first needed. */
import { close } from 'node:fs';
import { promisify } from 'node:util';
import type { Erasure, ErasureRun, Eraser } from '../retention/erasure.ts';
import type { CopyDisk } from '../holds/keep/copies.ts';
import type { PinDisk } from '../holds/keep/pins.ts';
import type { StrayDisk } from '../holds/keep/strays.ts';
import type { AbortFlag } from '../retention/gate.ts';
import type { FileSight } from '../retention/file-protocol.ts';
import type { OpenedClip } from '../clips/opened.ts';
import type { Planted } from './drill.ts';
import {
  drillCalls,
  heldCalls,
  mirrorCalls,
  nameCalls,
  refusal,
  strayCalls,
  type Once,
} from './root-asking.ts';
import type { RootAddress, RootAnswer, RootCall, RootReply, RootRequest } from './root-messages.ts';

export interface RootClient extends Eraser, PinDisk, CopyDisk, StrayDisk {
  /** Writes the mirror of a hold version durably and advances the number in the marker. */
  mirror(
    rootId: string,
    file: {
      readonly name: string;
      readonly text: string;
      readonly holdSeq: number;
      readonly holdMac: string;
    },
  ): Promise<void>;
  /** Advances the number in the marker without a mirror. */
  mark(rootId: string, last: { readonly holdSeq: number; readonly holdMac: string }): Promise<void>;
  /** Removes mirrors, durably. */
  dropMirrors(rootId: string, names: readonly string[]): Promise<void>;
  /** Writes the root's copy of the audit's head durably. */
  head(rootId: string, text: string): Promise<void>;
  readMirrors(rootId: string): Promise<{ texts: string[]; unreadable: number }>;
  /** Directories below which there is nothing, the deepest first. */
  emptyDirs(rootId: string): Promise<string[]>;
  /** What these paths are now, in order; null for what is not there or cannot be reached. */
  sights(rootId: string, paths: readonly string[]): Promise<(FileSight | null)[]>;
  /** Removes directories as far as they are empty; how many went. */
  removeDirs(rootId: string, paths: readonly string[]): Promise<number>;
  /** The place of the deletion drill: plants a clip (returns `<device>:<inode>`), lists, clears. */
  plant(rootId: string, clip: Planted): Promise<string>;
  drillNames(rootId: string): Promise<string[]>;
  clearDrill(rootId: string, names: readonly string[]): Promise<void>;
  /** Opens a clip's file below the verified root; undefined when there is none. Throws `root_refused`. */
  open(location: {
    readonly rootId: string;
    readonly dir: string;
    readonly name: string;
  }): Promise<OpenedClip | undefined>;
  stop(): Promise<void>;
}

/** How long a call may take before its root counts as hung. The thread goes on; its late answer is dropped. */
export const ROOT_CALL_LIMIT_MS = 30_000;
/** A recording of a day on a slow disk takes its time. */
const COPY_LIMIT_MS = 3_600_000;
const STOP_LIMIT_MS = 5000;

const closeFd = promisify(close);

/** What a root may be asked for while nothing may be changed on it. */
const READING: readonly RootRequest['op'][] = ['open', 'read_mirrors', 'read_copies', 'ends', 'hash'];

/** What reads or writes whole clips. */
const LONG: readonly RootRequest['op'][] = ['copy', 'read_copies', 'hash'];

/** Who does not wait for the others. */
const THREADS: Readonly<Partial<Record<RootRequest['op'], string>>> = {
  open: 'view',
  copy: 'copy',
  read_copies: 'copy',
  remove_copies: 'copy',
  hash: 'copy',
  rename_copy: 'copy',
  settle_copy: 'copy',
};

/** Calls that may wait for one thread; a hung disk must not collect more. */
const MAX_OPEN_CALLS = 128;

const LATE: RootAnswer = { of: 'failed', message: 'no answer in time' };

type Listener = (answer: RootAnswer) => void;

/** What is used of a worker. */
export interface RootPort {
  on(event: 'message', listener: (reply: RootReply) => void): unknown;
  on(event: 'error' | 'exit', listener: () => void): unknown;
  postMessage(message: RootCall): void;
  terminate(): Promise<unknown>;
}

export interface RootClientOptions {
  /** Where and as what a root may be acted on (or only read); undefined when it may not. */
  readonly address: (rootId: string, how: 'act' | 'read') => RootAddress | undefined;
  readonly spawn: () => RootPort;
  /** Runs `then` after so many milliseconds of real time, unless what it returns is called before. */
  readonly after: (ms: number, then: () => void) => () => void;
  /** An fsync failed; of a delete batch only when everybody had given up waiting for it: it must be known all the same. */
  readonly failing: (rootId: string, why: string) => void;
}

export function createRootClient(options: RootClientOptions): RootClient {
  const threads = new Map<string, RootThread>();
  // Opening for viewers has a thread of its own, so that a guard never waits behind a delete batch; and copying, so that
  // neither waits for it.
  const thread = (rootId: string, op: RootRequest['op']): RootThread => {
    const key = `${THREADS[op] ?? 'change'} ${rootId}`;
    const running = threads.get(key);
    if (running?.alive === true) return running;
    const started = new RootThread(options.spawn());
    threads.set(key, started);
    return started;
  };
  const call = (rootId: string, request: RootRequest, listener: Listener): void => {
    const at = options.address(rootId, READING.includes(request.op) ? 'read' : 'act');
    if (at === undefined) listener({ of: 'refused', state: 'offline', why: 'the root is not online' });
    else thread(rootId, request.op).call({ at, request }, listener);
  };
  const once: Once = async (rootId, request) => {
    const first = Promise.withResolvers<RootAnswer>();
    let waiting = true;
    // Given up as soon as there is an answer: a viewer's every range comes here, and what waits, waits for half a minute.
    const limitMs = LONG.includes(request.op) ? COPY_LIMIT_MS : ROOT_CALL_LIMIT_MS;
    const answered = options.after(limitMs, () => {
      waiting = false;
      first.resolve(LATE);
    });
    call(rootId, request, (a) => {
      answered();
      if (a.of === 'not_durable') options.failing(rootId, a.message);
      if (!waiting && a.of === 'opened') close(a.fd, () => undefined); // nobody waits for it any more
      first.resolve(a);
    });
    return first.promise;
  };
  return {
    erase: (rootId, batch, abort) => startErase({ ...options, call }, rootId, { batch, abort }),
    head: async (rootId, text) => {
      const answer = await once(rootId, { op: 'head', text });
      if (answer.of !== 'head_written') throw refusal(answer);
    },
    ...nameCalls(once),
    ...drillCalls(once),
    ...heldCalls(once, (rootId) => options.address(rootId, 'read')),
    ...mirrorCalls(once),
    ...strayCalls(once),
    open: async ({ rootId, dir, name }) => {
      const answer = await once(rootId, { op: 'open', dir, name });
      if (answer.of === 'absent') return undefined;
      if (answer.of !== 'opened') throw refusal(answer);
      const { fd, sizeBytes, ino, mtimeNs } = answer;
      return { fd, sizeBytes, ino, mtimeNs, close: () => closeFd(fd) };
    },
    stop: async () => {
      // A thread in a hung call cannot end; the process will.
      const ended = Promise.all([...threads.values()].map((t) => t.stop()));
      await new Promise<void>((resolve) => {
        const all = options.after(STOP_LIMIT_MS, resolve);
        void ended.then(all).then(resolve);
      });
      threads.clear();
    },
  };
}

function startErase(
  io: Pick<RootClientOptions, 'after' | 'failing'> & {
    call: (rootId: string, request: RootRequest, listener: Listener) => void;
  },
  rootId: string,
  work: { batch: readonly Erasure[]; abort: AbortFlag },
): ErasureRun {
  const unlinked = Promise.withResolvers<Awaited<ErasureRun['unlinked']>>();
  const durable = Promise.withResolvers<{ failure: string | undefined }>();
  durable.promise.catch(() => undefined); // whoever waits for `unlinked` hears of the refusal there
  let givenUp = false;
  const fail = (answer: RootAnswer): void => {
    givenUp = true;
    unlinked.reject(refusal(answer));
    durable.reject(refusal(answer));
  };
  io.call(rootId, { op: 'erase', batch: work.batch, abort: work.abort.shared }, (answer) => {
    if (answer.of === 'unlinked') unlinked.resolve(answer);
    else if (answer.of === 'durable') {
      durable.resolve(answer);
      if (givenUp && answer.failure !== undefined) io.failing(rootId, answer.failure);
    } else fail(answer);
  });
  io.after(ROOT_CALL_LIMIT_MS, () => {
    work.abort.raise();
    fail(LATE);
  });
  return { unlinked: unlinked.promise, durable: durable.promise };
}

/** One worker and the calls it owes answers to. When it ends, every open call fails. */
class RootThread {
  readonly #worker: RootPort;
  readonly #open = new Map<number, Listener>();
  #next = 1;
  alive = true;

  constructor(worker: RootPort) {
    this.#worker = worker;
    worker.on('message', ({ id, answer }) => {
      const listener = this.#open.get(id);
      if (answer.of !== 'unlinked') this.#open.delete(id);
      listener?.(answer);
    });
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      this.alive = false;
      for (const listener of this.#open.values())
        listener({ of: 'failed', message: 'the thread of the root ended' });
      this.#open.clear();
    });
  }

  call(message: { at: RootAddress; request: RootRequest }, listener: Listener): void {
    if (this.#open.size >= MAX_OPEN_CALLS) {
      listener({ of: 'failed', message: 'too many calls wait for this root' });
      return;
    }
    const id = this.#next;
    this.#next += 1;
    this.#open.set(id, listener);
    this.#worker.postMessage({ id, ...message });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
