/** An fsync that fails below a root, in the root's thread called in place: whatever was asked, the root is failing. */
import { statSync } from 'node:fs';
import { COPY_DIR } from '../../src/holds/keep/copies.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemFiles, type FileCalls } from '../../src/base/file-calls.ts';
import type { RootAnswer, RootRequest } from '../../src/disk/root-messages.ts';
import { answerRootCall } from '../../src/root-calls.ts';
import { T0, makeFootage, type Footage } from '../support/footage.ts';

const CLAIM = '7b0e4a1c-6a53-4d52-9c11-0d6c0a4b1f10';

let f: Footage;
let clipId: number;
beforeEach(async () => {
  f = makeFootage();
  clipId = f.add('cam/1.mp4', { startMs: T0 - 10_000, endMs: T0 });
  for (const request of [pin(), copy()]) expect((await ask(request)).of).not.toBe('failed');
});
afterEach(() => {
  f.close();
});

const identity = () => {
  const { ino, size, mtimeNs } = statSync(f.path('cam/1.mp4'), { bigint: true });
  return { clipId, dir: 'cam', name: '1.mp4', ino, sizeBytes: Number(size), mtimeNs };
};
const pin = (): RootRequest => ({ op: 'pin', holdId: CLAIM, tasks: [identity()] });
const dir = COPY_DIR;
const copy = (): RootRequest => {
  return { op: 'copy', tasks: [identity()], keepFreeBytes: 0, dir, from: undefined };
};
const unpin = (): RootRequest => ({ op: 'unpin', holdId: CLAIM, pins: [identity()] });
const uncopy = (): RootRequest => ({
  op: 'remove_copies',
  copies: [{ clipId, sourceIno: identity().ino, dir }],
});
const mirror = (): RootRequest => ({ op: 'mirror', name: 'x.json', text: '{}', holdSeq: 1, holdMac: 'm' });

/** Asks with a disk on which fsync of what `fails` says fails. */
function ask(request: RootRequest, fails?: 'file' | 'directory', code = 'EIO'): Promise<RootAnswer> {
  const fsyncSync: FileCalls['fsyncSync'] = (fd) => {
    const kind = systemFiles.fstatSync(fd).isFile() ? 'file' : 'directory';
    if (kind === fails) throw Object.assign(new Error(`${code}: it did not work, fsync`), { code });
    systemFiles.fsyncSync(fd);
  };
  const services = { files: { ...systemFiles, fsyncSync }, monotonicMs: () => 0 };
  return new Promise((resolve) => {
    answerRootCall({ at: f.address, request }, resolve, services);
  });
}

describe('an fsync that fails', () => {
  it.each([
    ['of the directory of pins', pin, 'directory'],
    ['of the directory pins are taken from', unpin, 'directory'],
    ['of a copy', copy, 'file'],
    ['of the directory of copies', copy, 'directory'],
    ['of the directory copies are taken from', uncopy, 'directory'],
    ['of a mirror', mirror, 'file'],
    ['of the directory of mirrors', mirror, 'directory'],
  ] as const)('%s is told as such', async (_what, request, fails) => {
    expect(await ask(request(), fails)).toEqual({
      of: 'not_durable',
      message: 'EIO: it did not work, fsync',
    });
  });

  it('of a copy, for want of room, is want of room', async () => {
    const answer = await ask(copy(), 'file', 'ENOSPC');
    expect(answer).toMatchObject({ of: 'copied', results: [{ found: 'no_room' }] });
  });
});
