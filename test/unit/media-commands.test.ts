/** What is handed to ffprobe and ffmpeg, and what is believed of their answer. */
import { expect, test } from 'vitest';
import { decodeArguments, posterCommand, probeArguments } from '../../src/media/commands.ts';
import { fromFfprobe } from '../../src/media/ffprobe.ts';

test('every input is limited to local files and to formats that name no other files', () => {
  for (const args of [
    probeArguments(3),
    decodeArguments(3),
    posterCommand({ keyFrameAtMs: 0 }, 480).inputOptions,
    posterCommand('first_picture', 480).inputOptions,
  ]) {
    const after = (option: string): string[] => (args[args.indexOf(option) + 1] ?? '').split(',');
    expect(after('-protocol_whitelist').sort()).toEqual(['fd', 'file', 'pipe']);
    expect(after('-format_whitelist')).not.toContain('');
    for (const dangerous of ['hls', 'concat', 'dash', 'sdp', 'image2', 'lavfi', 'rtsp', 'tty'])
      expect(after('-format_whitelist')).not.toContain(dangerous);
  }
});

test('the file is named by the descriptor that was opened and checked', () => {
  expect(probeArguments(3).at(-1)).toBe('file:/proc/self/fd/3');
});

test('a picture is sought at a key frame by a time in seconds, and carries none of the clip tags', () => {
  const { inputOptions, outputOptions } = posterCommand({ keyFrameAtMs: 61_234 }, 320);
  expect(inputOptions[inputOptions.indexOf('-ss') + 1]).toBe('61.234');
  expect(outputOptions.join(' ')).toContain('-map_metadata -1');
  expect(outputOptions.join(' ')).toContain('scale=w=min(320\\,iw):h=-2');
  expect(posterCommand('first_picture', 320).inputOptions).not.toContain('-ss');
});

const PRINTED = {
  streams: [
    { codec_type: 'audio', codec_name: 'pcm_alaw', avg_frame_rate: '0/0' },
    { codec_type: 'video', codec_name: 'hevc', width: 2560, height: 1440, avg_frame_rate: '15/1' },
  ],
  format: {
    format_name: 'dhav',
    duration: '61.250000',
    tags: { creation_time: '2026-02-03T04:05:06.000000Z' },
  },
};

test("ffprobe's answer becomes a probe", () => {
  expect(fromFfprobe(JSON.stringify(PRINTED))).toEqual({
    ok: true,
    complete: false,
    info: {
      container: 'dhav',
      durationMs: 61_250,
      claimedStartMs: Date.UTC(2026, 1, 3, 4, 5, 6),
      videoCodec: 'hevc',
      widthPx: 2560,
      heightPx: 1440,
      frameRate: 15,
      audioCodec: 'pcm_alaw',
      keyFramesMs: [],
      fragmented: false,
    },
  });
});

test('nothing that only ffprobe could follow is called complete: it looks at the beginning and the end', () => {
  for (const format_name of ['mov,mp4,m4a,3gp,3g2,mj2', 'mpeg', 'flv', 'asf', 'h264', 'avi', 'matroska,webm'])
    expect(fromFfprobe(JSON.stringify({ ...PRINTED, format: { format_name } }))).toMatchObject({
      ok: true,
      complete: false,
    });
});

test('what ffprobe would not print is not believed', () => {
  const odd: unknown[] = [
    null,
    [],
    {},
    { ...PRINTED, streams: 'many' },
    { ...PRINTED, streams: Array(1000).fill(PRINTED.streams[0]) },
    { ...PRINTED, streams: [{ codec_type: 'video', codec_name: '<script>' }] },
    { ...PRINTED, streams: [{ codec_type: 'video', width: -1 }] },
    { ...PRINTED, format: { format_name: 'a b\nc' } },
    { ...PRINTED, format: { format_name: 'dhav', duration: '1e300' } },
  ];
  for (const printed of odd)
    expect(fromFfprobe(JSON.stringify(printed))).toMatchObject({ ok: false, arbiter: false });
  expect(fromFfprobe('{"streams": [')).toMatchObject({ ok: false, arbiter: false });
});

test('figures out of range become unknown, a claimed start that is no date is left out', () => {
  const streams = [
    { codec_type: 'video', codec_name: 'unknown', width: 1e9, height: 0, avg_frame_rate: '5/0' },
  ];
  const format = { format_name: 'flv', duration: '999999999.0', tags: { creation_time: 'yesterday' } };
  expect(fromFfprobe(JSON.stringify({ streams, format }))).toMatchObject({
    info: {
      videoCodec: null,
      widthPx: null,
      heightPx: null,
      frameRate: null,
      durationMs: null,
      claimedStartMs: null,
    },
  });
});
