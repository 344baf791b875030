/** What is done on a root for one call, in whatever thread: the root is opened and verified for it and closed after it. */
import { errnoOf } from './base/errors.ts';
import type { FileCalls } from './base/file-calls.ts';
import { makeCopies } from './disk/copies.ts';
import { hashOf, readCopies, removeCopies, renameCopy, settleCopy } from './disk/kept-copies.ts';
import { clearDrill, drillNames, plant } from './disk/drill.ts';
import { EraseBatch } from './disk/erase.ts';
import { NotContained, type DirHandle } from './disk/handle.ts';
import { writeHead, writeMarker } from './disk/marker.ts';
import { openFileBelow } from './disk/open-file.ts';
import { dropMirrors, readMirrors, writeMirror } from './disk/own-dir.ts';
import { makePins, pruneHoldDirs, removePins } from './disk/pins.ts';
import { emptyDirs, removeDirs } from './disk/prune.ts';
import type { RootAnswer, RootCall, RootRequest } from './disk/root-messages.ts';
import { sightsOf } from './disk/sights.ts';
import { adoptPins, endsOf, ownNames } from './disk/strays.ts';
import { NotDurable } from './disk/sync.ts';
import { openForReading, openVerified, type NotOurs, type OpenRoot } from './disk/verified-root.ts';
import { AbortFlag } from './retention/gate.ts';

type Answer = (answer: RootAnswer) => void;
type EraseRequest = Extract<RootCall['request'], { op: 'erase' }>;
type CopyRequest = Extract<RootCall['request'], { op: 'copy' }>;
/** What changes nothing. */
const READING: readonly RootRequest['op'][] = ['open', 'read_mirrors', 'read_copies', 'ends', 'hash'];

export interface RootThreadServices {
  readonly files: FileCalls;
  /** Milliseconds that only advance, with fractions. */
  readonly monotonicMs: () => number;
}

/**
 * Performs one call, synchronously but for `copy`, during which others come in between. `erase` is answered twice: when
 * the names are gone, and when that is durable. Never throws.
 */
export function answerRootCall(
  { at, request }: Omit<RootCall, 'id'>,
  answer: Answer,
  { files, monotonicMs }: RootThreadServices,
): void {
  try {
    const open = (READING.includes(request.op) ? openForReading : openVerified)(at.path, at.expected, files);
    if (open.root === undefined) {
      answer({ of: 'refused', state: open.state, why: open.why });
      return;
    }
    if (request.op === 'copy') {
      void copy(open.root, request, { answer, files });
      return;
    }
    try {
      if (request.op === 'erase') erase(open, request, { answer, monotonicMs });
      else answer(perform(open, request));
    } finally {
      open.root.close();
    }
  } catch (error) {
    answer(failed(error));
  }
}

function failed(error: unknown): RootAnswer {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof NotDurable ? { of: 'not_durable', message } : { of: 'failed', message };
}

/** Goes on while the disk writes, and closes what was opened when all of it is over. Never rejects. */
async function copy(
  below: DirHandle,
  { tasks, keepFreeBytes, dir, from }: CopyRequest,
  { answer, files }: { readonly answer: Answer; readonly files: FileCalls },
): Promise<void> {
  let source: OpenRoot | NotOurs | undefined;
  try {
    source = from && openForReading(from.path, from.expected, files);
    if (source !== undefined && source.root === undefined)
      answer({ of: 'refused', state: source.state, why: source.why });
    else {
      const root = source?.root ?? below;
      answer({ of: 'copied', results: await makeCopies(root, tasks, { below, dir, keepFreeBytes }) });
    }
  } catch (error) {
    answer(failed(error));
  } finally {
    source?.root?.close();
    below.close();
  }
}

function perform(open: OpenRoot, request: Exclude<RootRequest, EraseRequest | CopyRequest>): RootAnswer {
  if (isAbout(HELD, request)) return performOnHeld(open.root, request);
  if (isAbout(MIRRORS, request)) return performOnMirrors(open, request);
  switch (request.op) {
    case 'head':
      writeHead(open.root, request.text);
      return { of: 'head_written' };
    case 'empty_dirs':
      return { of: 'empty_dirs', paths: emptyDirs(open.root) };
    case 'sight':
      return { of: 'sights', sights: sightsOf(open.root, request.paths) };
    case 'remove_dirs':
      return { of: 'removed', dirs: removeDirs(open.root, request.paths) };
    case 'plant':
      return { of: 'planted', file: plant(open.root, request.clip) };
    case 'drill_names':
      return { of: 'drill_names', names: drillNames(open.root) };
    case 'drill_clear':
      clearDrill(open.root, request.names);
      return { of: 'drill_cleared' };
    case 'open':
      return openClip(open, request);
  }
}

