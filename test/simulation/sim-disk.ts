/**
 * A file system that keeps what was made durable and may lose the rest. As little is promised as POSIX promises: names
 * are durable by an fsync of their directory, bytes by an fsync of their file, each directory for itself; what nobody
 * asked for gets to the disk by itself after a while.
 */
import type { Random } from './random.ts';

/** What was not made durable is so by itself after this long (dirty_expire_centisecs of Linux). */
export const WRITE_BACK_MS = 30_000;

/** Changes that are long durable are forgotten when there are more than this. */
const MANY_PENDING = 16;

export interface Inode {
  readonly ino: bigint;
  readonly kind: 'file' | 'directory';
  mtimeNs: bigint;
  sizeBytes: number;
  /** Of small files; footage has a size only. */
  bytes: Buffer;
  /** The bytes a power cut leaves; undefined when they are those above. */
  durableBytes: Buffer | undefined;
  writtenMs: number;
  /** Names it has. */
  links: number;
  readonly entries: Map<string, Inode>;
  /** Changes of this directory's names that are not durable, the oldest first. */
  pending: Change[];
}

/** Names of one directory that changed together, with what they meant before. */
interface Change {
  readonly atMs: number;
  readonly before: readonly (readonly [name: string, inode: Inode | undefined])[];
  /** An fsync failed over it: the kernel has dropped it, and will never say so again. */
  lost: boolean;
}

export interface Trouble {
  /** Every call fails with this errno. */
  broken: string | undefined;
  /** The backing store is gone and nothing says so: no names, no errors (a union mount whose disk went). */
  hollow: boolean;
  /** It becomes so after this many more listings of a directory: in the middle of somebody's walk. */
  hollowAfter: number | undefined;
  readOnly: boolean;
  /** The next fsync fails. */
  failSync: boolean;
  /** One did. */
  failed: boolean;
  /** Unlinks are refused with this errno. */
  refuse: string | undefined;
}

const NO_BYTES = Buffer.alloc(0);

export class SimDisk {
  /** `st_dev`. */
  readonly device: number;
  readonly fsType: number;
  readonly root: Inode;
  readonly trouble: Trouble = {
    broken: undefined,
    hollow: false,
    hollowAfter: undefined,
    readOnly: false,
    failSync: false,
    failed: false,
    refuse: undefined,
  };
  readonly #nowMs: () => number;
  readonly #dirty = new Set<Inode>();
  #lastIno = 1n;

  constructor(device: number, fsType: number, nowMs: () => number) {
    this.device = device;
    this.fsType = fsType;
    this.#nowMs = nowMs;
    this.root = this.make('directory');
  }

  /** Nothing is wrong with it that its daemon must notice. */
  get isWell(): boolean {
    const { broken, hollow, readOnly, refuse, failed } = this.trouble;
    return broken === undefined && !hollow && !readOnly && refuse === undefined && !failed;
  }

  /** The names of a directory, as a process lists them. */
  list(dir: Inode): string[] {
    const { trouble } = this;
    if (trouble.hollowAfter !== undefined) {
      trouble.hollowAfter -= 1;
      if (trouble.hollowAfter <= 0) trouble.hollow = true;
    }
    return trouble.hollow ? [] : [...dir.entries.keys()];
  }

