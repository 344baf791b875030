/** Matroska as recorders leave it: parts of a longer recording, unfinished and half-written files, tracks out of step. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { MediaInfo } from '../../src/clips/media-info.ts';
import { posterCommand } from '../../src/media/commands.ts';
import { probeSource } from '../../src/media/probe.ts';
import { makeClip, type ClipOptions } from '../tools/clips.ts';
import { memoryFile, type CountedFile } from '../tools/memory-file.ts';
import { unhurried } from '../support/unhurried.ts';

const directory = mkdtempSync(join(tmpdir(), 'fortnight-matroska-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

function probe(file: CountedFile, given = {}): { info: MediaInfo; complete: boolean } {
  const result = unhurried(() => probeSource(file, given));
  if (!result.ok) throw new Error(result.reason);
  return result;
}

function load(name: string, options: ClipOptions): Buffer {
  return readFileSync(makeClip(join(directory, name), options));
}

/** Pictures and sound of several clips in one file. */
function joined(name: string, inputs: readonly string[], options: readonly string[]): Buffer {
  const path = join(directory, name);
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...inputs, ...options, `file:${path}`]);
  return readFileSync(path);
}

describe('a part of a longer recording, whose times go on from the part before', () => {
  const late = { seconds: 6, gop: 20, extra: ['-output_ts_offset', '12'] };

  test('lasts what it holds, and has its key frames from its own start', () => {
    for (const audio of ['pcm_mulaw', undefined] as const) {
      const clip = load(`late ${audio ?? 'silent'}.mkv`, { ...late, ...(audio && { audio }) });
      const { info, complete } = probe(memoryFile(clip));
      expect(info).toMatchObject({ durationMs: 6000, keyFramesMs: [0, 2000, 4000] });
      expect(complete).toBe(true);
    }
  });

  test('begins with the pictures that are shown before its first key frame', () => {
    const clip = makeClip(join(directory, 'reordered.mkv'), {
      codec: 'mpeg4',
      fps: 10,
      gop: 10,
      bFrames: 2,
      seconds: 6,
    });
    const parts = ['-c', 'copy', '-f', 'segment', '-segment_time', '2', join(directory, 'part %d.mkv')];
    execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-i', clip, ...parts]);
    const { info } = probe(memoryFile(readFileSync(join(directory, 'part 1.mkv'))));
    expect(info).toMatchObject({ durationMs: 1800, keyFramesMs: [200, 1100] });
  });

  test('has another poster at its second key frame than at its first', () => {
    const path = makeClip(join(directory, 'posters.mkv'), { ...late, bFrames: 2 });
    const { info } = probe(memoryFile(readFileSync(path)));
    const pictures = info.keyFramesMs.map((keyFrameAtMs) => {
      const { inputOptions, outputOptions } = posterCommand({ keyFrameAtMs }, 320);
      const args = [...inputOptions, '-i', `file:${path}`, ...outputOptions, 'pipe:1'];
      return execFileSync('ffmpeg', args).toString('base64');
    });
    expect(new Set(pictures).size).toBe(3);
  });

  test('lasts what it states where its writer states a length, not an end', () => {
    const clip = load('length stated.mkv', { ...late, audio: 'pcm_mulaw' });
    // Duration: id, a size of eight bytes, and 18000.0 in place of which its own length stands.
    const at = clip.indexOf(Buffer.from('448988', 'hex')) + 3;
    expect(clip.readDoubleBE(at)).toBeCloseTo(18_000, -2);
    clip.writeDoubleBE(6000, at);
    expect(probe(memoryFile(clip)).info).toMatchObject({ durationMs: 6000, keyFramesMs: [0, 2000, 4000] });
  });

  test('without index or length is measured the same', () => {
    const clip = load('late live.mkv', { ...late, extra: [...late.extra, '-live', '1'] });
    expect(probe(memoryFile(clip)).info).toMatchObject({ durationMs: 6000, keyFramesMs: [0, 2000, 4000] });
  });
});

test('an ordinary finished clip is probed from its head and tail alone', () => {
  const clip = load('ordinary.mkv', { seconds: 20, size: '640x360', audio: 'aac', bFrames: 2 });
  expect(clip.length).toBeGreaterThan(400_000);
  const file = memoryFile(clip);
  const jumps = memoryFile(clip);
  probe(file, { head: clip.subarray(0, 65_536), tail: clip.subarray(-65_536) });
  // One read for the header of each cluster between head and tail.
  const clusters = clip.toString('latin1').split('\x1f\x43\xb6\x75').length - 1;
  expect(file.reads).toBeLessThanOrEqual(clusters);
  expect(probe(jumps).info.keyFramesMs).toHaveLength(20);
});

