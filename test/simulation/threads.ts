/** The threads of the daemon: the product's own code, run when the scheduler says, one call after another. */
import { createHash } from 'node:crypto';
import type { FileCalls } from '../../src/base/file-calls.ts';
import type { Content } from '../../src/clips/change.ts';
import type { KnownRoot } from '../../src/clips/known.ts';
import { createKnownRoot } from '../../src/db/ingest/reader.ts';
import type { Db } from '../../src/db/open.ts';
import { sameIdentity, statOf, type DirHandle, type FileIdentity } from '../../src/disk/handle.ts';
import type { RootPort } from '../../src/disk/root-client.ts';
import type { RootCall, RootReply } from '../../src/disk/root-messages.ts';
import { enrol, observe, renumber } from '../../src/disk/root-probe.ts';
import { DiskTree } from '../../src/disk/tree.ts';
import type { FromScanner } from '../../src/ingest/messages.ts';
import type { ScanThread } from '../../src/ingest/scan-client.ts';
import { Scanner } from '../../src/ingest/scanner.ts';
import type { RootRules, Tree } from '../../src/ingest/tree.ts';
import { answerRootCall } from '../../src/root-calls.ts';
import type { RootDisk } from '../../src/roots/contract.ts';
import { errnoOf } from '../../src/base/errors.ts';
import type { Parts } from './mutation.ts';
import type { Random } from './random.ts';
import type { Life, Scheduler } from './scheduler.ts';

/** Where the threads of one process live. */
export interface Threads {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly life: Life;
  readonly files: FileCalls;
  /** How long a message is under way. */
  readonly latencyMs: (random: Random) => number;
  /** A message is later than anybody waits. */
  readonly hung: () => void;
}

/** Messages in order, each after a while: mostly soon, sometimes late, rarely later than anybody waits. */
class Lane {
  readonly #threads: Threads;
  #freeMs = 0;

  constructor(threads: Threads) {
    this.#threads = threads;
  }

