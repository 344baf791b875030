/**
 * Small real clips for tests, encoded by ffmpeg. Each set of options is encoded once per machine and kept in the
 * system's temporary directory; what a test gets is a copy of its own.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface ClipOptions {
  /** Default 2. */
  readonly seconds?: number;
  /** `320x180` unless given. */
  readonly size?: `${number}x${number}`;
  /** Default 10. */
  readonly fps?: number;
  /** By the path's ending unless given. */
  readonly container?: 'mp4' | 'mov' | 'mkv' | 'webm' | 'ts' | 'avi' | 'flv' | 'mpg' | 'asf' | 'h264';
  /** Default h264. */
  readonly codec?: 'h264' | 'hevc' | 'mjpeg' | 'mpeg4' | 'mpeg2video';
  /** None unless given. */
  readonly audio?: 'aac' | 'mp3' | 'mp2' | 'opus' | 'pcm_alaw' | 'pcm_mulaw' | 'pcm_s16le';
  /** MP4 made of fragments that begin at key frames. */
  readonly fragmented?: boolean;
  /** Frames from key frame to key frame; one second unless given. */
  readonly gop?: number;
  /** B-frames between two others; 0 unless given. */
  readonly bFrames?: number;
  /** `creation_time` as ISO 8601. */
  readonly created?: string;
  /** More options for the output. */
  readonly extra?: readonly string[];
}

const ENCODER = {
  h264: ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
  hevc: ['-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-x265-params', 'log-level=none'],
  mjpeg: ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'],
  mpeg4: ['-c:v', 'mpeg4'],
  mpeg2video: ['-c:v', 'mpeg2video'],
} as const;

const MUXER: Readonly<Record<string, string>> = { mkv: 'matroska', ts: 'mpegts', mpg: 'vob' };

/** Makes a clip at `path` (its directory is made) and returns the path. Overwrites. */
export function makeClip(path: string, options: ClipOptions = {}): string {
  const container = options.container ?? path.slice(path.lastIndexOf('.') + 1);
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(cached(container, options), path);
  return path;
}

function cached(container: string, options: ClipOptions): string {
  const args = argumentsFor(container, options);
  const directory = join(tmpdir(), 'fortnight-test-clips');
  const file = join(directory, createHash('sha256').update(args.join('\0')).digest('hex').slice(0, 32));
  if (existsSync(file)) return file;
  mkdirSync(directory, { recursive: true });
  const temporary = `${file}.${String(process.pid)}`;
  execFileSync('ffmpeg', [...args, `file:${temporary}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  renameSync(temporary, file);
  return file;
}

function argumentsFor(container: string, options: ClipOptions): string[] {
  const { size = '320x180', fps = 10, codec = 'h264', audio } = options;
  const { seconds = 2, gop = fps, bFrames = 0 } = options;
  const picture = `testsrc2=size=${size}:rate=${String(fps)}:duration=${String(seconds)}`;
  const sound = `sine=frequency=440:sample_rate=8000:duration=${String(seconds)}`;
  return [
    ...['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', picture],
    ...(audio === undefined ? [] : ['-f', 'lavfi', '-i', sound]),
    ...ENCODER[codec],
    ...pictureGroups(codec, gop, bFrames),
    ...(audio === undefined ? ['-an'] : soundEncoder(audio)),
    ...fileOptions(options),
    ...['-f', MUXER[container] ?? container],
  ];
}

function fileOptions({ fragmented = false, created, extra = [] }: ClipOptions): string[] {
  return [
    ...(fragmented ? ['-movflags', 'frag_keyframe+empty_moov+default_base_moof'] : []),
    ...(created === undefined ? [] : ['-metadata', `creation_time=${created}`]),
    ...extra,
  ];
}

function pictureGroups(codec: string, gop: number, bFrames: number): string[] {
  const fixed = codec === 'h264' ? ['-sc_threshold', '0'] : [];
  const between = codec === 'mjpeg' ? [] : ['-bf', String(bFrames)];
  return ['-g', String(gop), '-keyint_min', String(gop), ...fixed, ...between];
}

function soundEncoder(audio: string): string[] {
  if (audio === 'opus') return ['-c:a', 'libopus', '-ar', '48000'];
  return ['-c:a', audio, ...(audio === 'mp3' || audio === 'mp2' ? ['-ar', '44100'] : [])];
}
