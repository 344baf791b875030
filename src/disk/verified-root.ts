/**
 * Opening a root for acting on it: only when it is the very root we enrolled. Used for each delete batch, each scan
 * and each look, and closed after it, so that a disk swapped in between is noticed.
 */
import { constants } from 'node:fs';
import { errnoOf } from '../base/errors.ts';
import { systemFiles, type FileCalls } from '../base/file-calls.ts';
import { OWN_DIR, type Marker, type RootState } from '../roots/root.ts';
import { NotContained, openRootDir, type DirHandle } from './handle.ts';
import { MarkerDamaged, readMarker } from './marker.ts';

export interface ExpectedRoot {
  readonly rootUuid: string;
  readonly installId: string;
}

/** Why a root could not be opened as ours. `why` is a sentence for the operator, without paths. */
export interface NotOurs {
  readonly root?: undefined;
  readonly state: Extract<RootState, 'offline' | 'foreign' | 'readonly'>;
  readonly why: string;
}

/** An open root. Close it. `place` says which directory of which mount it was: equal before and after a scan. */
export interface OpenRoot {
  readonly root: DirHandle;
  readonly place: string;
  readonly marker: Marker;
}

/**
 * Opens `path` when it carries the expected marker and can be written to; says why not otherwise. Never throws for a
 * disk's state.
 */
export function openVerified(path: string, expected: ExpectedRoot, files = systemFiles): OpenRoot | NotOurs {
  const open = openAs(path, expected, files);
  if (open.root === undefined) return open;
  const refusal = writeRefusal(open.root);
  if (refusal === undefined) return open;
  open.root.close();
  return refusal;
}

/** As openVerified for reading only: a root that became read-only can still be scanned and viewed. */
export function openForReading(
  path: string,
  expected: ExpectedRoot,
  files = systemFiles,
): OpenRoot | NotOurs {
  return openAs(path, expected, files);
}

/** The directory and mount a root descriptor refers to; another disk on the same path gives another place. */
export function placeOf(root: DirHandle): string {
  return `${String(root.self().ino)}@${root.mountId}`;
}

function openAs(path: string, expected: ExpectedRoot, files: FileCalls): OpenRoot | NotOurs {
  let root: DirHandle | undefined;
  try {
    root = openRootDir(path, files);
    const marker = readMarker(root);
    const refusal = markerRefusal(marker, expected);
    if (marker !== undefined && refusal === undefined) return { root, place: placeOf(root), marker };
    root.close();
    return refusal ?? { state: 'offline', why: 'no marker' };
  } catch (error) {
    root?.close();
    return describe(error);
  }
}

function markerRefusal(marker: Marker | undefined, expected: ExpectedRoot): NotOurs | undefined {
  if (marker === undefined) return { state: 'offline', why: 'the marker is missing: is the disk mounted?' };
  if (marker.installId !== expected.installId)
    return { state: 'foreign', why: 'the marker is of another installation' };
  if (marker.rootUuid !== expected.rootUuid)
    return { state: 'foreign', why: 'the marker is of another root' };
  return undefined;
}

/** EROFS is the file system's word, also for root, whom permissions do not bind. */
function writeRefusal(root: DirHandle): NotOurs | undefined {
  let own: DirHandle | undefined;
  try {
    own = root.openDir(OWN_DIR);
    own.files.accessSync(`/proc/self/fd/${String(own.fd)}`, constants.W_OK);
    return undefined;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EROFS') return { state: 'readonly', why: 'the file system is mounted read-only' };
    if (errno === 'EACCES')
      return { state: 'readonly', why: 'the service may not write to its own directory' };
    return describe(error);
  } finally {
    own?.close();
  }
}

/** A disk's trouble as a state. What is no trouble of a disk is a defect and is thrown on. */
function describe(error: unknown): NotOurs {
  if (error instanceof MarkerDamaged) return { state: 'foreign', why: error.message };
  if (error instanceof NotContained)
    return { state: 'offline', why: 'a link or a file stands in the place of the root or its marker' };
  const errno = errnoOf(error);
  if (errno === undefined) throw error;
  if (errno === 'ENOENT') return { state: 'offline', why: 'the directory is missing' };
  return { state: 'offline', why: `the directory cannot be read (${errno})` };
}
