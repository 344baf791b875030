/** MP4 as recorders write it and as damage leaves it, written by hand from the specification. */
import { expect, test } from 'vitest';
import { MAX_KEY_FRAMES, type MediaInfo } from '../../src/clips/media-info.ts';
import { LIMITS } from '../../src/media/probe/reader.ts';
import { probeSource } from '../../src/media/probe.ts';
import {
  box,
  fragment,
  FTYP,
  MDAT,
  moov,
  u32,
  wideBox,
  type MovieShape,
  type TrackShape,
} from '../tools/boxes.ts';
import { memoryFile } from '../tools/memory-file.ts';

const NOT_KEY = 0x1_0000;

function probe(...parts: Buffer[]): { info: MediaInfo; complete: boolean } {
  const result = probeSource(memoryFile(Buffer.concat(parts)));
  if (!result.ok) throw new Error(result.reason);
  return result;
}

function movie(track: TrackShape, more: Partial<MovieShape> = {}): Buffer {
  return moov({ tracks: [track], ...more });
}

/** 25 pictures a second for ten seconds, a key frame every two. */
const TEN_SECONDS: TrackShape = { timescale: 25, stts: [[250, 1]], stss: [1, 51, 101, 151, 201] };

test('the length of a clip is what its samples last, not what the movie header says', () => {
  const { info } = probe(FTYP, movie(TEN_SECONDS, { duration: 3_900_000 }), MDAT);
  expect(info.durationMs).toBe(10_000);
  expect(info.frameRate).toBe(25);
  expect(info.keyFramesMs).toEqual([0, 2000, 4000, 6000, 8000]);
});

test('an empty edit in front is no footage: a clip whose first picture is shown at ten seconds lasts what follows', () => {
  const track = {
    ...TEN_SECONDS,
    edits: [
      [10_000, 0xffff_ffff],
      [10_000, 0],
    ] as const,
  };
  const { info } = probe(FTYP, movie(track), MDAT);
  expect(info.durationMs).toBe(10_000);
  expect(info.keyFramesMs[0]).toBe(0);
});

test('an edit that skips the delay of reordered pictures shortens nothing', () => {
  const track = { ...TEN_SECONDS, ctts: [[250, 2]] as const, edits: [[10_000, 2]] as const };
  expect(probe(FTYP, movie(track), MDAT).info).toMatchObject({
    durationMs: 10_000,
    keyFramesMs: [0, 2000, 4000, 6000, 8000],
  });
});

test('an edit that shows a part of the media counts that part, and key frames before it as its start', () => {
  const track = { ...TEN_SECONDS, edits: [[3000, 75]] as const };
  const { info } = probe(FTYP, movie(track), MDAT);
  expect(info.durationMs).toBe(3000);
  expect(info.keyFramesMs).toEqual([0, 1000]);
});

test('sound that goes on longer than the pictures is part of the clip', () => {
  const sound: TrackShape = { id: 2, kind: 'soun', timescale: 8000, stts: [[90, 1000]], format: 'ulaw' };
  const { info } = probe(FTYP, moov({ tracks: [TEN_SECONDS, sound] }), MDAT);
  expect(info).toMatchObject({ durationMs: 11_250, audioCodec: 'pcm_mulaw' });
});

test('a last sample without duration, and one with a negative one, count nothing', () => {
  const stts = [
    [9, 40],
    [1, 0],
    [1, 0xffff_ffd8],
  ] as const;
  expect(probe(FTYP, movie({ stts }), MDAT).info.durationMs).toBe(360);
});

test('a clip without a list of key frames has them everywhere, named at a bounded number spread over the clip', () => {
  const { info } = probe(FTYP, movie({ timescale: 30, stts: [[20_000, 1]], format: 'jpeg' }), MDAT);
  expect(info.videoCodec).toBe('mjpeg');
  expect(info.keyFramesMs.length).toBeLessThanOrEqual(MAX_KEY_FRAMES);
  expect(info.keyFramesMs.length).toBeGreaterThan(1000);
  expect(info.keyFramesMs.at(-1)).toBeGreaterThan(660_000);
});

