/** What streams a transport stream carries, and where the key frames of a long one are. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { clip, expectKeyFrames, expectLength, infoOf, newPath, SECONDS } from '../tools/ts-clips.ts';

describe('codecs of which the programme map says little', () => {
  test.each([
    ['mpeg4', { codec: 'mpeg4' }],
    ['mpeg4', { codec: 'mpeg4', bFrames: 2, fps: 25, size: '352x288' }],
    ['mpeg1video', { codec: 'mpeg2video', fps: 25, extra: ['-c:v', 'mpeg1video'] }],
    ['mpeg2video', { codec: 'mpeg2video', fps: 25 }],
  ] as const)('%s: its name and the size of its pictures', (videoCodec, options) => {
    const [widthPx, heightPx] = ('size' in options ? options.size : '320x180').split('x').map(Number);
    expect(infoOf(clip(options))).toMatchObject({ videoCodec, widthPx, heightPx });
  });

  test('mpeg4 without the marks of its packets: key frames by the pictures', () => {
    const whole = clip({ codec: 'mpeg4' });
    const unmarked = Buffer.from(whole);
    for (let at = 0; at < whole.length; at += 188) {
      if ((whole.readUInt8(at + 3) & 0x20) !== 0 && whole.readUInt8(at + 4) > 0)
        unmarked[at + 5] = whole.readUInt8(at + 5) & 0xbf;
    }
    expect(infoOf(unmarked)).toEqual(infoOf(whole));
  });
});

describe('several programmes', () => {
  const sound = ['-f', 'lavfi', '-i', 'sine=sample_rate=48000:duration=4'];
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=10:duration=4'];
  const encoded = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-g',
    '10',
    '-sc_threshold',
    '0',
    '-c:a',
    'aac',
  ];

  /** A transport stream that ffmpeg makes of these inputs. */
  function stream(...options: string[]): Buffer {
    const out = newPath();
    execFileSync('ffmpeg', ['-nostdin', '-v', 'error', ...options, '-f', 'mpegts', `file:${out}`]);
    return readFileSync(out);
  }

  test('sound alone in the first, pictures in the second', () => {
    const both = ['-map', '0', '-map', '1', ...encoded];
    const info = infoOf(stream(...sound, ...picture, ...both, '-program', 'st=0', '-program', 'st=1'));
    expect(info).toMatchObject({ videoCodec: 'h264', widthPx: 320, audioCodec: 'aac', frameRate: 10 });
    expectLength(info, 4000);
    expectKeyFrames(info, SECONDS);
  });

  test('pictures in the first, sound in the second', () => {
    const both = ['-map', '0', '-map', '1', ...encoded];
    const info = infoOf(stream(...picture, ...sound, ...both, '-program', 'st=0', '-program', 'st=1'));
    expect(info).toMatchObject({ videoCodec: 'h264', audioCodec: 'aac', durationMs: 4000 });
  });

  test('sound as television studios and Blu-ray carry it', () => {
    const both = [...picture, ...sound, ...encoded, '-ac', '2'];
    expect(infoOf(stream(...both, '-c:a', 's302m', '-strict', '-2'))).toMatchObject({ audioCodec: 's302m' });
    const bluray = ['-c:a', 'pcm_bluray', '-mpegts_m2ts_mode', '1'];
    expect(infoOf(stream(...both, ...bluray))).toMatchObject({ audioCodec: 'pcm_bluray' });
  });
});

test('a stream longer than is read through has key frames from all over it', () => {
  const seconds = 60;
  const long = clip({
    seconds,
    fps: 25,
    audio: 'aac',
    extra: ['-b:v', '5M', '-minrate', '5M', '-maxrate', '5M', '-bufsize', '2M'],
    codec: 'mpeg2video',
  });
  expect(long.length).toBeGreaterThan(30 * 1024 * 1024);
  const info = infoOf(long);
  expectLength(info, seconds * 1000);
  expect(info.frameRate).toBeCloseTo(25, 1);
  // One in each eighth of the clip at least, and none where there is none.
  for (let at = 0; at < 8; at++) {
    const within = info.keyFramesMs.filter((ms) => ms >= at * 7500 && ms < (at + 1) * 7500);
    expect(within.length, `eighth ${String(at)}`).toBeGreaterThanOrEqual(1);
  }
  for (const ms of info.keyFramesMs) expect((ms + 500) % 1000).toBeGreaterThan(200);
  for (const ms of info.keyFramesMs) expect((ms + 500) % 1000).toBeLessThan(800);
});
