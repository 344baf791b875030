/** What the system's ffprobe says of a file, as an independent opinion for tests. */
import { execFileSync } from 'node:child_process';

export interface Opinion {
  readonly durationMs: number | null;
  readonly startMs: number;
  readonly videoCodec: string | null;
  readonly widthPx: number | null;
  readonly heightPx: number | null;
  readonly frameRate: number | null;
  readonly audioCodec: string | null;
  readonly claimedStartMs: number | null;
}

interface Printed {
  readonly format: {
    readonly duration?: string;
    readonly start_time?: string;
    readonly tags?: { readonly creation_time?: string };
  };
  readonly streams: readonly {
    readonly codec_type: string;
    readonly codec_name?: string;
    readonly width?: number;
    readonly height?: number;
    readonly avg_frame_rate?: string;
  }[];
}

export function askFfprobe(path: string): Opinion {
  const args = ['-v', 'error', '-of', 'json', '-show_format', '-show_streams', `file:${path}`];
  const { format, streams } = JSON.parse(execFileSync('ffprobe', args).toString()) as Printed;
  const video = streams.find((s) => s.codec_type === 'video');
  const audio = streams.find((s) => s.codec_type === 'audio');
  return {
    durationMs: milliseconds(format.duration),
    startMs: milliseconds(format.start_time) ?? 0,
    videoCodec: codecOf(video),
    widthPx: video?.width ?? null,
    heightPx: video?.height ?? null,
    frameRate: rateOf(video?.avg_frame_rate),
    audioCodec: codecOf(audio),
    claimedStartMs: format.tags?.creation_time === undefined ? null : Date.parse(format.tags.creation_time),
  };
}

function milliseconds(seconds: string | undefined): number | null {
  return seconds === undefined ? null : Number(seconds) * 1000;
}

function codecOf(stream: { codec_name?: string } | undefined): string | null {
  const name = stream?.codec_name;
  return name === undefined || name === 'unknown' ? null : name;
}

function rateOf(quotient = '0/0'): number | null {
  const [a = 0, b = 0] = quotient.split('/').map(Number);
  return a > 0 && b > 0 ? a / b : null;
}

/** Presentation times of the packets that ffprobe calls key frames, from the clip's start. */
export function keyFramesByFfprobe(path: string, startMs: number): number[] {
  const args = [
    '-v',
    'error',
    '-select_streams',
    'v:0',
    '-show_entries',
    'packet=pts_time,flags',
    '-of',
    'csv=p=0',
  ];
  return execFileSync('ffprobe', [...args, `file:${path}`])
    .toString()
    .split('\n')
    .filter((line) => line.includes('K'))
    .map((line) => Number(line.split(',')[0]) * 1000 - startMs)
    .sort((x, y) => x - y);
}
