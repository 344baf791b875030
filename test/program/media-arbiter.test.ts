/** Recordings that only ffprobe reads: shown to it, and read by it as what they are. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import type { Probe } from '../../src/clips/media-info.ts';
import { createMedia } from '../../src/media/media.ts';
import { probeSource } from '../../src/media/probe.ts';
import { makeClip, type ClipOptions } from '../tools/clips.ts';
import { memoryFile } from '../tools/memory-file.ts';
import { unhurried } from '../support/unhurried.ts';

const directory = mkdtempSync(join(tmpdir(), 'fortnight-arbiter-'));
const media = createMedia({ log: silentLog });
afterAll(async () => {
  await media.stop();
  rmSync(directory, { recursive: true });
});

function clip(name: string, options?: ClipOptions): Buffer {
  return readFileSync(makeClip(join(directory, name), options));
}

/** What ffprobe says of these bytes, in a file whose name says nothing. */
async function arbitrate(bytes: Buffer): Promise<Probe> {
  const path = join(directory, 'x.mp4');
  writeFileSync(path, bytes);
  const fd = openSync(path, 'r');
  try {
    return await media.arbitrate(fd);
  } finally {
    closeSync(fd);
  }
}

/** What the daemon comes to know: in process, and by ffprobe where that is asked for. */
async function known(bytes: Buffer): Promise<Probe> {
  const probe = unhurried(() => probeSource(memoryFile(bytes)));
  return !probe.ok && probe.arbiter ? arbitrate(bytes) : probe;
}

/** From the second unit that `isSlice` on: no parameter set stands before the pictures of the first group. */
function fromTheMiddle(stream: Buffer, isSlice: (header: number) => boolean): Buffer {
  let slices = 0;
  for (let at = stream.indexOf('000001', 0, 'hex'); at >= 0; at = stream.indexOf('000001', at + 3, 'hex')) {
    if (isSlice(stream.readUInt8(at + 3)) && ++slices === 2) return stream.subarray(at);
  }
  throw new Error('no second slice');
}

const programmeStream = clip('plain.mpg', { extra: [] });
const imkh = Buffer.concat([Buffer.from('IMKH'), Buffer.alloc(36), programmeStream]);
const picture = { videoCodec: 'h264', widthPx: 320, heightPx: 180 };

test.each([
  ['a programme stream', programmeStream, { ...picture, container: 'mpeg' }],
  ["Hikvision's header and a programme stream", imkh, { ...picture, container: 'mpeg' }],
  [
    'sixteen zeros and a programme stream',
    Buffer.concat([Buffer.alloc(16), programmeStream]),
    { ...picture, container: 'mpeg' },
  ],
  [
    'raw H.264 from the middle of a group of pictures',
    fromTheMiddle(clip('raw.h264'), (header) => (header & 31) === 1),
    { ...picture, container: 'h264' },
  ],
  [
    'raw HEVC from the middle of a group of pictures',
    fromTheMiddle(clip('raw.hevc', { codec: 'hevc' }), (header) => header >> 1 === 1),
    { ...picture, videoCodec: 'hevc', container: 'hevc' },
  ],
])('%s: read by ffprobe', async (_, bytes, info) => {
  expect(await known(bytes)).toMatchObject({ ok: true, info });
});

const SESSION = 'v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n';
const PACK = Buffer.from('000001ba4400040004010189c3f8', 'hex');

test.each([
  ['a playlist', '\n#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10.0,\nfile:///etc/passwd\n'],
  ['a session description', `\n${SESSION}`],
  ['a list of files', "\nffconcat version 1.0\nfile '/etc/passwd'\n"],
])("%s behind Hikvision's letters reaches no other demuxer of ffprobe", async (_, text) => {
  const bytes = Buffer.concat([Buffer.from(`IMKH${text}`), PACK, Buffer.alloc(2000)]);
  expect(probeSource(memoryFile(bytes))).toMatchObject({ ok: false, arbiter: true });
  const probe = await arbitrate(bytes);
  expect(probe.ok && probe.info.container !== 'mpeg').toBe(false);
});

test('a recording that has nothing but zeros from its middle on is not called whole', async () => {
  const half = Buffer.from(programmeStream).fill(0, programmeStream.length / 2);
  expect(await known(half)).toMatchObject({ ok: true, complete: false });
});
