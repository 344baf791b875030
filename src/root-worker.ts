/**
 * The thread of one root: everything that changes the disk of that root happens here, synchronously, so that a hung
 * mount hangs this thread and nothing else. The root is opened and verified for each call and closed after it.
 */
import { fstatSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { assert } from './base/assert.ts';
import { errnoOf } from './base/errors.ts';
import { EraseBatch } from './disk/erase.ts';
import { NotContained, openBelow, type DirHandle } from './disk/handle.ts';
import { writeMarker } from './disk/marker.ts';
import { readMirrors, writeMirror } from './disk/own-dir.ts';
import { emptyDirs, removeDirs } from './disk/prune.ts';
import type { RootAnswer, RootCall } from './disk/root-messages.ts';
import { openForReading, openVerified, type OpenRoot } from './disk/verified-root.ts';
import { AbortFlag } from './retention/gate.ts';

assert(parentPort !== null, 'root-worker runs as a worker thread');
const port = parentPort;

port.on('message', ({ id, at, request }: RootCall) => {
  const answer = (a: RootAnswer): void => {
    port.postMessage({ id, answer: a });
  };
  try {
    const reading = request.op === 'open' || request.op === 'read_mirrors';
    const open = reading ? openForReading(at.path, at.expected) : openVerified(at.path, at.expected);
    if (open.root === undefined) {
      answer({ of: 'refused', state: open.state, why: open.why });
      return;
    }
    try {
      perform(open, request, answer);
    } finally {
      open.root.close();
    }
  } catch (error) {
    answer({ of: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});

function perform(open: OpenRoot, request: RootCall['request'], answer: (a: RootAnswer) => void): void {
  switch (request.op) {
    case 'erase': {
      erase(open, request, answer);
      return;
    }
    case 'mirror': {
      writeMirror(open.root, request.name, request.text);
      if (request.holdSeq > open.marker.lastHoldSeq) {
        writeMarker(open.root, { ...open.marker, lastHoldSeq: request.holdSeq });
      }
      answer({ of: 'mirrored' });
      return;
    }
    case 'read_mirrors': {
      answer({ of: 'mirrors', ...readMirrors(open.root), lastHoldSeq: open.marker.lastHoldSeq });
      return;
    }
    case 'empty_dirs': {
      answer({ of: 'empty_dirs', paths: emptyDirs(open.root) });
      return;
    }
    case 'remove_dirs': {
      answer({ of: 'removed', dirs: removeDirs(open.root, request.paths) });
      return;
    }
    case 'open': {
      answer(openClip(open, request));
    }
  }
}

/** A missing file is a value; what is no regular file of this root is treated the same: there is no such clip. */
function openClip(open: OpenRoot, { dir, name }: { dir: string; name: string }): RootAnswer {
  let at: DirHandle | undefined;
  try {
    at = openBelow(open.root, dir);
    const fd = at.openFile(name);
    const { ino, size, mtimeNs } = fstatSync(fd, { bigint: true });
    return { of: 'opened', fd, sizeBytes: Number(size), ino, mtimeNs };
  } catch (error) {
    if (error instanceof NotContained || errnoOf(error) === 'ENOENT') return { of: 'absent' };
    throw error;
  } finally {
    at?.close();
  }
}

function erase(
  open: OpenRoot,
  request: Extract<RootCall['request'], { op: 'erase' }>,
  answer: (a: RootAnswer) => void,
): void {
  const flag = new AbortFlag(request.abort);
  const batch = new EraseBatch(open.root);
  try {
    const before = process.hrtime.bigint();
    const results = batch.unlinkAll(request.batch, () => flag.raised);
    answer({ of: 'unlinked', results, tookMs: Number(process.hrtime.bigint() - before) / 1e6 });
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
