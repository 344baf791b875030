/** Whatever bytes a file holds, a probe answers, in bounded time and bounded reads, and believes no absurdity. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { MAX_KEY_FRAME_MS, MAX_KEY_FRAMES, type Probe } from '../../src/clips/media-info.ts';
import { LIMITS } from '../../src/media/probe/reader.ts';
import { probeSource } from '../../src/media/probe.ts';
import { makeClip, type ClipOptions } from '../tools/clips.ts';
import { memoryFile } from '../tools/memory-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'fortnight-probe-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const CLIPS: Record<string, ClipOptions> = {
  'progressive.mp4': { audio: 'aac', bFrames: 2, extra: ['-movflags', '+faststart'] },
  'fragmented.mp4': { audio: 'aac', fragmented: true },
  'hevc.mov': { codec: 'hevc', audio: 'pcm_mulaw' },
  'indexed.mkv': { audio: 'aac' },
  'live.mkv': { audio: 'pcm_alaw', extra: ['-live', '1'] },
  'stream.ts': { audio: 'mp2' },
  'old.avi': { codec: 'mjpeg', audio: 'pcm_s16le' },
};

function load(name: string): Buffer {
  return readFileSync(makeClip(join(directory, name), CLIPS[name]));
}

/** Probes and checks what holds for every answer. */
function answer(bytes: Buffer): Probe {
  const file = memoryFile(bytes);
  const from = process.threadCpuUsage();
  const result = probeSource(file);
  const { user, system } = process.threadCpuUsage(from);
  expect((user + system) / 1000).toBeLessThan(LIMITS.timeMs);
  expect(file.bytesRead).toBeLessThanOrEqual(LIMITS.bytes);
  if (!result.ok) return result;
  const { keyFramesMs, durationMs, widthPx, heightPx, frameRate, claimedStartMs } = result.info;
  expect(keyFramesMs.length).toBeLessThanOrEqual(MAX_KEY_FRAMES);
  expect(keyFramesMs.at(-1) ?? 0).toBeLessThanOrEqual(MAX_KEY_FRAME_MS);
  keyFramesMs.forEach((ms, i) => {
    expect(Number.isInteger(ms) && ms >= 0 && ms > (keyFramesMs[i - 1] ?? -1)).toBe(true);
  });
  for (const value of [durationMs, widthPx, heightPx, claimedStartMs])
    expect(value === null || (Number.isSafeInteger(value) && value >= 0)).toBe(true);
  expect(frameRate === null || (frameRate > 0 && frameRate <= 1000)).toBe(true);
  return result;
}

describe.each(Object.keys(CLIPS))('%s', (name) => {
  test('a clip is whole, and cut anywhere it is not', () => {
    const whole = load(name);
    const probed = answer(whole);
    expect(probed).toMatchObject({ ok: true, complete: true });
    const fragmentsEnd = name === 'fragmented.mp4' ? endsOfFragments(whole) : [];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: whole.length - 1 }), (length) => {
        const cut = answer(whole.subarray(0, length));
        // A transport stream promises nothing: cut between two packets it is a shorter stream.
        if (name === 'stream.ts' && length % 188 === 0) return;
        // So is a recording in fragments, cut between two of them or before the index behind the last.
        if (fragmentsEnd.includes(length)) return;
        // A live stream cut where one of its elements ends is a shorter live stream.
        if (name === 'live.mkv' && cut.ok && cut.complete) return;
        expect(cut.ok && cut.complete).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('flipped bits never make a probe throw, hang or believe absurdities', () => {
    const whole = load(name);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 7 })), {
          minLength: 1,
          maxLength: 40,
        }),
        (flips) => {
          const damaged = Buffer.from(whole);
          // Squared: most damage falls on the beginning, where the structure is; every third on the end.
          flips.forEach(([where, bit], i) => {
            const along = i % 3 === 2 ? 1 - where ** 4 / 8 : where ** 4;
            const at = Math.min(damaged.length - 1, Math.floor(along * damaged.length));
            damaged[at] = damaged[at]! ^ (1 << bit);
          });
          answer(damaged);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('numbers in the structure replaced by extremes never make a probe throw or hang', () => {
    const whole = load(name);
    const places = structureOf(whole);
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.nat(places.length - 1),
            fc.constantFrom(0, 1, 7, 8, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff),
          ),
          { minLength: 1, maxLength: 6 },
        ),
        (changes) => {
          const damaged = Buffer.from(whole);
          for (const [place, value] of changes) damaged.writeUInt32BE(value, places[place]);
          answer(damaged);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

test('a recording in fragments, cut where one of them ends, is a shorter one', () => {
  const whole = load('fragmented.mp4');
  const ends = endsOfFragments(whole);
  expect(ends.length).toBeGreaterThan(1);
  const lengths = ends.map((end) => {
    const cut = answer(whole.subarray(0, end));
    expect(cut).toMatchObject({ ok: true, complete: true });
    return cut.ok ? (cut.info.durationMs ?? 0) : 0;
  });
  expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
  expect(new Set(lengths).size).toBe(lengths.length);
});

/** Where each `mdat` of a fragmented MP4 ends. */
function endsOfFragments(whole: Buffer): number[] {
  const ends: number[] = [];
  for (let at = 0; at < whole.length; at += whole.readUInt32BE(at)) {
    if (whole.toString('latin1', at + 4, at + 8) === 'mdat') ends.push(at + whole.readUInt32BE(at));
  }
  return ends;
}

/** Every fourth byte of the first and last 4 KiB. */
function structureOf(whole: Buffer): number[] {
  const ends = [0, Math.max(0, whole.length - 4096)];
  return ends.flatMap((from) =>
    Array.from({ length: 1000 }, (_, i) => from + i * 4).filter((at) => at + 4 <= whole.length),
  );
}

test('random bytes behind any known beginning never make a probe throw', () => {
  const beginnings = [
    '0000001866747970',
    '1a45dfa3934282886d6174726f736b61',
    '52494646ffffffff41564920',
    '47',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 2000 }), (beginning, rest) => {
      answer(Buffer.concat([Buffer.from(beginning, 'hex'), rest]));
    }),
    { numRuns: 2000 },
  );
});
