/** A box with its clock, its disks, its kernel and its index, and how what runs on it comes to an end. */
import type { SweepStore } from '../../src/retention/erasure.ts';
import { IndexFile } from './index-file.ts';
import { Kernel, type MutatingCall } from './kernel.ts';
import type { Parts } from './mutation.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import { BoxClock } from './sim-clock.ts';
import { SimDisk } from './sim-disk.ts';
import { STATE_DIR } from './site.ts';

const EXT4 = 0xef53;

export interface MachineParts {
  readonly parts: Parts;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly cameraIds: readonly string[];
  readonly roots: readonly { readonly id: string; readonly path: string; readonly fsType: number }[];
}

/** How a daemon or a box comes to its end. */
export type End = 'kill' | 'power_cut' | 'shutdown';

/** A daemon, as the box sees it. */
interface Running {
  alive: boolean;
}

export class Machine<Daemon extends Running> {
  readonly parts: Parts;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly cameraIds: readonly string[];
  readonly clock: BoxClock;
  readonly kernel: Kernel;
  readonly index: IndexFile;
  readonly stateDisk: SimDisk;
  /** Disks of the sources, by root. */
  readonly disks = new Map<string, SimDisk>();
  daemon: Daemon | undefined;
  /** No process runs without power. */
  powered = true;
  /** A daemon dies at one of its next calls that change a disk. */
  #trap: { calls: number; readonly end: End; readonly then: (end: End) => void } | undefined;

  constructor({ parts, scheduler, random, cameraIds, roots }: MachineParts) {
    this.cameraIds = cameraIds;
    this.parts = parts;
    this.scheduler = scheduler;
    this.random = random;
    this.clock = new BoxClock(() => scheduler.nowMs);
    this.kernel = new Kernel(() => this.clock.wallMs());
    this.index = new IndexFile(parts.synchronous);
    const nowMs = (): number => scheduler.nowMs;
    this.stateDisk = new SimDisk(1, EXT4, nowMs);
    this.kernel.mount(STATE_DIR, this.stateDisk);
    roots.forEach(({ id, path, fsType }, i) => {
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

  /** Ends the daemon, and with the power everything that was not durable. */
  end(how: End): void {
    if (this.daemon !== undefined) this.daemon.alive = false;
    this.daemon = undefined;
    this.#trap = undefined;
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
    this.clock.boot(wallWrongMs);
    this.kernel.remountAll();
  }

  /** The daemon ends at its `calls`-th call from now that changes a disk; `then` is done at once. */
  setTrap(calls: number, end: End, then: (end: End) => void): void {
    this.#trap = { calls, end, then };
  }

  disarm(): void {
    this.#trap = undefined;
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

  #spring(call: MutatingCall): void {
    if (this.#trap === undefined || call === 'mkdir') return;
    this.#trap.calls -= 1;
    if (this.#trap.calls > 0) return;
    const { end, then } = this.#trap;
    this.end(end);
    then(end);
  }
}
