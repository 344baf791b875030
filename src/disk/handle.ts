/**
 * Reaching footage: from a root's descriptor, one component at a time, without following links and within one
 * mount (I6). Node has no openat; `/proc/self/fd/<dirfd>/<name>` is the same thing.
 *
 * Names are byte strings: JavaScript strings whose code units are the bytes of the name (latin1), so that a name
 * that is not text is as readable and deletable as any. Use `displayName` before a person sees one.
 *
 * Everything here is synchronous: it runs in worker threads (scan, erase), where a hung mount blocks nobody else,
 * and on the main thread only for single opens.
 */
import { constants, type BigIntStats, type Dirent } from 'node:fs';
import { FortnightError, errnoOf } from '../base/errors.ts';
import { systemFiles, type FileCalls } from '../base/file-calls.ts';
import { makeDurable } from './sync.ts';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** A path below a root, byte string, components joined by `/`; the empty string is the root itself. */
export type RelPath = string;

/** What identifies the content under a name: when it differs, the name now means another file. */
export interface FileIdentity {
  readonly ino: bigint;
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
}

export interface FileStat extends FileIdentity {
  readonly kind: 'file' | 'directory' | 'other';
  /** Last change of content, owner, mode or links; nobody can set it back. */
  readonly ctimeMs: number;
  readonly nlink: number;
  readonly uid: number;
  readonly mode: number;
}

export function sameIdentity(a: FileIdentity, b: FileIdentity): boolean {
  return a.ino === b.ino && a.sizeBytes === b.sizeBytes && a.mtimeNs === b.mtimeNs;
}

/** Raised when a component is a link, no directory, or on another mount: what lies there is not ours (I6). */
export class NotContained extends Error {
  override readonly name = 'NotContained';
  /** `mount`: another file system, or a part of one, is mounted there; it may go away again. */
  readonly found: 'link_or_other' | 'mount';
  constructor(message: string, extra: { cause?: unknown; found?: 'link_or_other' | 'mount' } = {}) {
    super(message, extra.cause === undefined ? undefined : { cause: extra.cause });
    this.found = extra.found ?? 'link_or_other';
  }
}

/** Names of a directory. */
export interface Listing {
  /** False: the file system does not tell types, so each name may be anything, and is in all three. */
  readonly typed: boolean;
  readonly names: string[];
  /** No regular files. */
  readonly others: Set<string>;
  readonly directories: string[];
}

/** An open directory below a root. Close it. */
export class DirHandle {
  readonly fd: number;
  readonly mountId: string;
  /** What is done by way of this directory is done with its calls. */
  readonly files: FileCalls;
  readonly #self: string;
  constructor(fd: number, mountId: string, files = systemFiles) {
    this.#self = `/proc/self/fd/${String(fd)}`;
    this.fd = fd;
    this.mountId = mountId;
    this.files = files;
  }

