/** Pictures of clips, made by the real ffmpeg. */
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import { createMedia } from '../../src/media/media.ts';
import { makeClip, type ClipOptions } from '../tools/clips.ts';

const directory = mkdtempSync(join(tmpdir(), 'fortnight-stills-'));
const media = createMedia({ log: silentLog });
afterAll(async () => {
  await media.stop();
  rmSync(directory, { recursive: true });
});

/** Makes a poster of the clip at `path` and tells its size in pixels. */
async function posterOf(
  path: string,
  atMs: number,
  widthPx?: number,
): Promise<{ width: number; height: number }> {
  const fd = openSync(path, 'r');
  const outFile = join(directory, 'poster.jpg');
  try {
    await media.makePoster({ fd, atMs, outFile, ...(widthPx !== undefined && { widthPx }) });
  } finally {
    closeSync(fd);
  }
  const still = openSync(outFile, 'r');
  const probe = media.probeStill(still, statSync(outFile).size);
  closeSync(still);
  if (!probe.ok) throw new Error(probe.reason);
  expect(probe.complete).toBe(true);
  unlinkSync(outFile);
  return { width: probe.info.widthPx ?? 0, height: probe.info.heightPx ?? 0 };
}

const CLIPS: Record<string, ClipOptions> = {
  'progressive.mp4': { audio: 'aac' },
  'fragmented.mp4': { fragmented: true, bFrames: 2 },
  'hevc.mp4': { codec: 'hevc' },
  'mjpeg.mov': { codec: 'mjpeg' },
  'h264.mkv': {},
  'h264.ts': {},
  'hevc.ts': { codec: 'hevc' },
  'mpeg4.avi': { codec: 'mpeg4' },
  'raw.h264': {},
  'programme.mpg': { codec: 'mpeg2video' },
  'flash.flv': {},
};

test.each(Object.entries(CLIPS))(
  '%s: a picture at the start, in the middle and beyond the end',
  async (name, how) => {
    const path = makeClip(join(directory, name), { size: '640x360', seconds: 3, ...how });
    for (const atMs of [0, 1500, 60_000])
      expect(await posterOf(path, atMs)).toEqual({ width: 480, height: 270 });
  },
);

test('a picture is as wide as asked for and never enlarged', async () => {
  const path = makeClip(join(directory, 'width.mp4'), { size: '640x360' });
  expect(await posterOf(path, 0, 160)).toEqual({ width: 160, height: 90 });
  expect(await posterOf(path, 0, 4096)).toEqual({ width: 640, height: 360 });
});

test('the file that was opened is the one that is read, whatever its name means by then', async () => {
  const path = makeClip(join(directory, 'opened.mp4'), { size: '640x360' });
  const fd = openSync(path, 'r');
  renameSync(makeClip(join(directory, 'other.mp4'), { size: '320x320' }), path);
  const outFile = join(directory, 'opened.jpg');
  await media.makePoster({ fd, atMs: 0, outFile });
  const still = openSync(outFile, 'r');
  expect(media.probeStill(still, statSync(outFile).size)).toMatchObject({
    info: { widthPx: 480, heightPx: 270 },
  });
  closeSync(still);
  closeSync(fd);
});

test('a clip without pictures, a damaged one and a playlist give none, and leave no file', async () => {
  const neighbour = makeClip(join(directory, 'neighbour.mp4'));
  const texts = {
    'nothing.mp4': '',
    'text.mp4': 'This is not a video.\n',
    'playlist.mp4': `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:2.0,\n${neighbour}\n#EXT-X-ENDLIST\n`,
    'concat.mp4': `ffconcat version 1.0\nfile ${neighbour}\n`,
    'cut.mp4': readFileSync(neighbour).subarray(0, 1000),
  };
  const outFile = join(directory, 'none.jpg');
  for (const [name, text] of Object.entries(texts)) {
    writeFileSync(join(directory, name), text);
    writeFileSync(outFile, 'an older picture');
    const fd = openSync(join(directory, name), 'r');
    await expect(media.makePoster({ fd, atMs: 0, outFile }), name).rejects.toMatchObject({
      code: 'clip_unavailable',
    });
    closeSync(fd);
    expect(existsSync(outFile)).toBe(false);
  }
});

test('formats of the arbiter are told by ffprobe, and text is not', async () => {
  const expected = { 'raw.h264': 'h264', 'programme.mpg': 'mpeg', 'flash.flv': 'flv', 'windows.asf': 'asf' };
  for (const [name, container] of Object.entries(expected)) {
    const path = makeClip(join(directory, name), { codec: name === 'programme.mpg' ? 'mpeg2video' : 'h264' });
    const fd = openSync(path, 'r');
    expect(media.probeFile(fd, statSync(path).size)).toMatchObject({ ok: false, arbiter: true });
    expect(await media.arbitrate(fd)).toMatchObject({
      ok: true,
      info: { container, widthPx: 320, heightPx: 180 },
    });
    closeSync(fd);
  }
  const playlist = join(directory, 'playlist.mp4');
  const fd = openSync(playlist, 'r');
  expect(await media.arbitrate(fd)).toMatchObject({ ok: false });
  closeSync(fd);
});

test('ending the jobs of a clip leaves no process that holds it, and other clips get their pictures', async () => {
  const path = makeClip(join(directory, 'ending.mp4'), { size: '1920x1080', seconds: 2 });
  const other = makeClip(join(directory, 'staying.mp4'));
  const fds = Array.from({ length: 8 }, () => openSync(path, 'r'));
  const ending = fds.map((fd, i) =>
    media.makePoster({ fd, atMs: 1000, outFile: join(directory, `e${String(i)}.jpg`) }, { key: 'ending' }),
  );
  const otherFd = openSync(other, 'r');
  const staying = media.makePoster(
    { fd: otherFd, atMs: 0, outFile: join(directory, 'staying.jpg') },
    { key: 'staying' },
  );
  const outcomes = Promise.allSettled(ending);
  await new Promise(setImmediate);
  await media.endJobs('ending');
  for (const fd of fds) closeSync(fd);
  expect(holdersOf(path)).toEqual([]);
  expect((await outcomes).every((o) => o.status === 'rejected')).toBe(true);
  await staying;
  closeSync(otherFd);
  expect(existsSync(join(directory, 'staying.jpg'))).toBe(true);
});

/** Processes that have this file open. */
function holdersOf(path: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === path);
    } catch {
      return false; // gone meanwhile, or another user's
    }
  });
}
