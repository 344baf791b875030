/**
 * The self-test of a root: the four things the service does, tried in its own directory; and whether it may do them
 * to the recorder's files, told by permissions without touching any.
 */
import { accessSync, closeSync, constants, copyFileSync, fsyncSync } from 'node:fs';
import { writeAll } from '../base/durable.ts';
import { errnoOf } from '../base/errors.ts';
import { OWN_DIR } from '../roots/root.ts';
import type { SelfTest, SelfTestCheck, SelfTestItem } from '../roots/self-test.ts';
import { displayName, type DirHandle } from './handle.ts';
import { walk, type Chunk } from './walk.ts';

const TRIAL = 'self-test';
const TRIAL_LINK = 'self-test.link';
const TRIAL_CLONE = 'self-test.clone';
/** More than a file system would keep in the inode itself, which cannot be shared. */
const CLONE_BYTES = 64 * 1024;
/** Directories with files that are looked into; a recorder makes them all alike. */
const SAMPLE_DIRS = 8;
const MAX_STEPS = 2000;
const S_ISVTX = 0o1000;

export interface Who {
  readonly uid: number;
  readonly user: string;
  /** Absolute path of the root, for the commands. */
  readonly path: string;
}

export function selfTest(root: DirHandle, who: Who): Omit<SelfTest, 'atMs'> {
  return { items: [...tryOwnDirectory(root, who), ...lookAtFootage(root, who)], clones: tryClone(root) };
}

/** Whether the file system lets two files share their content; null when the trial itself could not be made. */
function tryClone(root: DirHandle): boolean | null {
  const own = root.openDir(OWN_DIR);
  try {
    clear(own);
    const fd = own.createFile(TRIAL);
    try {
      writeAll(fd, Buffer.alloc(CLONE_BYTES, 1));
    } finally {
      closeSync(fd);
    }
    const at = `/proc/self/fd/${String(own.fd)}`;
    copyFileSync(
      `${at}/${TRIAL}`,
      `${at}/${TRIAL_CLONE}`,
      constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE,
    );
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    return NOT_SUPPORTED.includes(errno) ? false : null;
  } finally {
    clear(own);
    own.close();
  }
}

/** What file systems without clones answer to FICLONE. */
const NOT_SUPPORTED = ['EOPNOTSUPP', 'ENOTSUP', 'ENOTTY', 'ENOSYS', 'EINVAL', 'EXDEV'];

function tryOwnDirectory(root: DirHandle, who: Who): SelfTestItem[] {
  const repair = `chown -R ${who.user}: ${shell(`${who.path}/${OWN_DIR}`)}`;
  const items: SelfTestItem[] = [];
  const attempt = (check: SelfTestCheck, act: () => void): void => {
    try {
      act();
      items.push({ check, ok: true });
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === undefined) throw error;
      const permission = errno === 'EACCES' || errno === 'EPERM';
      items.push({ check, ok: false, why: errno, ...(permission && check !== 'link' ? { repair } : {}) });
    }
  };
  const own = root.openDir(OWN_DIR);
  try {
    clear(own);
    attempt('create', () => {
      closeSync(own.createFile(TRIAL));
    });
    attempt('fsync', () => {
      const fd = own.openFile(TRIAL);
      try {
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
      own.fsync();
    });
    attempt('link', () => {
      own.link(TRIAL, own, TRIAL_LINK);
    });
    attempt('unlink', () => {
      own.unlink(TRIAL);
    });
    clear(own);
  } finally {
    own.close();
  }
  return items;
}

function clear(own: DirHandle): void {
  for (const name of [TRIAL, TRIAL_LINK, TRIAL_CLONE]) {
    try {
      own.unlink(name);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }
}

/** A sample of directories with files: may we read the first file, take names away, and link? */
function lookAtFootage(root: DirHandle, who: Who): SelfTestItem[] {
  const refused = new Map<SelfTestCheck, SelfTestItem>();
  let dirs = 0;
  let steps = 0;
  for (const step of walk(root)) {
    steps += 1;
    const file = step.is === 'chunk' && step.after === null ? firstFile(step) : undefined;
    if (step.is === 'chunk' && file !== undefined) {
      dirs += 1;
      for (const item of judge(step, file, who)) if (!refused.has(item.check)) refused.set(item.check, item);
    }
    if (dirs >= SAMPLE_DIRS || steps >= MAX_STEPS) break;
  }
  const checks: SelfTestCheck[] = ['read_clips', 'unlink_clips', 'link_clips'];
  return checks.map((check) => refused.get(check) ?? { check, ok: true });
}

type Entry = Chunk['entries'][number];

function firstFile(chunk: Chunk): Entry | undefined {
  return chunk.entries.find((e) => e.stat.kind === 'file');
}

function judge(chunk: Chunk, file: Entry, who: Who): SelfTestItem[] {
  const items: SelfTestItem[] = [];
  const where = displayName(chunk.path === '' ? '.' : chunk.path);
  const acl = `setfacl -R -m u:${who.user}:rwX -m d:u:${who.user}:rwX ${shell(who.path)}`;
  const own = file.stat.uid === who.uid || who.uid === 0;
  if (!may(chunk.dir, { name: file.name, mode: constants.R_OK }))
    items.push({ check: 'read_clips', ok: false, why: `files in ${where} may not be read`, repair: acl });
  const dir = chunk.dir.self();
  if (!may(chunk.dir, { mode: constants.W_OK | constants.X_OK }))
    items.push({ check: 'unlink_clips', ok: false, why: `${where} may not be written to`, repair: acl });
  else if ((dir.mode & S_ISVTX) !== 0 && !own && dir.uid !== who.uid) {
    const repair = `find ${shell(who.path)} -type d -perm -1000 -exec chmod -t {} +`;
    const why = `the sticky bit of ${where} keeps files for their owner`;
    items.push({ check: 'unlink_clips', ok: false, why, repair });
  }
  const writable = may(chunk.dir, { name: file.name, mode: constants.R_OK | constants.W_OK });
  if (!own && !writable)
    items.push({ check: 'link_clips', ok: false, why: `files in ${where} are another user's`, repair: acl });
  return items;
}

function may(dir: DirHandle, what: { readonly name?: string; readonly mode: number }): boolean {
  const at = `/proc/self/fd/${String(dir.fd)}${what.name === undefined ? '' : `/${what.name}`}`;
  try {
    accessSync(Buffer.from(at, 'latin1'), what.mode);
    return true;
  } catch {
    return false;
  }
}

/** A word of a shell command: nothing in it means anything to the shell. */
function shell(word: string): string {
  return `'${displayName(Buffer.from(word, 'utf8').toString('latin1')).replaceAll("'", `'\\''`)}'`;
}