  /** The names in this directory, as byte strings, in the order the file system gives them. */
  list(): string[] {
    return this.files.readdirSync(this.#self, { encoding: 'latin1' });
  }

  /** The same names with what the listing says of them. */
  listing(): Listing {
    const listing: Listing = { typed: true, names: [], others: new Set(), directories: [] };
    let entries: Dirent[];
    try {
      entries = this.files.readdirSync(this.#self, { encoding: 'latin1', withFileTypes: true });
    } catch {
      // A file system that does not tell types: Node looks at each name itself, and fails for one that is not text.
      const names = this.list();
      return { typed: false, names, others: new Set(names), directories: names };
    }
    for (const entry of entries) {
      listing.names.push(entry.name);
      if (entry.isFile()) continue;
      listing.others.add(entry.name);
      if (entry.isDirectory()) listing.directories.push(entry.name);
    }
    return listing;
  }

  /** What `name` is, without following it; undefined when there is nothing of that name. */
  stat(name: string): FileStat | undefined {
    const s = this.files.lstatSync(this.#at(name), { bigint: true, throwIfNoEntry: false });
    return s === undefined ? undefined : toStat(s);
  }

  /** This directory's own data (its mtime tells whether names came or went). */
  self(): FileStat {
    return statOf(this.fd, this.files);
  }

  /** Opens a sub-directory. Throws NotContained for a link, a file or another mount; the system's error otherwise. */
  openDir(name: string): DirHandle {
    const fd = openContained(this.#at(name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW, this.files);
    try {
      const mountId = mountIdOf(fd, this.files);
      if (mountId !== this.mountId) {
        throw new NotContained('another file system is mounted here', { found: 'mount' });
      }
      return new DirHandle(fd, mountId, this.files);
    } catch (error) {
      this.files.closeSync(fd);
      throw error;
    }
  }

  /** Opens a regular file for reading. Throws NotContained for anything else (a FIFO is never waited for). */
  openFile(name: string): number {
    const fd = this.openEntry(name);
    if (this.files.fstatSync(fd).isFile() && mountIdOf(fd, this.files) === this.mountId) return fd;
    this.files.closeSync(fd);
    throw new NotContained('not a regular file of this root');
  }

  /**
   * As openFile, without looking what it is: the caller must fstat before it uses what it reads, and must know that
   * nothing is mounted below the root (`mountsBelow`). For the scan, which opens a hundred thousand files in seconds.
   */
  openEntry(name: string): number {
    return openContained(this.#at(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK, this.files);
  }

  unlink(name: string): void {
    this.files.unlinkSync(this.#at(name));
  }

  rmdir(name: string): void {
    this.files.rmdirSync(this.#at(name));
  }

  /** Gives the file `name` of this directory a second name in `target` (hard link). */
  link(name: string, target: DirHandle, targetName: string): void {
    this.files.linkSync(this.#at(name), target.#at(targetName));
  }

  /** Renames within a directory or between two of the same root. */
  rename(name: string, target: DirHandle, targetName: string): void {
    this.files.renameSync(this.#at(name), target.#at(targetName));
  }

  /** Makes a sub-directory when there is none. Mode 0700 unless given. */
  ensureDir(name: string, mode = 0o700): DirHandle {
    try {
      this.files.mkdirSync(this.#at(name), { mode });
      this.fsync();
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
    return this.openDir(name);
  }

  /** Makes a file that must not exist yet, for writing. */
  createFile(name: string, mode = 0o600): number {
    const { O_CREAT, O_EXCL, O_WRONLY } = constants;
    return this.files.openSync(this.#at(name), O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, mode);
  }

  /** Makes this directory's names durable. Throws NotDurable. */
  fsync(): void {
    makeDurable(this.fd, this.files);
  }

  close(): void {
    this.files.closeSync(this.fd);
  }

  #at(name: string): Buffer {
    if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0')) {
      throw new NotContained('not a name of one component');
    }
    return Buffer.from(`${this.#self}/${name}`, 'latin1');
  }
}

/** Opens a root by its configured absolute path; the last component must not be a link. */
export function openRootDir(path: string, files = systemFiles): DirHandle {
  const fd = openContained(Buffer.from(path, 'utf8'), O_RDONLY | O_DIRECTORY | O_NOFOLLOW, files);
  return new DirHandle(fd, mountIdOf(fd, files), files);
}

/** Opens a directory below `root`, component by component. The caller closes it; `root` stays open. */
export function openBelow(root: DirHandle, dir: RelPath): DirHandle {
  const again = root.files.openSync(`/proc/self/fd/${String(root.fd)}`, O_RDONLY | O_DIRECTORY);
  let at = new DirHandle(again, root.mountId, root.files);
  for (const component of dir === '' ? [] : dir.split('/')) {
    let next: DirHandle;
    try {
      next = at.openDir(component);
    } finally {
      at.close();
    }
    at = next;
  }
  return at;
}

/** A byte string as a person may see it: UTF-8 where it is text, escapes where it is not or would act on a terminal. */
export function displayName(bytes: string): string {
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  const shown = text.includes('\uFFFD') ? bytes : text;
  return shown.replace(
    /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u0080-\u009F]/gu,
    (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** Splits a path below a root into its directory and its last component. */
export function splitPath(path: RelPath): { dir: RelPath; name: string } {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? { dir: '', name: path } : { dir: path.slice(0, cut), name: path.slice(cut + 1) };
}

export function joinPath(dir: RelPath, name: string): RelPath {
  return dir === '' ? name : `${dir}/${name}`;
}

function openContained(path: Buffer, flags: number, files: FileCalls): number {
  try {
    return files.openSync(path, flags);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ELOOP' || errno === 'ENOTDIR' || errno === 'EMLINK' || errno === 'ENXIO') {
      throw new NotContained('a link or no directory', { cause: error });
    }
    throw error;
  }
}

const FDINFO = Buffer.alloc(4096);

/** The mount a descriptor is on. A bind mount has the same st_dev as its source; its mnt_id differs. */
export function mountIdOf(fd: number, files = systemFiles): string {
  const info = files.openSync(`/proc/self/fdinfo/${String(fd)}`, O_RDONLY);
  let id: string | undefined;
  try {
    const length = files.readSync(info, FDINFO, 0, FDINFO.length, 0);
    id = /^mnt_id:\s*(\d+)$/m.exec(FDINFO.toString('latin1', 0, length))?.[1];
  } finally {
    files.closeSync(info);
  }
  if (id === undefined) {
    throw new FortnightError('tool_missing', 'the kernel does not tell mount ids', {
      hint: 'Fortnight needs /proc of Linux 3.15 or later',
    });
  }
  return id;
}

/** What an open descriptor refers to. */
export function statOf(fd: number, files = systemFiles): FileStat {
  return toStat(files.fstatSync(fd, { bigint: true }));
}

/** The index keeps nanoseconds as a signed 64-bit number: times beyond the year 2262 count as its last. */
const LAST_NS = 2n ** 63n - 1n;

/** By the bits of st_mode: a scan does this for every file, and BigIntStats.isFile() makes two BigInts each time. */
function toStat(s: BigIntStats): FileStat {
  const mode = Number(s.mode);
  const type = mode & constants.S_IFMT;
  const kind = type === constants.S_IFREG ? 'file' : type === constants.S_IFDIR ? 'directory' : 'other';
  return {
    kind,
    ino: s.ino,
    sizeBytes: Number(s.size),
    mtimeNs: s.mtimeNs > LAST_NS ? LAST_NS : s.mtimeNs,
    ctimeMs: Number(s.ctimeMs),
    nlink: Number(s.nlink),
    uid: Number(s.uid),
    mode,
  };
}
