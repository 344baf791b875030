/** X of the delete protocol, joined as in the daemon: no descriptor of a deleted clip outlives it (I9). */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { joinFootage, type JoinedFootage } from '../../src/app/footage.ts';
import type { State } from '../../src/app/state.ts';
import type { OpenedClip } from '../../src/clips/opened.ts';
import { createClipReader } from '../../src/db/clips/clips.ts';
import { createCoverage } from '../../src/db/clips/coverage.ts';
import { T0, makeFootage, type Footage } from '../support/footage.ts';

let f: Footage;
let footage: JoinedFootage;
let clipId: number;
let opening: PromiseWithResolvers<OpenedClip | undefined>;
let said: string[];
let streamsClosed: () => Promise<void>;
beforeEach(() => {
  f = makeFootage();
  clipId = f.add('cam/a.mp4', { startMs: T0 - 10_000, endMs: T0 });
  opening = Promise.withResolvers();
  said = [];
  streamsClosed = () => Promise.resolve();
  footage = joinFootage({
    state: { dir: join(f.dir, 'state'), db: f.db } as State,
    log: { warn: () => undefined } as never,
    nowMs: () => T0,
    reader: createClipReader(f.db, createCoverage(f.db)),
    client: () => ({ open: () => opening.promise }),
    held: {
      pins: { places: () => [] },
      copies: { places: () => [] },
      preserver: { over: () => Promise.resolve() },
      verifier: { over: () => Promise.resolve() },
      inspector: { over: () => Promise.resolve(), stop: () => Promise.resolve() },
    },
    index: { setMedia: () => undefined },
    access: () => ({ streams: { closeForClips: () => streamsClosed() } }) as never,
    onJob: () => undefined,
  });
});
afterEach(async () => {
  await footage.stop();
  f.close();
});

/** The file is opened after X has begun. */
const closeMeanwhile = async (): Promise<void> => {
  const closing = footage.close([clipId], []).then(() => said.push('X is over'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(said).toEqual([]);
  const { ino, sizeBytes, mtimeNs } = createClipReader(f.db, createCoverage(f.db)).location(clipId) ?? {};
  opening.resolve({
    fd: -1,
    ino: ino ?? 0n,
    sizeBytes: sizeBytes ?? 0,
    mtimeNs: mtimeNs ?? 0n,
    close: () => Promise.resolve(void said.push('closed')),
  });
  await closing;
};

test('a clip that is opened for the arbiter is closed before its deletion is recorded', async () => {
  footage.arbitrate([clipId]);
  await closeMeanwhile();
  expect(said).toEqual(['closed', 'X is over']);
});

test('a clip that is opened for its poster is closed before its deletion is recorded', async () => {
  const poster = footage.posters.poster(clipId);
  poster.catch(() => undefined);
  f.db.prepare('UPDATE clip SET state = 2 WHERE id = ?').run(clipId);
  await closeMeanwhile();
  expect(said).toEqual(['closed', 'X is over']);
  await expect(poster).rejects.toMatchObject({ code: 'gone' });
});

test('a clip that was looked at a moment ago has no descriptor left when its deletion is recorded', async () => {
  const { ino, sizeBytes, mtimeNs } = createClipReader(f.db, createCoverage(f.db)).location(clipId)!;
  const close = (): Promise<void> => Promise.resolve(void said.push('closed'));
  opening.resolve({ fd: -1, ino, sizeBytes, mtimeNs, close });
  const file = await footage.view(clipId);
  // A stream that X ends closes its file while X waits for it.
  streamsClosed = async () => {
    await file?.close();
    said.push('the stream is over');
  };
  await footage.close([clipId], []).then(() => said.push('X is over'));
  expect(said).toEqual(['the stream is over', 'closed', 'X is over']);
});
