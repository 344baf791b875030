/** Decoding whole clips: what is told of clips that end early, are broken, or keep ffmpeg too long. */
import { closeSync, openSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import { createMedia } from '../../src/media/media.ts';
import { makeClip } from '../tools/clips.ts';
import { scratch } from '../tools/scratch.ts';

const place = scratch();
const media = createMedia({ log: silentLog });
afterAll(async () => {
  await media.stop();
  place.remove();
});

async function decode(path: string, options: Parameters<typeof media.decode>[1] = {}) {
  const fd = openSync(path, 'r');
  try {
    return await media.decode(fd, options);
  } finally {
    closeSync(fd);
  }
}

test.each(['mp4', 'mkv', 'ts', 'avi'] as const)(
  'a whole %s decodes to its end without complaint',
  async (container) => {
    const path = makeClip(join(place.path, `whole.${container}`), { seconds: 8, audio: 'aac', bFrames: 2 });
    const found = await decode(path);
    expect(found).toMatchObject({ ended: true, errors: 0 });
    const { decodedMs } = found as { decodedMs: number };
    expect(decodedMs).toBeGreaterThan(7700);
    expect(decodedMs).toBeLessThan(8300);
  },
);

test('of a clip that was cut short as much is told as decodes', async () => {
  const path = makeClip(join(place.path, 'short.mp4'), { seconds: 8, fragmented: true });
  truncateSync(path, Math.floor(statSync(path).size / 2));
  const found = await decode(path);
  expect(found).toMatchObject({ ended: true });
  const { decodedMs } = found as { decodedMs: number };
  expect(decodedMs).toBeGreaterThan(2000);
  expect(decodedMs).toBeLessThan(6000);
});

test('bytes that were written over are told as errors, at full length', async () => {
  const path = makeClip(join(place.path, 'broken.mp4'), { seconds: 8 });
  const content = readFileSync(path);
  const middle = Math.floor(content.length / 2);
  content.fill(0xa5, middle, middle + 20_000);
  writeFileSync(path, content);
  const found = (await decode(path)) as { decodedMs: number; errors: number };
  expect(found.errors).toBeGreaterThan(0);
  expect(found.decodedMs).toBeGreaterThan(7500);
});

test('what is no clip at all decodes to nothing, with a complaint', async () => {
  const path = join(place.path, 'nothing.mp4');
  writeFileSync(path, 'this is no clip');
  expect(await decode(path)).toMatchObject({ ended: true, decodedMs: 0 });
  expect(((await decode(path)) as { errors: number }).errors).toBeGreaterThan(0);
});

test('a decoder that takes too long, and one whose clip goes, are ended and claim nothing', async () => {
  const path = makeClip(join(place.path, 'long.mp4'), { seconds: 8 });
  const hurried = createMedia({ log: silentLog, timeoutMs: 1 });
  const fd = openSync(path, 'r');
  expect(await hurried.decode(fd)).toEqual({ ended: false, why: 'time' });
  await hurried.stop();
  const abort = new AbortController();
  const ended = media.decode(fd, { signal: abort.signal }).catch((error: unknown) => error);
  abort.abort();
  expect(await ended).not.toMatchObject({ ended: true });
  closeSync(fd);
});
