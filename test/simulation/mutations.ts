/**
 * The faults a harness for deletion must notice: each takes one safeguard of the product away. If one of them went
 * unnoticed here, the promise it keeps would rest on nobody's word.
 */
import type { FileCalls } from '../../src/base/file-calls.ts';
import { SECOND_MS } from '../../src/base/clock.ts';
import { Gate } from '../../src/retention/gate.ts';
import { AS_IT_IS, type Parts } from './mutation.ts';

/** A placement that asks nobody whether a batch is inside. */
class OpenGate extends Gate {
  override placement<T>(work: () => T): Promise<T> {
    return Promise.resolve(work());
  }
}

/** Holds as they stood a while ago: as if they were looked at when the sweep was planned. */
const heldEarlier: Parts['holdsOf'] = (current, nowMs) => (cameraId) =>
  current(cameraId).filter((h) => h.version > 1 || h.atMs < nowMs() - 30 * SECOND_MS);

export const unawaited: Parts['mirror'] = (write) => (entry) => {
  void write(entry);
  return Promise.resolve();
};

/** Calls with some of them replaced. */
export function replaced(calls: FileCalls, by: Partial<Record<keyof FileCalls, unknown>>): FileCalls {
  return new Proxy(calls, {
    get: (target, name) => {
      const other = by[name as keyof FileCalls];
      if (other !== undefined) return other;
      const own: unknown = Reflect.get(target, name, target);
      return typeof own === 'function' ? (own.bind(target) as unknown) : own;
    },
  });
}

/** An fsync that says yes and does nothing, for directories. */
function noDirectorySync(calls: FileCalls): FileCalls {
  const fsyncSync = (fd: number): void => {
    if (calls.fstatSync(fd).isFile()) calls.fsyncSync(fd);
  };
  return replaced(calls, { fsyncSync });
}

/** An fsync of a directory that is done after everybody has gone on. */
function lateDirectorySync(calls: FileCalls, delay: (ms: number) => Promise<void>): FileCalls {
  const fsyncSync = (fd: number): void => {
    if (calls.fstatSync(fd).isFile()) calls.fsyncSync(fd);
    else
      void delay(5 * SECOND_MS).then(() => {
        later(calls, fd);
      });
  };
  // What is to be made durable later must still be open then.
  return replaced(calls, { fsyncSync, closeSync: () => undefined });
}

function later(calls: FileCalls, fd: number): void {
  try {
    calls.fsyncSync(fd);
  } catch {
    // Nobody waits for it.
  }
}

/** The mount of a descriptor told by its device: a directory of the same disk seems to be on the same mount. */
function mountByDevice(calls: FileCalls): FileCalls {
  const readSync = (fd: number, into: Buffer, offset: number, length: number): number => {
    const read = calls.readSync(fd, into, offset, length, 0);
    const text = into.toString('latin1', offset, offset + read);
    return into.write(text.replace(/^mnt_id:.*$/m, 'mnt_id:\t1'), offset, 'latin1');
  };
  return replaced(calls, { readSync });
}

/** Names as text: bytes that are none are lost. */
function namesAsText(calls: FileCalls): FileCalls {
  const readdirSync = (...args: Parameters<FileCalls['readdirSync']>): unknown[] =>
    (calls.readdirSync(...args) as unknown as (string | { name: string })[]).map((entry) =>
      typeof entry === 'string' ? asText(entry) : { ...entry, name: asText(entry.name) },
    );
  return replaced(calls, { readdirSync });
}

function asText(name: string): string {
  return Buffer.from(name, 'latin1').toString('utf8');
}

export interface Mutation {
  readonly name: string;
  readonly parts: Parts;
  /** The invariants of which one must be found broken. */
  readonly breaks: readonly string[];
}

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'a: the index is opened at synchronous=NORMAL',
    parts: { ...AS_IT_IS, synchronous: 'NORMAL' },
    breaks: ['I4', 'I5'],
  },
  {
    name: 'b: directories of the footage are not made durable',
    parts: { ...AS_IT_IS, files: noDirectorySync },
    breaks: ['I5'],
  },
  {
    // Its mirrors alone would keep the answer back: they are written by the thread that unlinks, after the batch.
    name: 'c: a hold is placed without the gate, and answered before its mirrors are written',
    parts: { ...AS_IT_IS, gate: (delay) => new OpenGate(delay), mirror: unawaited },
    breaks: ['I1'],
  },
  {
    name: 'c: holds are looked at before the batch, not in it',
    parts: { ...AS_IT_IS, holdsOf: heldEarlier },
    breaks: ['I1'],
  },
  {
    name: 'd: mounts are told apart by their device only',
    parts: { ...AS_IT_IS, files: mountByDevice },
    breaks: ['I6'],
  },
  {
    name: 'e: names in directories are read as text',
    parts: { ...AS_IT_IS, files: namesAsText },
    breaks: ['I2'],
  },
  {
    name: 'f: the marker is read before the walk only',
    parts: { ...AS_IT_IS, tree: (tree) => ({ ...tree, stillOurs: () => true }) },
    breaks: ['I5'],
  },
  {
    name: 'g: the terminal record does not wait for the directories',
    parts: { ...AS_IT_IS, files: lateDirectorySync },
    breaks: ['I5'],
  },
  {
    name: 'g: the terminal record does not wait for those who watch',
    parts: {
      ...AS_IT_IS,
      closeClips: (close) => (ids, files) => {
        void close(ids, files);
        return Promise.resolve();
      },
    },
    breaks: ['I9'],
  },
];
