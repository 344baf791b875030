/** Looking at what lies at a root's path, and enrolling it. Synchronous: it runs in a thread of its own. */
import { constants } from 'node:fs';
import { userInfo } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { errnoOf } from '../base/errors.ts';
import { systemFiles } from '../base/file-calls.ts';
import type { Found } from '../roots/contract.ts';
import { OWN_DIR, type Marker, type RootCause } from '../roots/root.ts';
import type { SelfTest } from '../roots/self-test.ts';
import type { FoundMarker, Observation } from '../roots/state.ts';
import { NotContained, openRootDir, type DirHandle } from './handle.ts';
import { MarkerDamaged, readHead, readMarker, writeHead, writeMarker } from './marker.ts';
import { isReadOnly, mountOf } from './mounts.ts';
import { selfTest } from './self-test.ts';
import { storageOf } from './storage.ts';
import { placeOf } from './verified-root.ts';
import { walk } from './walk.ts';

/** Made by mkfs, readable by the administrator only. */
const LOST_FOUND = 'lost+found';
/** Steps of a walk that looks for a first file; a tree with more empty directories is taken to hold one. */
const MAX_STEPS = 10_000;

/** `enrolled`: footage needs not be looked for. */
export function observe(path: string, enrolled: boolean, files = systemFiles): Observation {
  let root: DirHandle | undefined;
  try {
    root = openRootDir(path, files);
    const marker = markerOf(root);
    const mount = mountOf(root);
    const head = marker === 'none' ? undefined : readHead(root);
    return {
      reach: 'open',
      place: placeOf(root),
      marker,
      ...(head !== undefined && { head }),
      writable: mount !== undefined && isReadOnly(mount) ? 'read_only' : writableOf(root, marker !== 'none'),
      holdsFiles: !enrolled && holdsFiles(root),
      storage: storageOf(root, mount),
    };
  } catch (error) {
    return { reach: 'none', ...describe(error) };
  } finally {
    root?.close();
  }
}

/** Writes the marker of the disk that was seen. Throws `EEXIST` when another one, or another marker, is there by now. */
export function enrol(
  path: string,
  { marker, over }: { readonly marker: Marker; readonly over: Found },
  files = systemFiles,
): void {
  const root = openRootDir(path, files);
  try {
    const there = { place: placeOf(root), marker: markerOf(root) };
    if (!isDeepStrictEqual(there, { place: over.place, marker: over.marker }))
      throw Object.assign(new Error('another disk or another marker is there'), { code: 'EEXIST' });
    writeMarker(root, marker);
  } finally {
    root.close();
  }
}

/**
 * Brings a root to what this installation knows: another hold number, another head of the audit. Throws `EEXIST` when it
 * has another marker meanwhile.
 */
export function renumber(
  path: string,
  to: { readonly marker: Marker; readonly head: string },
  files = systemFiles,
): void {
  const { marker, head } = to;
  const root = openRootDir(path, files);
  try {
    const there = readMarker(root);
    if (there?.rootUuid !== marker.rootUuid || there.installId !== marker.installId)
      throw Object.assign(new Error('the root has another marker'), { code: 'EEXIST' });
    writeHead(root, head);
    writeMarker(root, marker);
  } finally {
    root.close();
  }
}

export function testRoot(path: string): Omit<SelfTest, 'atMs'> {
  const root = openRootDir(path);
  try {
    const { uid, username } = userInfo();
    return selfTest(root, { uid, user: username, path });
  } finally {
    root.close();
  }
}

function markerOf(root: DirHandle): FoundMarker {
  try {
    return readMarker(root) ?? 'none';
  } catch (error) {
    if (error instanceof MarkerDamaged) return 'damaged';
    throw error;
  }
}

/** Where we would write: our own directory, or the root while it has none. */
function writableOf(root: DirHandle, enrolled: boolean): 'yes' | 'read_only' | 'refused' {
  const dir = enrolled ? root.openDir(OWN_DIR) : root;
  try {
    dir.files.accessSync(`/proc/self/fd/${String(dir.fd)}`, constants.W_OK);
    return 'yes';
  } catch (error) {
    if (errnoOf(error) === 'EROFS') return 'read_only';
    if (errnoOf(error) === 'EACCES') return 'refused';
    throw error;
  } finally {
    if (dir !== root) dir.close();
  }
}

function holdsFiles(root: DirHandle): boolean {
  let steps = 0;
  for (const step of walk(root)) {
    steps += 1;
    if (step.path === LOST_FOUND) continue;
    if (step.is !== 'chunk' || step.entries.length > 0 || steps >= MAX_STEPS) return true;
  }
  return false;
}

/** Errors by which a mount says that what it leads to is gone. */
const STALE = ['ESTALE', 'ENOTCONN', 'EIO', 'ENODEV', 'ENXIO', 'ETIMEDOUT', 'EHOSTDOWN', 'EHOSTUNREACH'];

/** A disk's trouble in words. What is no trouble of a disk is a defect and is thrown on. */
function describe(error: unknown): { why: string; cause: RootCause } {
  if (error instanceof NotContained) {
    const why = 'a link or a file stands in the place of the root or its marker';
    return { why, cause: 'not_a_directory' };
  }
  const errno = errnoOf(error);
  if (errno === undefined) throw error;
  if (errno === 'ENOENT') return { why: 'the directory is missing', cause: 'missing' };
  const why = `the directory cannot be read (${errno})`;
  if (errno === 'EACCES' || errno === 'EPERM') return { why, cause: 'no_permission' };
  return { why, cause: STALE.includes(errno) ? 'stale' : 'look_failed' };
}
