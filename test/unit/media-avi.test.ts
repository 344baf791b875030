/** AVI whose header or index is not what it should be: cut, unfinished, written where nothing can be written later. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { MediaInfo, Probe } from '../../src/clips/media-info.ts';
import { LIMITS } from '../../src/media/probe/reader.ts';
import { probeSource } from '../../src/media/probe.ts';
import { makeClip, type ClipOptions } from '../tools/clips.ts';
import { memoryFile } from '../tools/memory-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'fortnight-avi-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const CLIPS: Record<string, ClipOptions> = {
  'mjpeg.avi': { codec: 'mjpeg', audio: 'pcm_s16le', seconds: 4 },
  'h264.avi': { seconds: 4 },
  'mpeg4.avi': { codec: 'mpeg4', seconds: 4 },
};

const load = (name: string): Buffer => readFileSync(makeClip(join(directory, name), CLIPS[name]));

function infoOf(probe: Probe): MediaInfo {
  if (!probe.ok) throw new Error(probe.reason);
  return probe.info;
}

const probe = (bytes: Buffer): Probe => probeSource(memoryFile(bytes));

/** Where the frames' list begins: at its `LIST`. */
const moviAt = (avi: Buffer): number => avi.indexOf('movi') - 8;
const indexAt = (avi: Buffer): number => avi.lastIndexOf('idx1');

/** Writes sizes of the whole and of the list of frames. */
function sized(avi: Buffer, riff: number, movi: number): Buffer {
  const copy = Buffer.from(avi);
  copy.writeUInt32LE(riff, 4);
  copy.writeUInt32LE(movi, moviAt(avi) + 4);
  return copy;
}

/** The number of frames and the like in every stream header. */
function stating(avi: Buffer, length: number): Buffer {
  const copy = Buffer.from(avi);
  for (let at = copy.indexOf('strh'); at >= 0; at = copy.indexOf('strh', at + 4))
    copy.writeUInt32LE(length, at + 40);
  return copy;
}

const withoutIndex = (avi: Buffer): Buffer => avi.subarray(0, indexAt(avi));

test.each(Object.keys(CLIPS))('%s without its index is the same clip', (name) => {
  const whole = load(name);
  const bare = withoutIndex(whole);
  const found = probe(sized(bare, bare.length - 8, bare.length - 8 - moviAt(bare)));
  expect(found).toEqual({ ...probe(whole), complete: true });
  expect(infoOf(found).keyFramesMs.length).toBeGreaterThanOrEqual(4);
});

test.each(Object.keys(CLIPS))('%s as a pipe or a recorder leaves it that was interrupted', (name) => {
  const info = infoOf(probe(load(name)));
  const bare = withoutIndex(load(name));
  for (const size of [0xffff_ffff, 0]) {
    for (const length of [0, 0x4000_0000]) {
      const found = probe(stating(sized(bare, size, size), length));
      expect(found).toEqual({ ok: true, complete: false, info: { ...info, durationMs: 4000 } });
    }
  }
});

test.each(Object.keys(CLIPS))('%s cut in the middle lasts what its whole frames last', (name) => {
  const whole = load(name);
  const { keyFramesMs } = infoOf(probe(whole));
  for (const part of [0.3, 0.5, 0.9]) {
    const cut = whole.subarray(0, Math.floor(indexAt(whole) * part));
    let frames = 0;
    for (let at = moviAt(whole) + 12; at + 8 <= cut.length;) {
      const to = at + 8 + cut.readUInt32LE(at + 4);
      if (cut.toString('latin1', at, at + 4) === '00dc' && to <= cut.length) frames += 1;
      at = to + (to & 1);
    }
    expect(frames).toBeGreaterThan(0);
    expect(probe(cut)).toMatchObject({
      ok: true,
      complete: false,
      info: { durationMs: frames * 100, keyFramesMs: keyFramesMs.filter((ms) => ms < frames * 100) },
    });
  }
});

test('a header that states no frames is put right by the index', () => {
  const whole = load('h264.avi');
  expect(probe(stating(whole, 0))).toEqual(probe(whole));
});

test('frames that are grouped to be read together are found', () => {
  const whole = load('mjpeg.avi');
  const head = whole.subarray(0, moviAt(whole) + 12);
  const frames = withoutIndex(whole).subarray(head.length);
  const half = frames.indexOf('00dc', frames.length / 2);
  const groups = [frames.subarray(0, half), frames.subarray(half)].map((part) => {
    const group = Buffer.from('LIST....rec ');
    group.writeUInt32LE(part.length + 4, 4);
    return Buffer.concat([group, part]);
  });
  expect(infoOf(probe(sized(Buffer.concat([head, ...groups]), 0, 0)))).toEqual(infoOf(probe(whole)));
});

test('a hundred bytes lost in the middle cost what lies behind them, not the length', () => {
  const whole = load('h264.avi');
  const at = whole.length / 2;
  const found = probe(Buffer.concat([whole.subarray(0, at), whole.subarray(at + 100)]));
  expect(found).toMatchObject({ ok: true, complete: false });
  expect(Math.abs((infoOf(found).durationMs ?? 0) - 4000)).toBeLessThan(20);
});

