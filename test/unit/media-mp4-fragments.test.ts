/** Fragmented MP4 whose tracks are out of step, whose index is large, or which holds what is no box. */
import { expect, test } from 'vitest';
import type { MediaInfo } from '../../src/clips/media-info.ts';
import { probeSource } from '../../src/media/probe.ts';
import { fragment, FTYP, moov, type TrackShape } from '../tools/boxes.ts';
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