  make(kind: Inode['kind']): Inode {
    this.#lastIno += 1n;
    return {
      ino: this.#lastIno,
      kind,
      mtimeNs: BigInt(this.#nowMs()) * 1_000_000n,
      sizeBytes: 0,
      bytes: NO_BYTES,
      durableBytes: undefined,
      writtenMs: 0,
      links: 0,
      entries: new Map(),
      pending: [],
    };
  }

  /** Makes names mean something else (nothing: undefined), all at once. `mtimeNs`: the directory's from now on. */
  change(
    dir: Inode,
    names: readonly (readonly [name: string, inode: Inode | undefined])[],
    mtimeNs: bigint,
  ): void {
    const before = names.map(([name]) => [name, dir.entries.get(name)] as const);
    put(dir, names);
    dir.mtimeNs = mtimeNs;
    if (dir.pending.length > MANY_PENDING)
      dir.pending = dir.pending.filter((c) => c.lost || !this.#isOld(c.atMs));
    dir.pending.push({ atMs: this.#nowMs(), before, lost: false });
    this.#dirty.add(dir);
  }

  write(file: Inode, bytes: Buffer, mtimeNs: bigint): void {
    if (file.durableBytes === undefined || this.#isOld(file.writtenMs)) file.durableBytes = file.bytes;
    file.bytes = bytes;
    file.sizeBytes = bytes.length;
    file.mtimeNs = mtimeNs;
    file.writtenMs = this.#nowMs();
    this.#dirty.add(file);
  }

  /** Throws EIO when it was told to: then what was pending is lost for good. */
  sync(inode: Inode): void {
    if (this.trouble.failSync) {
      this.trouble.failSync = false;
      this.trouble.failed = true;
      for (const change of inode.pending) change.lost = true;
      throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' });
    }
    inode.durableBytes = undefined;
    inode.pending = inode.pending.filter((c) => c.lost);
    if (inode.pending.length === 0) this.#dirty.delete(inode);
  }

  /** What a name would mean after a power cut that loses all it may lose. */
  durable(dir: Inode, name: string): Inode | undefined {
    for (const { atMs, before, lost } of dir.pending) {
      const was = before.find(([changed]) => changed === name);
      if (was !== undefined && (lost || !this.#isOld(atMs))) return was[1];
    }
    return dir.entries.get(name);
  }

  /** As `durable`, down a path; undefined when it is not there. */
  durablePath(path: string): Inode | undefined {
    let at: Inode | undefined = this.root;
    for (const name of path.split('/')) at = at && this.durable(at, name);
    return at;
  }

  /** Down a path as it is now. */
  path(path: string): Inode | undefined {
    let at: Inode | undefined = this.root;
    for (const name of path === '' ? [] : path.split('/')) at = at?.entries.get(name);
    return at;
  }

  /** Of each directory's last changes some are lost, of each file's last bytes too. */
  powerCut(random: Random): void {
    for (const inode of this.#dirty) {
      const kept = inode.pending.findIndex((c) => c.lost || (!this.#isOld(c.atMs) && random.chance(0.5)));
      if (kept >= 0) undo(inode, inode.pending.splice(kept));
      inode.pending = [];
      if (inode.durableBytes === undefined || this.#isOld(inode.writtenMs)) continue;
      const torn = random.int(Math.min(inode.durableBytes.length, inode.bytes.length), inode.bytes.length);
      inode.bytes = isPrefix(inode.durableBytes, inode.bytes)
        ? inode.bytes.subarray(0, torn)
        : inode.durableBytes;
      inode.sizeBytes = inode.bytes.length;
    }
    this.settle();
  }

  /** Unmounted or shut down in order: everything is durable, but for what an fsync had failed over. */
  settle(): void {
    for (const inode of this.#dirty) {
      const kept = inode.pending.findIndex((c) => c.lost);
      if (kept >= 0) undo(inode, inode.pending.splice(kept));
      inode.pending = [];
      inode.durableBytes = undefined;
    }
    this.#dirty.clear();
  }

  #isOld(atMs: number): boolean {
    return this.#nowMs() - atMs >= WRITE_BACK_MS;
  }
}

function put(dir: Inode, names: readonly (readonly [name: string, inode: Inode | undefined])[]): void {
  for (const [name, inode] of names) {
    const before = dir.entries.get(name);
    if (before !== undefined) before.links -= 1;
    if (inode === undefined) dir.entries.delete(name);
    else {
      dir.entries.set(name, inode);
      inode.links += 1;
    }
  }
}

function undo(dir: Inode, changes: readonly Change[]): void {
  for (const change of [...changes].reverse()) put(dir, change.before);
}

function isPrefix(a: Buffer, b: Buffer): boolean {
  return a.length <= b.length && b.subarray(0, a.length).equals(a);
}