test('another recording behind a finished one is not of it', () => {
  const whole = load('mpeg4.avi');
  expect(probe(Buffer.concat([whole, whole]))).toEqual(probe(whole));
});

test('zeros behind the last frame, as in a file whose space was set aside, end the walk', () => {
  const bare = withoutIndex(load('h264.avi'));
  const found = probe(sized(Buffer.concat([bare, Buffer.alloc(1 << 20)]), 0, 0));
  expect(found).toMatchObject({
    ok: true,
    complete: false,
    info: { durationMs: 4000, keyFramesMs: [0, 1000, 2000, 3000] },
  });
});

test('a finished file with its index is read as before: nothing but what the caller has', () => {
  for (const name of Object.keys(CLIPS)) {
    const whole = load(name);
    const file = memoryFile(whole);
    const length = Math.min(whole.length, 65_536);
    probeSource(file, { head: whole.subarray(0, length), tail: whole.subarray(-length) });
    expect(file.reads, name).toBe(0);
  }
});

test('a cut file too long to be walked through lasts its share, and is left within the limits', () => {
  const whole = stating(load('mpeg4.avi'), 400_000);
  const head = whole.subarray(0, moviAt(whole) + 12);
  const frame = Buffer.from('3030646308000000000001b640000000', 'hex');
  const half = Buffer.concat([head, ...Array<Buffer>(200_000).fill(frame)]);
  const claimed = 4 + 400_000 * frame.length;
  const from = process.threadCpuUsage();
  const file = memoryFile(sized(half, head.length + claimed, claimed));
  const { durationMs } = infoOf(probeSource(file));
  const { user, system } = process.threadCpuUsage(from);
  expect((user + system) / 1000).toBeLessThan(LIMITS.timeMs);
  expect(file.bytesRead).toBeLessThanOrEqual(LIMITS.bytes);
  expect(Math.abs((durationMs ?? 0) - 20_000_000)).toBeLessThan(100);
  expect(infoOf(probe(sized(half, 0, 0))).durationMs).toBeNull();
});

test('the size is that of the pictures, not of the lines that were coded', () => {
  const whole = load('h264.avi');
  const coded = Buffer.from(whole);
  coded.writeUInt32LE(192, coded.indexOf('strf') + 16);
  expect(infoOf(probe(whole))).toMatchObject({ widthPx: 320, heightPx: 180 });
  expect(infoOf(probe(coded))).toMatchObject({ widthPx: 320, heightPx: 180 });
});

/** OpenDML as written by hand: in each of its two pieces four frames, the first a key frame, and an index of them. */
function openDml(): { avi: Buffer; firstPieceBytes: number } {
  const numbers = (...values: number[]): Buffer => Buffer.from(Uint32Array.from(values).buffer);
  const chunk = (type: string, ...content: Buffer[]): Buffer => {
    const body = Buffer.concat(content);
    return Buffer.concat([Buffer.from(type), numbers(body.length), body]);
  };
  const list = (type: string, ...content: Buffer[]): Buffer => chunk('LIST', Buffer.from(type), ...content);
  const frames = Array.from({ length: 4 }, () => chunk('00dc', Buffer.alloc(16, 'x')));
  const sizes = [16, 0x8000_0010, 0x8000_0010, 0x8000_0010];
  const index = chunk('ix00', numbers(0x0100_0002, 4, 0, 0, 0, 0, ...sizes.flatMap((size) => [0, size])));
  const movi = list('movi', ...frames, index);
  const header = (indexes: readonly number[]): Buffer =>
    list(
      'hdrl',
      list(
        'strl',
        chunk('strh', Buffer.from('vidsFMP4'), numbers(0, 0, 0, 1, 10, 0, 8, 0, 0, 0, 0, 0)),
        chunk('strf', numbers(40, 64, 48, 0x18_0001), Buffer.from('FMP4'), Buffer.alloc(20)),
        chunk('indx', numbers(4, 2, 0, 0, 0, 0, ...indexes.flatMap((at) => [at, 0, index.length, 4]))),
      ),
    );
  const firstPieceBytes = 12 + header([0, 0]).length + movi.length;
  const second = chunk('RIFF', Buffer.from('AVIX'), movi);
  const at = [firstPieceBytes - index.length, firstPieceBytes + second.length - index.length];
  const first = chunk('RIFF', Buffer.from('AVI '), header(at), movi);
  return { avi: Buffer.concat([first, second]), firstPieceBytes };
}

test('a file of two pieces, cut between them, lacks the second and lasts what the first does', () => {
  const { avi, firstPieceBytes } = openDml();
  expect(probe(avi)).toMatchObject({
    ok: true,
    complete: true,
    info: { durationMs: 800, keyFramesMs: [0, 400] },
  });
  expect(probe(avi.subarray(0, firstPieceBytes))).toMatchObject({
    ok: true,
    complete: false,
    info: { durationMs: 400, keyFramesMs: [0] },
  });
});