  send(work: () => void): void {
    const { scheduler, random, life, hung, latencyMs } = this.#threads;
    const latency = latencyMs(random);
    if (latency > HANGS_MS) hung();
    // One after another: events of one moment come in any order.
    this.#freeMs = Math.max(this.#freeMs + 1, scheduler.nowMs + latency);
    scheduler.after(this.#freeMs - scheduler.nowMs, life, work);
  }
}

/** From here on somebody may give up waiting. */
const HANGS_MS = 10_000;

/** `slow`: every call into a disk takes seconds, as into an old network share. */
export function latencyOf(slow: boolean): Threads['latencyMs'] {
  return slow ? (random) => random.int(500, 5000) : mostlySoon;
}

function mostlySoon(random: Random): number {
  if (random.chance(0.9)) return random.int(0, 20);
  return random.chance(0.97) ? random.int(20, 4000) : random.int(4000, 45_000);
}

/** The thread of a root. Its unlinks take their time, which it reports. */
export function rootThread(threads: Threads): RootPort {
  const [calls, replies] = [new Lane(threads), new Lane(threads)];
  let listener: (reply: RootReply) => void = () => undefined;
  let worked = 0;
  const monotonicMs = (): number => (worked += threads.random.int(0, 120));
  return {
    on: (event: string, to: (reply: RootReply) => void) => {
      if (event === 'message') listener = to;
    },
    postMessage: ({ id, ...call }: RootCall) => {
      calls.send(() => {
        const answer = (reply: RootReply['answer']): void => {
          replies.send(() => {
            listener({ id, answer: reply });
          });
        };
        answerRootCall(call, answer, { files: threads.files, monotonicMs });
      });
    },
    terminate: () => Promise.resolve(),
  };
}

/** The thread that looks at what lies at the roots' paths. */
export function probeThread(threads: Threads): RootDisk {
  const lane = new Lane(threads);
  const ask = <T>(work: () => T): Promise<T> =>
    new Promise((resolve, reject) => {
      lane.send(() => {
        try {
          resolve(work());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
  return {
    observe: (path, enrolled) => ask(() => observe(path, enrolled, threads.files)),
    enrol: (path, marker, over) =>
      ask(() => {
        enrol(path, { marker, over }, threads.files);
      }),
    renumber: (path, marker) =>
      ask(() => {
        renumber(path, marker, threads.files);
      }),
    selfTest: () => Promise.resolve({ items: [], clones: null }),
  };
}

/** The thread that walks the roots. */
export function scanThread(
  threads: Threads,
  parts: Parts,
  index: { readonly db: Db; readonly rules: ReadonlyMap<string, RootRules> },
): ScanThread {
  const [there, back] = [new Lane(threads), new Lane(threads)];
  const { scheduler, random, life, files } = threads;
  let listener: (message: FromScanner) => void = () => undefined;
  // Its statements are prepared once in a life, not for each task: a task takes less time than they do here.
  const kept = new Map<string, KnownRoot>();
  const known = (rootId: string): KnownRoot => {
    const root = kept.get(rootId) ?? createKnownRoot(index.db, rootId);
    kept.set(rootId, root);
    return root;
  };
  const scanner = new Scanner<DirHandle>(
    {
      reading: { begin: () => undefined, end: () => undefined, path: () => undefined },
      rules: index.rules,
      known: (rootId) => known(rootId),
      open: ({ path, expected }) => {
        const disk = DiskTree.open(path, expected, files);
        return 'why' in disk ? disk : parts.tree(treeOf(disk));
      },
      // Most of a walk is over at once; now and then the disk is busy with somebody else.
      breathe: () => (random.chance(0.05) ? scheduler.delay(random.int(1, 3000), life) : Promise.resolve()),
    },
    (message) => {
      back.send(() => {
        listener(message);
      });
    },
  );
  return {
    post: (message) => {
      there.send(() => {
        scanner.handle(message);
      });
    },
    onMessage: (to) => {
      listener = to;
    },
    onExit: () => undefined,
    reading: () => undefined,
    stop: () => undefined,
  };
}

function treeOf(disk: DiskTree): Tree<DirHandle> {
  return {
    walk: (options) => disk.walk(options),
    inDir: (path, work) => disk.inDir(path, work),
    stillOurs: () => disk.stillOurs(),
    read: contentOf,
    meet: (dir, name, { sinceMs }) => {
      const stat = dir.stat(name);
      if (stat?.kind !== 'file') return undefined;
      return { stat, content: stat.ctimeMs < sinceMs ? contentOf(dir, { ...stat, name }) : undefined };
    },
    close: () => {
      disk.close();
    },
  };
}

/** What a simulated clip holds: how long it is, and whether its recorder came to the end of it. */
export interface Movie {
  readonly lengthMs: number;
  readonly whole: boolean;
  readonly salt: number;
  /** Its last bytes are there: it is longer than it was while it grew. */
  readonly ended?: true;
}

/** What a file's bytes tell; undefined when they were torn. */
export function readMovie(bytes: Buffer): Movie | undefined {
  try {
    return JSON.parse(bytes.toString()) as Movie;
  } catch {
    return undefined;
  }
}

function contentOf(dir: DirHandle, file: FileIdentity & { readonly name: string }): Content | undefined {
  let fd: number | undefined;
  try {
    fd = dir.openEntry(file.name);
    if (!sameIdentity(statOf(fd, dir.files), file)) return undefined;
    const bytes = Buffer.alloc(file.sizeBytes);
    dir.files.readSync(fd, bytes, 0, bytes.length, 0);
    const movie = readMovie(bytes);
    const fingerprint = createHash('sha256').update(bytes).digest().toString('latin1', 0, 16);
    const media = movie === undefined ? null : mediaOf(movie.lengthMs);
    return { fingerprint, media, arbiter: false, complete: movie?.whole ?? false };
  } catch (error) {
    if (errnoOf(error) !== undefined) return undefined;
    throw error;
  } finally {
    if (fd !== undefined) dir.files.closeSync(fd);
  }
}

function mediaOf(durationMs: number): Content['media'] {
  return {
    container: 'mp4',
    durationMs,
    claimedStartMs: null,
    videoCodec: 'h264',
    widthPx: 640,
    heightPx: 360,
    frameRate: 15,
    audioCodec: null,
    keyFramesMs: [],
    fragmented: false,
  };
}

/** A limit, which ends with the process or when it is taken back. */
export function afterwards(scheduler: Scheduler, life: Life) {
  return (ms: number, then: () => void): (() => void) => {
    let waiting = true;
    const limit: Life = {
      get alive() {
        return waiting && life.alive;
      },
    };
    scheduler.after(ms, limit, then);
    return () => (waiting = false);
  };
}
