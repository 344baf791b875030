/** The probe in process against ffprobe, over clips that ffmpeg makes in every container and over real recordings. */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { MediaInfo, Probe } from '../../src/clips/media-info.ts';
import { probeFile } from '../../src/media/probe.ts';
import { askFfprobe, type Opinion } from '../tools/ask-ffprobe.ts';
import { makeClip, type ClipOptions } from '../tools/clips.ts';
import { unhurried } from '../support/unhurried.ts';

const directory = mkdtempSync(join(tmpdir(), 'fortnight-containers-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** What costs a process is asked once, whichever test comes first. */
function once<T>(ask: (of: string) => T): (of: string) => T {
  const known = new Map<string, T>();
  return (of) => {
    if (!known.has(of)) known.set(of, ask(of));
    return known.get(of)!;
  };
}

const opinionOf = once(askFfprobe);
const madeClip = once((name) => makeClip(join(directory, name), CLIPS[name]));

function probePath(path: string): Probe {
  const fd = openSync(path, 'r');
  try {
    return probeFile(fd, fstatSync(fd).size);
  } finally {
    closeSync(fd);
  }
}

function wholeInfo(path: string): MediaInfo {
  const probe = unhurried(() => probePath(path));
  if (!probe.ok) throw new Error(probe.reason);
  expect(probe.complete).toBe(true);
  return probe.info;
}

/** Equal to what ffprobe says; durations within two frames (of sound where there are no pictures). */
function expectAgreement(info: MediaInfo, theirs: Opinion): void {
  const { videoCodec, widthPx, heightPx, audioCodec } = theirs;
  expect(info).toMatchObject({ videoCodec, widthPx, heightPx, audioCodec });
  const frameMs = theirs.frameRate === null ? 25 : 1000 / theirs.frameRate;
  if (theirs.durationMs !== null)
    expect(Math.abs((info.durationMs ?? NaN) - theirs.durationMs)).toBeLessThanOrEqual(2 * frameMs);
  if (theirs.frameRate !== null) expect(info.frameRate).toBeCloseTo(theirs.frameRate, 1);
}

const CLIPS: Record<string, ClipOptions> = {
  'moov at the end.mp4': { audio: 'aac', created: '2026-02-03T04:05:06Z' },
  'moov in front.mp4': { bFrames: 2, extra: ['-movflags', '+faststart'] },
  'fragments at key frames.mp4': { fragmented: true, audio: 'aac', seconds: 4 },
  'fragments, first samples in moov.mp4': { extra: ['-movflags', 'frag_keyframe'], seconds: 4 },
  'fragments of one frame.mp4': { extra: ['-movflags', 'frag_every_frame+empty_moov'], seconds: 4 },
  'fragments with a segment index.mp4': { extra: ['-movflags', '+dash'], seconds: 4 },
  'hvc1.mp4': { codec: 'hevc', extra: ['-tag:v', 'hvc1'] },
  'hev1 with reordering.mp4': { codec: 'hevc', extra: ['-tag:v', 'hev1'], bFrames: 2 },
  'odd size.mp4': { size: '322x182', fps: 15 },
  'mpeg4.mp4': { codec: 'mpeg4', audio: 'mp3' },
  'mjpeg with A-law.mov': { codec: 'mjpeg', audio: 'pcm_alaw' },
  'hevc with mu-law.mov': { codec: 'hevc', audio: 'pcm_mulaw' },
  'indexed.mkv': { audio: 'aac', created: '2026-02-03T04:05:06Z', seconds: 4 },
  'live, without duration and index.mkv': { audio: 'pcm_alaw', bFrames: 2, extra: ['-live', '1'] },
  'mjpeg.mkv': { codec: 'mjpeg', audio: 'pcm_s16le' },
  'mpeg4.mkv': { codec: 'mpeg4', audio: 'mp3' },
  'hevc with opus.mkv': { codec: 'hevc', audio: 'opus' },
  'aac.ts': { audio: 'aac', seconds: 4 },
  'hevc with reordering.ts': { codec: 'hevc', bFrames: 2, seconds: 4 },
  'mpeg2 with mp2.ts': { codec: 'mpeg2video', audio: 'mp2' },
  'mp3.ts': { audio: 'mp3' },
  'blu-ray packets.ts': { extra: ['-mpegts_m2ts_mode', '1'] },
  // 2^33 ticks of 90 kHz are 95,443.7 s: the clock wraps in the middle of the clip.
  'clock wraps.ts': { extra: ['-output_ts_offset', '95442'], seconds: 4, bFrames: 2 },
  'mjpeg.avi': { codec: 'mjpeg', audio: 'pcm_s16le' },
  'mpeg4 with mp3.avi': { codec: 'mpeg4', audio: 'mp3' },
  'h264.avi': {},
};

describe('clips made by ffmpeg', () => {
  test.each(Object.keys(CLIPS))('%s: as ffprobe sees it', (name) => {
    const path = madeClip(name);
    const theirs = opinionOf(path);
    const info = wholeInfo(path);
    expectAgreement(info, theirs);
    expect(info.claimedStartMs).toBe(theirs.claimedStartMs);
    expect(info.fragmented).toBe(name.startsWith('fragments'));
  });

  // AVI: ffprobe prints no presentation times for H.264 there.
  const seekable = Object.keys(CLIPS).filter((name) => name !== 'h264.avi');
  test.each(seekable)('%s: key frames where ffprobe sees them', (name) => {
    const path = madeClip(name);
    const theirs = opinionOf(path).keyFramesMs;
    const ours = wholeInfo(path).keyFramesMs;
    expect(ours).toHaveLength(theirs.length);
    // Index times may be rounded, and Opus is shifted by its pre-skip.
    ours.forEach((ms, i) => {
      expect(Math.abs(ms - theirs[i]!)).toBeLessThanOrEqual(10);
    });
  });

  test('a live Matroska stream, of which ffprobe knows no length, lasts what its frames last', () => {
    const path = makeClip(join(directory, 'live.mkv'), { extra: ['-live', '1'], seconds: 3 });
    expect(askFfprobe(path).durationMs).toBeNull();
    expect(wholeInfo(path)).toMatchObject({ durationMs: 3000, keyFramesMs: [0, 1000, 2000] });
  });

  test('a transport stream longer than is read through is measured from both ends', () => {
    const path = makeClip(join(directory, 'long.ts'), { seconds: 60, size: '640x360', extra: ['-qp', '4'] });
    expect(wholeInfo(path).durationMs).toBe(60_000);
  });
});

const footage = join(import.meta.dirname, '../../../shared/footage');

/** Files whose container lies or whose container is none, with what is true of them. */
const EXCEPTIONS: Record<string, { why: string; expected: Partial<MediaInfo> | 'arbiter' }> = {
  'axis_camera_raw.h264': { why: 'no container: for ffprobe', expected: 'arbiter' },
  'mp4ff_moov_says_3900s.mp4': {
    why: 'the header says 3900 s, the fragments hold 240 frames at 30 a second',
    expected: { durationMs: 8000, frameRate: 30 },
  },
  'android_first_pts_10s.mp4': {
    why: 'an empty edit puts the four seconds of footage at ten seconds; nothing was recorded before',
    expected: { durationMs: 4000, frameRate: 30, keyFramesMs: [0] },
  },
  'android_auxiliary_tracks.mp4': {
    why: 'all samples have the duration 0: no rate can be told (ffprobe falls back to 25)',
    expected: { durationMs: 0, frameRate: null, widthPx: 10, heightPx: 12, claimedStartMs: null },
  },
  'lavf52_creation_1970.mp4': {
    why: 'its creation time was counted from the wrong epoch',
    expected: { claimedStartMs: null, durationMs: 11_111 },
  },
};

describe.runIf(existsSync(footage))('real recordings', () => {
  const names = existsSync(footage) ? readdirSync(footage).filter((n) => !n.endsWith('.json')) : [];

  test.each(names.filter((n) => !(n in EXCEPTIONS)))('%s: as ffprobe sees it', (name) => {
    const info = wholeInfo(join(footage, name));
    const theirs = opinionOf(join(footage, name));
    expectAgreement(info, theirs);
    expect(info.claimedStartMs).toBe(theirs.claimedStartMs);
  });

  test.each(names.filter((n) => n in EXCEPTIONS))('%s: as it is, not as it says', (name) => {
    const { why, expected } = EXCEPTIONS[name]!;
    if (expected === 'arbiter')
      expect(probePath(join(footage, name)), why).toMatchObject({ ok: false, arbiter: true });
    else expect(wholeInfo(join(footage, name)), why).toMatchObject(expected);
  });

  test.each(names.filter((n) => !(n in EXCEPTIONS)))('%s: key frames where ffprobe sees them', (name) => {
    const path = join(footage, name);
    const opinion = opinionOf(path);
    const theirs = opinion.keyFramesMs;
    const ours = wholeInfo(path).keyFramesMs;
    // An index may leave out key frames (the Matroska file's does): those it names are some.
    if (!name.endsWith('.mkv')) expect(ours).toHaveLength(theirs.length);
    // An edit may begin between two frames, which ffprobe then moves; those before it count as the start.
    const halfFrameMs = 500 / (opinion.frameRate ?? 30) + 1;
    const shown = theirs.map((t) => Math.max(0, t));
    for (const ms of ours)
      expect(Math.min(...shown.map((t) => Math.abs(t - ms)))).toBeLessThanOrEqual(halfFrameMs);
  });
});

const badMaker = join(import.meta.dirname, '../../../shared/tools/make-bad.mjs');

/** Makes the broken files; none where the maker is not at hand. */
function makeBad(): string[] {
  if (!existsSync(badMaker) || !existsSync(footage)) return [];
  mkdirSync(bad);
  execFileSync(process.execPath, [badMaker, join(footage, 'kerberos_test-480p.mp4'), bad]);
  return readdirSync(bad);
}

const bad = join(directory, 'bad');
const badNames = makeBad();

describe.runIf(badNames.length > 0)('deliberately broken recordings', () => {
  test.each(badNames)('%s: an answer within a second of the processor', (name) => {
    const before = process.cpuUsage();
    const probe = probePath(join(bad, name));
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(1_000_000);
    if (/truncated|cut_|no_moov|no_mdat|claims_4GiB|too_long/.test(name))
      expect(probe.ok && probe.complete).toBe(false);
    if (/text|html|hls|ffconcat|sdp|dash|jpeg|zero/.test(name) && !/title|mdat_zeroed|1904/.test(name))
      expect(probe).toMatchObject({ ok: false, arbiter: false });
    if (/duration|timescale|creation|width|matrix|bitflip_mdat|4G_entries/.test(name)) {
      expect(probe).toMatchObject({ ok: true, info: { videoCodec: 'h264', widthPx: 640, heightPx: 360 } });
      const durationMs = probe.ok ? (probe.info.durationMs ?? 0) : 0;
      expect(Math.abs(durationMs - 3167)).toBeLessThanOrEqual(67);
    }
  });
});
