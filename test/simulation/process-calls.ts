/** The system calls of one process, with the names and the manners of node:fs that src/base/file-calls.ts takes. */
import { constants } from 'node:fs';
import type { FileCalls } from '../../src/base/file-calls.ts';
import { check, errno, MODES, type Kernel, type MutatingCall, type Place, type Process } from './kernel.ts';
import type { Inode } from './sim-disk.ts';

type PathArgument = string | Buffer;

/** An open file or directory; of what /proc shows, the text. */
interface Open extends Place {
  readonly text?: string;
  readonly append: boolean;
  /** Where it is read from or written to next, unless the call says where. */
  offset: number;
}

/** A call by a process that is dead by now. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** The calls of a process, where the product takes those of node:fs. */
export function callsOf(kernel: Kernel, process: Process): FileCalls {
  return new ProcessCalls(kernel, process) as unknown as FileCalls;
}

const DESCRIPTOR = /^\/proc\/self\/(fd|fdinfo)\/(\d+)(?:\/(.*))?$/s;
const FIRST_FD = 1000;

class ProcessCalls {
  readonly #kernel: Kernel;
  readonly #process: Process;
  readonly #open = new Map<number, Open>();
  #lastFd = FIRST_FD;

  constructor(kernel: Kernel, process: Process) {
    this.#kernel = kernel;
    this.#process = process;
  }

  openSync(path: PathArgument, flags: number | string): number {
    this.#live();
    const text = textOf(path);
    const info = DESCRIPTOR.exec(text);
    if (info?.[1] === 'fdinfo') return this.#describe(Number(info[2]));
    const made = flags === 'wx' || (typeof flags === 'number' && (flags & constants.O_CREAT) !== 0);
    const place = made ? this.#create(text) : this.#demand(text);
    const wantsDir = typeof flags === 'number' && (flags & constants.O_DIRECTORY) !== 0;
    if (wantsDir && place.inode.kind !== 'directory') throw errno('ENOTDIR');
    check(place.mount.disk);
    const append = typeof flags === 'number' && (flags & constants.O_APPEND) !== 0;
    return this.#keep({ ...place, append, offset: 0 });
  }

  closeSync(fd: number): void {
    this.#open.delete(fd);
  }

  readdirSync(path: PathArgument, options: { withFileTypes?: boolean }): unknown[] {
    const { inode, mount } = this.#demand(textOf(path));
    check(mount.disk);
    const names = mount.disk.list(inode);
    if (options.withFileTypes !== true) return names;
    return names.map((name) => ({
      name,
      isFile: () => inode.entries.get(name)?.kind === 'file',
      isDirectory: () => inode.entries.get(name)?.kind === 'directory',
    }));
  }

  lstatSync(path: PathArgument): unknown {
    const place = this.#find(textOf(path));
    return place && statOf(place);
  }

