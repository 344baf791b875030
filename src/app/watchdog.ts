/** Joins the watchdog (I13): each root is walked in a thread of its own, without the index, every ten minutes. */
import { Worker } from 'node:worker_threads';
import { DAY_MS, HOUR_MS, type Clock } from '../base/clock.ts';
import { delay } from '../base/delay.ts';
import type { Log } from '../base/log.ts';
import type { SourceConfig } from '../config/config.ts';
import type { HoldVersion } from '../holds/hold.ts';
import { diskWatch, type DiskWatch, type IndexSays } from '../retention/disk-watch.ts';
import type { RetentionClock } from '../retention/retention-clock.ts';
import type { Roots, RootView } from '../roots/contract.ts';
import { isVault } from '../roots/root.ts';
import type { WatchdogAnswer, WatchdogWork } from '../watchdog-worker.ts';
import { addressOf, entryPoint } from './sweeping.ts';

/** A walk of millions of files on a slow disk; what takes longer hangs. Its root is not walked again while it does. */
const WALK_LIMIT_MS = 6 * HOUR_MS;
const LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 };

export interface WatchdogDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly retention: RetentionClock;
  readonly retentionMs: () => number;
  readonly roots: Roots;
  readonly sources: readonly SourceConfig[];
  readonly holds: () => readonly HoldVersion[];
  readonly indexSays: (rootId: string, path: string, nowMs: number) => IndexSays;
  /** The index has lost these files: they are to be looked at again. */
  readonly lookAgain: (rootId: string, paths: readonly string[]) => Promise<void>;
}

interface Seen {
  readonly watch: DiskWatch;
  /** Whether deletion waited for something there, mostly a person. */
  readonly waited: boolean;
}

export class Watchdog {
  readonly #deps: WatchdogDeps;
  readonly #walking = new Map<string, Worker>();
  readonly #fullMs = new Map<string, number>();
  readonly #seen = new Map<string, Seen>();

  constructor(deps: WatchdogDeps) {
    this.#deps = deps;
  }

  /**
   * What the last walk of a root said; undefined before the first, and when deletion waited for a person then and does
   * not now: what was late says nothing of the time since.
   */
  seen(rootId: string): DiskWatch | undefined {
    const last = this.#seen.get(rootId);
    return last?.waited === true && !this.#waits(rootId) ? undefined : last?.watch;
  }

  #waits(rootId: string): boolean {
    return this.#deps.roots.blocked(rootId).length > 0;
  }

  /** Walks every root that can be read and is not being walked. */
  async run(): Promise<void> {
    await Promise.all(this.#deps.roots.list().map((root) => this.#walkRoot(root)));
  }

  async stop(): Promise<void> {
    await Promise.race([
      Promise.all([...this.#walking.values()].map((w) => w.terminate())),
      delay(1000), // a thread that hangs in a call is not waited for
    ]);
  }

  async #walkRoot(root: RootView): Promise<void> {
    const work = this.#workOf(root);
    if (work === undefined || this.#walking.has(root.id)) return;
    const began = this.#deps.clock.bootMs();
    const answer = await this.#inThread(root.id, work);
    if ('why' in answer) {
      this.#deps.log.warn('disk_not_walked', { rootId: root.id, why: answer.why });
      return;
    }
    if (work.full) this.#fullMs.set(root.id, began);
    const { clock, retention, indexSays, log, lookAgain } = this.#deps;
    const nowMs = retention.nowMs();
    const { watch, lost } = diskWatch(answer, clock.wallMs(), (path) => indexSays(root.id, path, nowMs));
    this.#seen.set(root.id, { watch, waited: this.#waits(root.id) });
    const tookMs = clock.bootMs() - began;
    const told = { root: root.id, files: answer.files, ...watch, tookMs };
    if (watch.overdueFiles > 0 || watch.unreadableDirs > 0) log.warn('disk_walked', told);
    else log.info('disk_walked', told);
    if (lost.length > 0) await lookAgain(root.id, lost);
  }

  #workOf(root: RootView): WatchdogWork | undefined {
    const { roots, sources, retention, holds, retentionMs, clock } = this.#deps;
    const at = roots.readable(root.id);
    const source = sources.find((s) => s.id === root.id);
    if (at === undefined || (source === undefined && !isVault(root.id))) return undefined;
    const cameraIds = (source === undefined ? sources : [source]).flatMap((s) => Object.values(s.cameras));
    const fullMs = this.#fullMs.get(root.id);
    const terms = {
      nowMs: retention.nowMs(),
      retentionMs: retentionMs(),
      holds: holds(),
      trustNames: root.trustNames,
      behindMs: Math.max(0, -retention.gapMs()),
    };
    const full = fullMs === undefined || clock.bootMs() - fullMs >= DAY_MS;
    return { ...addressOf(at), source, cameraIds, terms, full };
  }

  async #inThread(rootId: string, work: WatchdogWork): Promise<WatchdogAnswer> {
    const worker = new Worker(entryPoint('watchdog-worker'), {
      workerData: work,
      name: 'watchdog',
      resourceLimits: LIMITS,
    });
    worker.unref();
    this.#walking.set(rootId, worker);
    const { promise, resolve } = Promise.withResolvers<WatchdogAnswer>();
    worker.on('message', (answer: WatchdogAnswer) => {
      this.#walking.delete(rootId);
      resolve(answer);
    });
    worker.on('error', (error) => {
      resolve({ why: String(error) });
    });
    worker.on('exit', () => {
      if (this.#walking.get(rootId) === worker) this.#walking.delete(rootId);
      resolve({ why: 'the walk was ended' });
    });
    void delay(WALK_LIMIT_MS).then(() => {
      resolve({ why: 'the walk hangs' });
    });
    return promise;
  }
}
