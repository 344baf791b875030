/** Fragmented MP4 whose tracks are out of step, whose index is large, or which holds what is no box. */
import { expect, test } from 'vitest';
import type { MediaInfo } from '../../src/clips/media-info.ts';
import { probeSource } from '../../src/media/probe.ts';
import { box, fragment, FTYP, MDAT, moov, u32, u64, type TrackShape } from '../tools/boxes.ts';
import { memoryFile } from '../tools/memory-file.ts';

const NOT_KEY = 0x1_0000;
const SECOND = {
  durations: Array<number>(10).fill(100),
  firstFlags: 0,
  flags: Array<number>(10).fill(NOT_KEY),
};
const PICTURES: TrackShape = { timescale: 1000 };
const SOUND: TrackShape = { id: 2, kind: 'soun', timescale: 1000, format: 'ulaw' };

function probe(...parts: Buffer[]): { info: MediaInfo; complete: boolean } {
  const result = probeSource(memoryFile(Buffer.concat(parts)));
  if (!result.ok) throw new Error(result.reason);
  return result;
}

function movie(...tracks: TrackShape[]): Buffer {
  return moov({ tracks, fragmentDefaults: { duration: 100, flags: NOT_KEY } });
}

/** Four seconds of pictures and five of sound, each from its own decode time on. */
function footage(picturesFrom: number, soundFrom: number): Buffer[] {
  const from = (base: number, n: number, track: number): Buffer => fragment(base + n * 1000, [SECOND], track);
  return [0, 1, 2, 3, 4].flatMap((n) => [
    ...(n < 4 ? [from(picturesFrom, n, 1)] : []),
    from(soundFrom, n, 2),
  ]);
}

test('pictures that begin after the sound have their key frames from where the sound begins', () => {
  for (const base of [0, 7_000_000_000])
    expect(probe(FTYP, movie(PICTURES, SOUND), ...footage(base + 2500, base)).info).toMatchObject({
      durationMs: 6500,
      keyFramesMs: [2500, 3500, 4500, 5500],
    });
});

test('sound that begins after the pictures makes the clip longer', () => {
  expect(probe(FTYP, movie(PICTURES, SOUND), ...footage(100, 3100)).info).toMatchObject({
    durationMs: 8000,
    keyFramesMs: [0, 1000, 2000, 3000],
  });
});

test('an empty edit puts the fragments of a track off as it does samples', () => {
  const late = {
    ...PICTURES,
    edits: [
      [2500, 0xffff_ffff],
      [0, 0],
    ] as const,
  };
  expect(probe(FTYP, movie(late, SOUND), ...footage(0, 0)).info).toMatchObject({
    durationMs: 6500,
    keyFramesMs: [2500, 3500, 4500, 5500],
  });
  // Alone, it is no footage.
  expect(probe(FTYP, movie(late), fragment(0, [SECOND])).info).toMatchObject({
    durationMs: 1000,
    keyFramesMs: [0],
  });
});

test('tracks of two clocks begin together', () => {
  expect(probe(FTYP, movie(PICTURES, SOUND), ...footage(1_770_000_000_000, 0)).info).toMatchObject({
    durationMs: 5000,
    keyFramesMs: [0, 1000, 2000, 3000],
  });
});

test('the delay of reordered pictures without an edit list is not part of the clip', () => {
  const delayed = { ...SECOND, offsets: [200, 400, 100, 0, 200, 200, 200, 200, 200, 200] };
  const parts = [fragment(0, [delayed]), fragment(1000, [delayed])];
  expect(probe(FTYP, movie(PICTURES), ...parts).info).toMatchObject({
    durationMs: 2000,
    keyFramesMs: [0, 1000],
  });
});

/** `mfra` with an entry of 19 bytes for each fragment, and what it says its size is. */
function randomAccess(entries: number, stated?: number): Buffer {
  const tfra = box('tfra', u32(0x0100_0000, 1, 0, entries), Buffer.alloc(entries * 19));
  const bytes = 8 + tfra.length + 16;
  return box('mfra', tfra, box('mfro', u32(0, stated ?? bytes)));
}

test('the last fragment is found before a random-access index of any size', () => {
  const parts = Array.from({ length: 9000 }, (_, n) => fragment(n * 1000, [SECOND]));
  const clip = [FTYP, movie(PICTURES), ...parts];
  expect(probe(...clip, randomAccess(40_000))).toMatchObject({
    complete: true,
    info: { durationMs: 9_000_000, frameRate: 10 },
  });
  // A size that is not true is not followed.
  for (const stated of [0, 16, 1_000_000_000, 0xffff_ffff])
    expect(probe(...clip, randomAccess(400, stated)).info.durationMs).toBe(9_000_000);
});

test('what is no box among the fragments ends the clip, which is not complete', () => {
  const clip = [FTYP, movie(PICTURES), fragment(0, [SECOND]), fragment(1000, [SECOND])];
  for (const junk of [Buffer.alloc(500), Buffer.alloc(500, 0xff), u64(3)])
    expect(probe(...clip, junk, fragment(2000, [SECOND]))).toMatchObject({
      complete: false,
      info: { durationMs: 2000 },
    });
  // Behind the index of a finished clip it is padding.
  expect(probe(...clip, randomAccess(2), Buffer.alloc(500)).complete).toBe(true);
});

test('an empty list of key frames leaves the first sample to begin from', () => {
  const track: TrackShape = { timescale: 25, stts: [[250, 1]], stss: [] };
  expect(probe(FTYP, moov({ tracks: [track] }), MDAT).info.keyFramesMs).toEqual([0]);
});