test('more key frames than are kept stay spread over the clip', () => {
  const stss = Array.from({ length: 9000 }, (_, i) => i + 1);
  const { info } = probe(FTYP, movie({ timescale: 1, stts: [[9000, 1]], stss }), MDAT);
  expect(info.keyFramesMs.length).toBeLessThanOrEqual(MAX_KEY_FRAMES);
  expect(info.keyFramesMs.at(-1)).toBeGreaterThan(8_990_000);
});

test('a claimed creation before 2000 is a clock that was never set', () => {
  const claimed = (created: number): number | null =>
    probe(FTYP, movie(TEN_SECONDS, { created }), MDAT).info.claimedStartMs;
  expect(claimed(0)).toBeNull();
  expect(claimed(2_082_844_800)).toBeNull(); // 1970
  expect(claimed(2_082_844_800 + 1_770_091_506)).toBe(1_770_091_506_000);
});

test('footage with a 64-bit size and 64-bit chunk offsets is read like any other', () => {
  const head = FTYP.length + 16;
  const parts = [
    FTYP,
    wideBox('mdat', Buffer.alloc(64)),
    movie({ ...TEN_SECONDS, chunkOffsets: [head], wideOffsets: true }),
  ];
  expect(probe(...parts)).toMatchObject({ complete: true, info: { durationMs: 10_000 } });
});

test('a clip whose index refers to footage beyond the end of the file is not complete', () => {
  expect(probe(FTYP, movie({ ...TEN_SECONDS, chunkOffsets: [1_000_000] }), MDAT).complete).toBe(false);
  expect(probe(FTYP, movie(TEN_SECONDS)).complete).toBe(false);
});

test('footage that runs to the end of the file is complete when all sample sizes fit', () => {
  const open = (bytes: number): Buffer => Buffer.concat([u32(0), Buffer.from('mdat'), Buffer.alloc(bytes)]);
  const track = { ...TEN_SECONDS, stts: [[4, 1]] as const, sampleSizes: [100, 100, 100, 100] };
  expect(probe(FTYP, movie(track), open(400)).complete).toBe(true);
  expect(probe(FTYP, movie(track), open(399)).complete).toBe(false);
});

test('a clip without its index is no clip yet', () => {
  const result = probeSource(memoryFile(Buffer.concat([FTYP, MDAT])));
  expect(result).toEqual({ ok: false, reason: 'no index (moov): cut or unfinished', arbiter: false });
});

test('zeros of a pre-allocated file behind the footage do not make it incomplete', () => {
  expect(probe(FTYP, movie(TEN_SECONDS), MDAT, Buffer.alloc(4096)).complete).toBe(true);
});

test('the codec of a protected track is the one it had before', () => {
  const sinf = box('sinf', box('frma', Buffer.from('hvc1')));
  const entry = box('encv', Buffer.alloc(78), sinf);
  const whole = Buffer.concat([FTYP, movie(TEN_SECONDS), MDAT]);
  // The entry of the plain track is 86 bytes long; put the protected one in its place, with all sizes around it.
  const at = whole.indexOf('avc1') - 4;
  const grown = Buffer.concat([whole.subarray(0, at), entry, whole.subarray(at + 86)]);
  for (const name of ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd']) {
    const size = grown.indexOf(name) - 4;
    grown.writeUInt32BE(grown.readUInt32BE(size) + entry.length - 86, size);
  }
  expect(probe(grown).info.videoCodec).toBe('hevc');
});

const SECOND = {
  durations: Array<number>(10).fill(100),
  firstFlags: 0,
  flags: Array<number>(10).fill(NOT_KEY),
};
const FRAGMENTED = movie({ timescale: 1000 }, { fragmentDefaults: { duration: 100, flags: NOT_KEY } });

test('the length of a fragmented clip is the sum of its fragments, whatever decode time they begin at', () => {
  for (const base of [0, 7_000_000_000]) {
    const parts = [0, 1, 2, 3].map((n) => fragment(base + n * 1000, [SECOND]));
    expect(probe(FTYP, FRAGMENTED, ...parts)).toMatchObject({
      complete: true,
      info: { durationMs: 4000, frameRate: 10, fragmented: true, keyFramesMs: [0, 1000, 2000, 3000] },
    });
  }
});

