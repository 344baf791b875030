/**
 * The kernel of the simulated box: what is mounted where, and the system calls of a process on it. A process that was
 * killed in the middle of its work gets no further: every call it still makes throws and does nothing.
 */
import { constants } from 'node:fs';
import type { Inode, SimDisk } from './sim-disk.ts';

export interface Mount {
  readonly id: number;
  readonly disk: SimDisk;
  readonly root: Inode;
}

/** Where a path or descriptor leads. */
export interface Place {
  readonly mount: Mount;
  readonly inode: Inode;
}

/** What one process is to the kernel. */
export interface Process {
  readonly alive: boolean;
}

export type MutatingCall =
  'unlink' | 'fsync' | 'write' | 'rename' | 'link' | 'open' | 'mkdir' | 'ftruncate' | 'rmdir';

/** What is told of the calls of processes, as they happen. */
export interface KernelEvents {
  /** Before a call that changes a disk takes effect: may kill the process. */
  before: (call: MutatingCall) => void;
  /** A name is about to go. */
  unlinking: (place: Place, dir: Inode, name: string) => void;
  /** A file has got another name. */
  named: (inode: Inode, name: string) => void;
}

export class Kernel {
  /** Absolute path -> what is mounted there, the last on top. */
  readonly #mounts = new Map<string, Mount[]>();
  /** Directories within a mount on which another is mounted. */
  readonly #inner = new Map<Inode, Mount>();
  readonly events: KernelEvents = {
    before: () => undefined,
    unlinking: () => undefined,
    named: () => undefined,
  };
  readonly nowNs: () => bigint;
  #lastMount = 20;

  /** `wallMs`: the box's wall clock, with which files are stamped. */
  constructor(wallMs: () => number) {
    this.nowNs = () => BigInt(Math.floor(wallMs())) * 1_000_000n;
  }

  mount(path: string, disk: SimDisk, root = disk.root): Mount {
    const mount = this.#newMount(disk, root);
    this.#mounts.set(path, [...(this.#mounts.get(path) ?? []), mount]);
    return mount;
  }

  /** Takes the topmost mount off a path. Who has something open there goes on seeing it. */
  unmount(path: string): void {
    this.#mounts.get(path)?.pop();
  }

  /** What a process sees on a path; undefined when nothing was ever mounted there. */
  mounted(path: string): Mount | undefined {
    return this.#mounts.get(path)?.at(-1);
  }

  /** As /proc/self/mountinfo shows it: disks without a device that anybody could look at. */
  mountTable(): string {
    const lines = [...this.#mounts].flatMap(([point, stack]) =>
      stack.map(({ id, disk }) => {
        const mode = disk.trouble.readOnly ? 'ro' : 'rw';
        return `${id} 1 0:${disk.device} / ${point} ${mode} - ext4 none ${mode}\n`;
      }),
    );
    return lines.join('');
  }

  /** Mounts a directory of a disk on a directory of another, or the same. */
  bind(on: Inode, disk: SimDisk, root: Inode): void {
    this.#inner.set(on, this.#newMount(disk, root));
  }

  /** The box has started anew: mounts have other numbers. */
  remountAll(): void {
    for (const [path, stack] of this.#mounts) {
      this.#mounts.set(
        path,
        stack.map(({ disk, root }) => this.#newMount(disk, root)),
      );
    }
    for (const [on, { disk, root }] of this.#inner) this.#inner.set(on, this.#newMount(disk, root));
  }

  /** Follows an absolute path; undefined when its last component is not there. */
  find(path: string): Place | undefined {
    const point = [...this.#mounts.keys()].find((p) => path === p || path.startsWith(`${p}/`));
    const mount = point === undefined ? undefined : this.mounted(point);
    if (point === undefined || mount === undefined) return undefined;
    return path === point
      ? { mount, inode: mount.root }
      : this.step({ mount, inode: mount.root }, path.slice(point.length + 1));
  }

  /** One component down. Throws the disk's trouble. */
  step({ mount, inode }: Place, name: string): Place | undefined {
    check(mount.disk);
    const found = mount.disk.trouble.hollow ? undefined : inode.entries.get(name);
    if (found === undefined) return undefined;
    const inner = this.#inner.get(found);
    return inner === undefined ? { mount, inode: found } : { mount: inner, inode: inner.root };
  }

  #newMount(disk: SimDisk, root: Inode): Mount {
    this.#lastMount += 1;
    return { id: this.#lastMount, disk, root };
  }
}

/** Throws when the disk answers nothing but an error. */
export function check(disk: SimDisk): void {
  if (disk.trouble.broken !== undefined) throw errno(disk.trouble.broken);
}

/** One for each code: they are thrown often, and nobody looks where from. */
export function errno(code: string): Error {
  const known = errors.get(code) ?? Object.assign(new Error(`${code}: simulated`), { code });
  errors.set(code, known);
  return known;
}

const errors = new Map<string, Error>();

export const MODES = { file: constants.S_IFREG | 0o644, directory: constants.S_IFDIR | 0o755 } as const;
