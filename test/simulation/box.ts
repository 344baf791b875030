/** The box in the cupboard: its clocks, its disks, its kernel, and whether the daemon runs on it. */
import type { SweepStore } from '../../src/retention/erasure.ts';
import { rulesOf } from '../../src/ingest/rules.ts';
import type { RootRules } from '../../src/ingest/tree.ts';
import type { Watching, WatchListener, WatchTarget } from '../../src/ingest/watch.ts';
import { Daemon, type DaemonEvents } from './daemon.ts';
import { IndexFile } from './index-file.ts';
import { Kernel, type MutatingCall } from './kernel.ts';
import type { Parts } from './mutation.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import { BoxClock } from './sim-clock.ts';
import { SimDisk } from './sim-disk.ts';
import { sourcesOf, STATE_DIR, type Site } from './site.ts';

const EXT4 = 0xef53;

export interface BoxParts {
  readonly site: Site;
  readonly parts: Parts;
  readonly scheduler: Scheduler;
  readonly random: Random;
}

/** How a daemon or a box comes to its end. */
export type End = 'kill' | 'power_cut' | 'shutdown';

export class Box {
  readonly site: Site;
  readonly parts: Parts;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly clock: BoxClock;
  readonly kernel: Kernel;
  readonly index: IndexFile;
  /** What the configuration says of the roots: compiled once. */
  readonly rules: ReadonlyMap<string, RootRules>;
  readonly stateDisk: SimDisk;
  /** Disks of the sources, by root. */
  readonly disks = new Map<string, SimDisk>();
  daemon: Daemon | undefined;
  /** A thread has hung: the daemon may call a root failing until it is mounted again. */
  hung = false;
  /** No process runs without power. */
  powered = true;
  /** A daemon dies at one of its next calls that change a disk. */
  #trap: { calls: number; readonly end: End; readonly then: (end: End) => void } | undefined;
  readonly #watchers = new Map<string, { readonly daemon: Daemon; readonly listener: WatchListener }>();

  constructor({ site, parts, scheduler, random }: BoxParts) {
    this.site = site;
    this.parts = parts;
    this.scheduler = scheduler;
    this.random = random;
    this.clock = new BoxClock(() => scheduler.nowMs);
    this.kernel = new Kernel(() => this.clock.wallMs());
    this.index = new IndexFile(parts.synchronous);
    this.rules = rulesOf(sourcesOf(site));
    const nowMs = (): number => scheduler.nowMs;
    this.stateDisk = new SimDisk(1, EXT4, nowMs);
    this.kernel.mount(STATE_DIR, this.stateDisk);
    site.roots.forEach(({ id, path, fsType }, i) => {
      // Below every mount lies a directory of the system's own disk.
      this.kernel.mount(path, new SimDisk(100 + i, EXT4, nowMs));
      const disk = new SimDisk(2 + i, fsType, nowMs);
      this.disks.set(id, disk);
      this.kernel.mount(path, disk);
    });
    this.kernel.events.before = (call) => {
      this.#spring(call);
    };
  }

  startDaemon(events: DaemonEvents): void {
    if (!this.powered || this.daemon !== undefined) return;
    const daemon = new Daemon(this, events);
    this.daemon = daemon;
    this.scheduler.after(0, daemon, () => daemon.start());
  }

  /** Ends the daemon, and with the power everything that was not durable. */
  end(how: End): void {
    if (this.daemon !== undefined) this.daemon.alive = false;
    this.daemon = undefined;
    this.#trap = undefined;
    this.#watchers.clear();
    if (how === 'power_cut') this.index.powerCut(this.random);
    else if (how === 'shutdown') this.index.checkpointed();
    if (how === 'kill') return;
    this.powered = false;
    for (const disk of [this.stateDisk, ...this.disks.values()]) {
      if (how === 'power_cut') disk.powerCut(this.random);
      else disk.settle();
    }
  }

  boot(wallWrongMs: number): void {
    this.powered = true;
    this.hung = false;
    this.clock.boot(wallWrongMs);
    this.kernel.remountAll();
  }

  /** The daemon ends at its `calls`-th call from now that changes a disk; `then` is done at once. */
  setTrap(calls: number, end: End, then: (end: End) => void): void {
    this.#trap = { calls, end, then };
  }

  /** An index in memory has no log; what its checkpoint would make durable is durable. */
  withCheckpoints(store: SweepStore): SweepStore {
    return {
      ...store,
      truncateLog: () => {
        this.index.checkpointed();
        return true;
      },
    };
  }

  watch(daemon: Daemon, target: WatchTarget, listener: WatchListener): Watching {
    this.#watchers.set(target.path, { daemon, listener });
    return { close: () => Promise.resolve(), directories: () => 0 };
  }

  /** The kernel tells who watches that something happened to a path; some of it is lost on the way. */
  hint(rootPath: string, path: string): void {
    const watcher = this.#watchers.get(rootPath);
    if (watcher === undefined || this.random.chance(0.2)) return;
    this.scheduler.after(this.random.int(0, 500), watcher.daemon, () => {
      watcher.listener.hint(path);
    });
  }

  #spring(call: MutatingCall): void {
    if (this.#trap === undefined || call === 'mkdir') return;
    this.#trap.calls -= 1;
    if (this.#trap.calls > 0) return;
    const { end, then } = this.#trap;
    this.end(end);
    then(end);
  }
}