test('several runs in one fragment follow one another', () => {
  const later = { ...SECOND, firstFlags: NOT_KEY };
  const { info } = probe(FTYP, FRAGMENTED, fragment(0, [SECOND, later]), fragment(2000, [SECOND, later]));
  expect(info).toMatchObject({ durationMs: 4000, keyFramesMs: [0, 2000] });
});

test('a pause between fragments is part of the clip, a jump of the clock is not', () => {
  const length = (second: number): number | null =>
    probe(FTYP, FRAGMENTED, fragment(0, [SECOND]), fragment(second, [SECOND])).info.durationMs;
  expect(length(6000)).toBe(7000);
  expect(length(20 * 365 * 86_400_000)).toBe(2000);
  expect(length(10)).toBe(2000);
});

test('fragments without decode times and samples without durations of their own take the defaults', () => {
  const plain = { count: 10, firstFlags: 0 };
  expect(
    probe(FTYP, FRAGMENTED, fragment(undefined, [plain]), fragment(undefined, [plain])).info,
  ).toMatchObject({
    durationMs: 2000,
    keyFramesMs: [0, 1000],
  });
});

test('a fragmented clip that is cut inside a fragment, or between its two parts, is not complete', () => {
  const whole = Buffer.concat([FTYP, FRAGMENTED, fragment(0, [SECOND]), fragment(1000, [SECOND])]);
  const beforeMdat = whole.lastIndexOf('mdat') - 4;
  for (const to of [whole.length - 1, beforeMdat, beforeMdat + 3, beforeMdat - 20])
    expect(probe(whole.subarray(0, to)).complete).toBe(false);
});

test('a clip whose segment index promises more than the file holds is not complete', () => {
  const sidx = (bytes: number): Buffer =>
    box('sidx', u32(0, 1, 1000, 0, 0, 2), ...[bytes, bytes].map((b) => u32(b, 1000, 0x9000_0000)));
  const one = fragment(0, [SECOND]);
  const two = fragment(1000, [SECOND]);
  expect(probe(FTYP, FRAGMENTED, sidx(one.length), one, two).complete).toBe(true);
  expect(probe(FTYP, FRAGMENTED, sidx(one.length), one).complete).toBe(false);
});

test('an initialisation segment alone is fragmented, has no length and is not complete', () => {
  expect(probe(FTYP, FRAGMENTED)).toMatchObject({
    complete: false,
    info: { fragmented: true, durationMs: null },
  });
});

test('a fragmented clip too long to walk is measured from its start and its last fragment', () => {
  const parts = Array.from({ length: 9000 }, (_, n) => fragment(n * 1000, [SECOND]));
  const file = memoryFile(Buffer.concat([FTYP, FRAGMENTED, ...parts]));
  const result = probeSource(file);
  expect(result).toMatchObject({ ok: true, complete: true, info: { durationMs: 9_000_000, frameRate: 10 } });
  expect(file.bytesRead).toBeLessThanOrEqual(LIMITS.bytes);
});

test('an hour at 30 pictures a second with large tables is read within the limits', () => {
  const samples = 108_000;
  const track: TrackShape = {
    timescale: 30,
    stts: [[samples, 1]],
    ctts: Array.from({ length: samples }, (_, i) => [1, i % 3] as const),
    stss: Array.from({ length: samples / 60 }, (_, i) => 60 * i + 1),
    sampleSizes: Array<number>(samples).fill(5000),
  };
  const file = memoryFile(Buffer.concat([FTYP, MDAT, movie(track), Buffer.alloc(0)]));
  const result = probeSource(file);
  expect(result).toMatchObject({ ok: true, complete: true, info: { durationMs: 3_600_000, frameRate: 30 } });
  if (result.ok) expect(result.info.keyFramesMs).toHaveLength(1800);
  expect(file.bytesRead).toBeLessThanOrEqual(LIMITS.bytes);
});

test('what the caller has read already is not read again', () => {
  const bytes = Buffer.concat([FTYP, movie(TEN_SECONDS), box('mdat', Buffer.alloc(500_000))]);
  const file = memoryFile(bytes);
  const result = probeSource(file, { head: bytes.subarray(0, 65_536), tail: bytes.subarray(-65_536) });
  expect(result).toMatchObject({ ok: true, complete: true });
  expect(file.reads).toBe(0);
});