/** What is done with the mirrors of holds, and the number of the last of them. */
const MIRRORS = ['mirror', 'mark', 'drop_mirrors', 'read_mirrors'] as const;
type MirrorRequest = Extract<RootRequest, { op: (typeof MIRRORS)[number] }>;

function performOnMirrors(open: OpenRoot, request: MirrorRequest): RootAnswer {
  switch (request.op) {
    case 'mirror':
      writeMirror(open.root, request.name, request.text);
      mark(open, request);
      return { of: 'mirrored' };
    case 'mark':
      mark(open, request);
      return { of: 'mirrored' };
    case 'drop_mirrors':
      dropMirrors(open.root, request.names);
      return { of: 'mirrored' };
    case 'read_mirrors':
      return { of: 'mirrors', ...readMirrors(open.root) };
  }
}

/** The number never goes back. */
function mark(open: OpenRoot, request: Extract<RootRequest, { op: 'mirror' | 'mark' }>): void {
  if (request.holdSeq <= open.marker.lastHoldSeq) return;
  const { holdSeq: lastHoldSeq, holdMac: lastHoldMac } = request;
  writeMarker(open.root, { ...open.marker, lastHoldSeq, lastHoldMac });
}

/** What is done with held footage. */
const HELD = [
  'pin',
  'unpin',
  'prune_pins',
  'own_names',
  'adopt_pins',
  'ends',
  'read_copies',
  'remove_copies',
  'hash',
  'rename_copy',
  'settle_copy',
] as const;
type HeldRequest = Extract<RootRequest, { op: (typeof HELD)[number] }>;

function isAbout<O extends RootRequest['op']>(
  ops: readonly O[],
  request: RootRequest,
): request is Extract<RootRequest, { op: O }> {
  return (ops as readonly string[]).includes(request.op);
}

function performOnHeld(root: DirHandle, request: HeldRequest): RootAnswer {
  switch (request.op) {
    case 'pin':
      return { of: 'pinned', results: makePins(root, request.holdId, request.tasks) };
    case 'unpin':
      removePins(root, request.holdId, request.pins);
      return { of: 'unpinned' };
    case 'prune_pins':
      pruneHoldDirs(root);
      return { of: 'unpinned' };
    case 'own_names':
      return { of: 'own_names', ...ownNames(root, request.dir) };
    case 'adopt_pins':
      return { of: 'pinned', results: adoptPins(root, request.holdId, request.pins) };
    case 'ends':
      return { of: 'ends', ends: endsOf(root, request.paths) };
    case 'read_copies':
      return { of: 'copies_read', readings: readCopies(root, request.copies) };
    case 'hash':
      return { of: 'hashed', sha256: hashOf(root, request.file) };
    case 'rename_copy':
      return { of: 'copy_named', done: renameCopy(root, request) };
    case 'settle_copy':
      return { of: 'copy_named', done: settleCopy(root, request.copy) };
    case 'remove_copies':
      removeCopies(root, request.copies);
      return { of: 'unpinned' };
  }
}

/** A missing file is a value; what is no regular file of this root is treated the same: there is no such clip. */
function openClip(open: OpenRoot, { dir, name }: { dir: string; name: string }): RootAnswer {
  try {
    const { fd, stat } = openFileBelow(open.root, { dir, name });
    return { of: 'opened', fd, sizeBytes: stat.sizeBytes, ino: stat.ino, mtimeNs: stat.mtimeNs };
  } catch (error) {
    if (error instanceof NotContained || errnoOf(error) === 'ENOENT') return { of: 'absent' };
    throw error;
  }
}

function erase(
  open: OpenRoot,
  request: EraseRequest,
  { answer, monotonicMs }: { readonly answer: Answer; readonly monotonicMs: () => number },
): void {
  const flag = new AbortFlag(request.abort);
  const batch = new EraseBatch(open.root);
  try {
    const before = monotonicMs();
    const results = batch.unlinkAll(request.batch, () => flag.raised);
    answer({ of: 'unlinked', results, tookMs: monotonicMs() - before });
    answer({
      of: 'durable',
      failure: failureOf(() => {
        batch.makeDurable();
      }),
    });
  } finally {
    batch.close();
  }
}

/** An fsync that failed is never tried again: the kernel may have dropped the pages and would say yes. */
function failureOf(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