  statSync(path: string): unknown {
    return { size: this.#demand(path).inode.sizeBytes };
  }

  existsSync(path: string): boolean {
    return this.#find(path) !== undefined;
  }

  fstatSync(fd: number, options?: { bigint: boolean }): unknown {
    const place = this.#fd(fd);
    check(place.mount.disk);
    return options?.bigint === true
      ? statOf(place)
      : { size: place.inode.sizeBytes, isFile: () => place.inode.kind === 'file' };
  }

  statfsSync(path: string): unknown {
    return { type: this.#demand(path).mount.disk.fsType, bsize: 4096, bavail: 1 << 20, blocks: 1 << 21 };
  }

  accessSync(path: string): void {
    if (this.#demand(path).mount.disk.trouble.readOnly) throw errno('EROFS');
  }

  readSync(fd: number, into: Buffer, at: number, length: number, position: number | null): number {
    const open = this.#fd(fd);
    check(open.mount.disk);
    const bytes = open.text === undefined ? open.inode.bytes : Buffer.from(open.text);
    const from = position ?? open.offset;
    const read = bytes.copy(into, at, from, Math.min(from + length, bytes.length));
    if (position === null) open.offset += read;
    return read;
  }

  readFileSync(path: string): string {
    if (path === '/proc/self/mountinfo') return this.#kernel.mountTable();
    return this.#demand(path).inode.bytes.toString('utf8');
  }

  writeSync(fd: number, data: Uint8Array, at = 0): number {
    const open = this.#changing(this.#fd(fd), 'write');
    const { inode, mount, append } = open;
    const written = data.subarray(at);
    const from = append ? inode.bytes.length : open.offset;
    open.offset = from + written.length;
    const parts = [inode.bytes.subarray(0, from), written, inode.bytes.subarray(open.offset)];
    mount.disk.write(inode, Buffer.concat(parts), this.#kernel.nowNs());
    return written.length;
  }

  ftruncateSync(fd: number, sizeBytes: number): void {
    const { inode, mount } = this.#changing(this.#fd(fd), 'ftruncate');
    mount.disk.write(inode, inode.bytes.subarray(0, sizeBytes), this.#kernel.nowNs());
  }

  fsyncSync(fd: number): void {
    const { inode, mount } = this.#fd(fd);
    this.#kernel.events.before('fsync');
    this.#live();
    check(mount.disk);
    mount.disk.sync(inode);
  }

  mkdirSync(path: PathArgument): void {
    const { dir, name } = this.#parent(textOf(path));
    if (dir.inode.entries.has(name)) throw errno('EEXIST');
    this.#changing(dir, 'mkdir');
    dir.mount.disk.change(dir.inode, [[name, dir.mount.disk.make('directory')]], this.#kernel.nowNs());
  }

  unlinkSync(path: PathArgument): void {
    const { dir, name } = this.#parent(textOf(path));
    const { disk } = dir.mount;
    check(disk);
    const place = this.#kernel.step(dir, name);
    if (place === undefined) throw errno('ENOENT');
    if (place.inode.kind === 'directory') throw errno('EISDIR');
    if (disk.trouble.refuse !== undefined) throw errno(disk.trouble.refuse);
    this.#changing(dir, 'unlink');
    this.#kernel.events.unlinking(place, dir.inode, name);
    disk.change(dir.inode, [[name, undefined]], this.#kernel.nowNs());
  }

  linkSync(from: PathArgument, to: PathArgument): void {
    const { mount, inode } = this.#demand(textOf(from));
    const { dir, name } = this.#parent(textOf(to));
    if (dir.mount !== mount) throw errno('EXDEV');
    if (dir.inode.entries.has(name)) throw errno('EEXIST');
    this.#changing(dir, 'link');
    mount.disk.change(dir.inode, [[name, inode]], this.#kernel.nowNs());
  }

  renameSync(from: PathArgument, to: PathArgument): void {
    const { dir, name } = this.#parent(textOf(from));
    const target = this.#parent(textOf(to));
    const inode = dir.inode.entries.get(name);
    if (inode === undefined) throw errno('ENOENT');
    if (target.dir.inode !== dir.inode) throw new Error('nothing renames between directories here');
    this.#changing(dir, 'rename');
    const names = [[name, undefined] as const, [target.name, inode] as const];
    dir.mount.disk.change(dir.inode, names, this.#kernel.nowNs());
    this.#kernel.events.named(inode, target.name);
  }

  rmdirSync(path: PathArgument): void {
    const { dir, name } = this.#parent(textOf(path));
    const inode = dir.inode.entries.get(name);
    if (inode === undefined) throw errno('ENOENT');
    if (inode.entries.size > 0) throw errno('ENOTEMPTY');
    this.#changing(dir, 'rmdir');
    dir.mount.disk.change(dir.inode, [[name, undefined]], this.#kernel.nowNs());
  }

  #live(): void {
    if (!this.#process.alive) throw new Killed('the process is dead');
  }

  /** A change is about to take effect on this disk: the process may die before it. */
  #changing<T extends Place>(place: T, call: MutatingCall): T {
    check(place.mount.disk);
    if (place.mount.disk.trouble.readOnly) throw errno('EROFS');
    this.#kernel.events.before(call);
    this.#live();
    return place;
  }

  #find(path: string): Place | undefined {
    this.#live();
    const match = DESCRIPTOR.exec(path);
    if (match === null) return this.#kernel.find(path);
    const at = this.#fd(Number(match[2]));
    return match[3] === undefined ? at : this.#kernel.step(at, match[3]);
  }

  #demand(path: string): Place {
    const place = this.#find(path);
    if (place === undefined) throw errno('ENOENT');
    return place;
  }

  #parent(path: string): { dir: Place; name: string } {
    const cut = path.lastIndexOf('/');
    return { dir: this.#demand(path.slice(0, cut)), name: path.slice(cut + 1) };
  }

  #create(path: string): Place {
    const { dir, name } = this.#parent(path);
    if (dir.inode.entries.has(name)) throw errno('EEXIST');
    this.#changing(dir, 'open');
    const inode: Inode = dir.mount.disk.make('file');
    dir.mount.disk.change(dir.inode, [[name, inode]], this.#kernel.nowNs());
    return { mount: dir.mount, inode };
  }

  #describe(fd: number): number {
    const place = this.#fd(fd);
    return this.#keep({ ...place, append: false, offset: 0, text: `pos:\t0\nmnt_id:\t${place.mount.id}\n` });
  }

  #keep(open: Open): number {
    this.#lastFd += 1;
    this.#open.set(this.#lastFd, open);
    return this.#lastFd;
  }

  #fd(fd: number): Open {
    this.#live();
    const open = this.#open.get(fd);
    if (open === undefined) throw errno('EBADF');
    return open;
  }
}

function textOf(path: PathArgument): string {
  return typeof path === 'string' ? path : path.toString('latin1');
}

function statOf({ inode }: Place): unknown {
  return {
    mode: BigInt(MODES[inode.kind]),
    ino: inode.ino,
    size: BigInt(inode.sizeBytes),
    mtimeNs: inode.mtimeNs,
    ctimeMs: inode.mtimeNs / 1_000_000n,
    nlink: BigInt(inode.links),
    uid: 0n,
  };
}
