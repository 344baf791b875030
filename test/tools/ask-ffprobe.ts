/** What the system's ffprobe says of a file, as an independent opinion for tests. */
import { execFileSync } from 'node:child_process';
import { PROCESS_HANG_MS } from '../support/hang.ts';

export interface Opinion {
  readonly durationMs: number | null;
  readonly videoCodec: string | null;
  readonly widthPx: number | null;
  readonly heightPx: number | null;
  readonly frameRate: number | null;
  readonly audioCodec: string | null;
  readonly claimedStartMs: number | null;
  /** Presentation times of the packets that it calls key frames, from the clip's start; ascending. */
  readonly keyFramesMs: readonly number[];
}

interface Printed {
  readonly format: {
    readonly duration?: string;
    readonly start_time?: string;
    readonly tags?: { readonly creation_time?: string };
  };
  readonly packets: readonly {
    readonly stream_index: number;
    readonly pts_time?: string;
    readonly flags: string;
  }[];
  readonly streams: readonly {
    readonly index: number;
    readonly codec_type: string;
    readonly codec_name?: string;
    readonly width?: number;
    readonly height?: number;
    readonly avg_frame_rate?: string;
  }[];
}

export function askFfprobe(path: string): Opinion {
  // All in one: most of its time goes into being loaded.
  const entries = 'format:stream:packet=stream_index,pts_time,flags';
  const args = ['-v', 'error', '-of', 'json', '-show_entries', entries, `file:${path}`];
  const printed = execFileSync('ffprobe', args, { maxBuffer: 2 ** 28, timeout: PROCESS_HANG_MS });
  const { format, packets, streams } = JSON.parse(printed.toString()) as Printed;
  const video = streams.find((s) => s.codec_type === 'video');
  const audio = streams.find((s) => s.codec_type === 'audio');
  const startMs = milliseconds(format.start_time) ?? 0;
  return {
    durationMs: milliseconds(format.duration),
    videoCodec: codecOf(video),
    widthPx: video?.width ?? null,
    heightPx: video?.height ?? null,
    frameRate: rateOf(video?.avg_frame_rate),
    audioCodec: codecOf(audio),
    claimedStartMs: format.tags?.creation_time === undefined ? null : Date.parse(format.tags.creation_time),
    keyFramesMs: packets
      .filter((packet) => packet.stream_index === video?.index && packet.flags.includes('K'))
      .map((packet) => Number(packet.pts_time) * 1000 - startMs)
      .sort((x, y) => x - y),
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