describe('a recording that was not written to its end', () => {
  const live = load('live.mkv', { audio: 'pcm_mulaw', seconds: 4, extra: ['-live', '1'] });
  const half = Math.floor(live.length / 2);

  test('with zeros behind the footage keeps what it holds', () => {
    const { info, complete } = probe(memoryFile(Buffer.concat([live, Buffer.alloc(300_000)])));
    expect(info).toMatchObject({ durationMs: 4000, videoCodec: 'h264', keyFramesMs: [0, 1000, 2000, 3000] });
    expect(complete).toBe(false);
  });

  test('with a second half of zeros keeps the first', () => {
    const { info, complete } = probe(
      memoryFile(Buffer.concat([live.subarray(0, half), Buffer.alloc(live.length - half)])),
    );
    expect(info.durationMs).toBeGreaterThan(1000);
    expect(info.durationMs).toBeLessThan(3500);
    expect(info.keyFramesMs.slice(0, 2)).toEqual([0, 1000]);
    expect(complete).toBe(false);
  });

  test('with a hole of zeros keeps at least what lies before it', () => {
    for (let at = half; at < half + 4096; at += 512) {
      const holed = Buffer.from(live).fill(0, at, at + 6000);
      const { info, complete } = probe(memoryFile(holed));
      expect(info.durationMs).toBeGreaterThan(1000);
      expect(complete).toBe(false);
    }
  });

  test('that was finished and then lost its second half keeps its header', () => {
    const clip = load('finished.mkv', { audio: 'aac', seconds: 4 });
    const lost = Buffer.from(clip).fill(0, Math.floor(clip.length / 2));
    expect(probe(memoryFile(lost))).toMatchObject({ complete: false, info: { videoCodec: 'h264' } });
  });
});

describe('a live recording of pictures and sound', () => {
  const pictures = makeClip(join(directory, 'pictures.mkv'), { seconds: 4, gop: 20 });
  const sound = makeClip(join(directory, 'sound.mkv'), { seconds: 7, audio: 'pcm_mulaw' });
  const both = ['-map', '0:v', '-map', '1:a', '-c', 'copy', '-live', '1'];

  test('begins with the sound when that comes first', () => {
    const clip = joined(
      'late pictures.mkv',
      ['-itsoffset', '2.5', '-i', pictures, '-i', sound],
      [...both, '-t', '6.5'],
    );
    const { durationMs, keyFramesMs } = probe(memoryFile(clip)).info;
    expect(Math.abs((durationMs ?? 0) - 6500)).toBeLessThanOrEqual(200);
    expect(keyFramesMs).toEqual([2500, 4500]);
  });

  test('ends with the sound when that goes on', () => {
    const clip = joined('long sound.mkv', ['-i', pictures, '-i', sound], both);
    const { durationMs, keyFramesMs, frameRate } = probe(memoryFile(clip)).info;
    // How long the last block of sound is stands nowhere.
    expect(Math.abs((durationMs ?? 0) - 7000)).toBeLessThanOrEqual(200);
    expect(keyFramesMs).toEqual([0, 2000]);
    expect(frameRate).toBeCloseTo(10, 1);
  });
});

/** The clip with the element that begins with `id` (and a size of one byte) replaced, of the same length. */
function replaced(clip: Buffer, id: string, by: (old: Buffer) => Buffer): Buffer {
  const at = clip.indexOf(Buffer.from(id, 'hex'));
  const bytes = id.length / 2 + 1 + (clip.readUInt8(at + id.length / 2) & 0x7f);
  return Buffer.concat([clip.subarray(0, at), by(clip.subarray(at, at + bytes)), clip.subarray(at + bytes)]);
}

describe('a header that says little or too much', () => {
  const clip = load('header.mkv', { size: '320x180' });

  test('without a document type is Matroska, with another one it is not', () => {
    const unnamed = replaced(clip, '4282', (old) => {
      // Void of the same length.
      return Buffer.concat([Buffer.from([0xec, 0x80 | (old.length - 2)]), Buffer.alloc(old.length - 2)]);
    });
    expect(probe(memoryFile(unnamed)).info).toMatchObject({ container: 'matroska', durationMs: 2000 });
    const other = replaced(clip, '4282', (old) =>
      Buffer.concat([old.subarray(0, 3), Buffer.alloc(old.length - 3, 'x')]),
    );
    expect(probeSource(memoryFile(other))).toMatchObject({ ok: false, reason: 'not Matroska' });
  });

  test('may be followed by padding', () => {
    const to = clip.indexOf(Buffer.from('18538067', 'hex'));
    const padding = Buffer.concat([Buffer.from('ec4100', 'hex'), Buffer.alloc(256)]);
    const padded = Buffer.concat([clip.subarray(0, to), padding, padding, clip.subarray(to)]);
    expect(probe(memoryFile(padded)).info).toMatchObject({ durationMs: 2000, keyFramesMs: [0, 1000] });
  });

  test('that states whole macroblocks is overruled by the parameter set', () => {
    const stated = replaced(clip, 'ba', (old) => Buffer.concat([old.subarray(0, -1), Buffer.from([192])]));
    expect(stated.equals(clip)).toBe(false);
    expect(probe(memoryFile(stated)).info).toMatchObject({ widthPx: 320, heightPx: 180 });
  });
});
