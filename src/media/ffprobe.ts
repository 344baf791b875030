/**
 * The arbiter: ffprobe in a process of its own, for formats that no parser of ours reads. What it prints is checked
 * like any input.
 */
import { z } from 'zod';
import type { Probe } from '../clips/media-info.ts';
import { probeArguments } from './commands.ts';
import { mediaInfo } from './probe/info.ts';
import { runChild } from './run-child.ts';
import { prefixed, type Tool, type Tools } from './tools.ts';

/** As long as an answer is waited for. */
export const ARBITER_MS = 10_000;

/** The descriptor under which the child finds the file. */
const CHILD_FD = 3;

const codec = z.string().regex(/^[a-z0-9_]{1,32}$/);
const Printed = z.object({
  format: z.object({
    format_name: z.string().regex(/^[a-z0-9_,]{1,100}$/),
    duration: z
      .string()
      .regex(/^\d{1,9}(\.\d{1,9})?$/)
      .optional(),
    tags: z.object({ creation_time: z.iso.datetime().optional().catch(undefined) }).optional(),
  }),
  streams: z
    .array(
      z.object({
        codec_type: z.string().max(32).optional(),
        codec_name: codec.optional(),
        width: z.number().int().min(0).optional(),
        height: z.number().int().min(0).optional(),
        avg_frame_rate: z
          .string()
          .regex(/^\d{1,10}\/\d{1,10}$/)
          .optional(),
      }),
    )
    .max(64),
});

/**
 * Asks ffprobe about the open file `fd`. Never rejects: what goes wrong is a probe that is not ok. The file is read
 * through the descriptor, so that it is the one that was opened, not the one that has its name now.
 */
export async function askFfprobe(
  fd: number,
  using: {
    readonly tools: Tools;
    readonly ffprobe: Tool;
    readonly signal?: AbortSignal;
    readonly timeoutMs?: number;
  },
): Promise<Probe> {
  const command = prefixed(using.tools, using.ffprobe.path, probeArguments(CHILD_FD));
  const limits = { timeoutMs: using.timeoutMs ?? ARBITER_MS, signal: using.signal };
  const { code, killedFor, printed } = await runChild(command, limits, fd);
  if (killedFor !== undefined) return failed(REASONS[killedFor]);
  return code === 0 ? fromFfprobe(printed.toString('utf8')) : failed('ffprobe cannot read it');
}

const REASONS = {
  time: 'ffprobe took too long',
  output: 'ffprobe printed too much',
  abort: 'ended',
} as const;

/** A probe made of ffprobe's JSON, never `complete`; not ok when it is not what ffprobe prints. */
export function fromFfprobe(json: string): Probe {
  const printed = Printed.safeParse(parsed(json));
  if (!printed.success) return failed('ffprobe printed something else');
  const { format, streams } = printed.data;
  const video = streams.find((s) => s.codec_type === 'video');
  const container = format.format_name.split(',')[0] ?? '';
  const created = format.tags?.creation_time;
  const info = mediaInfo({
    container,
    durationMs: format.duration === undefined ? null : Number(format.duration) * 1000,
    claimedStartMs: created === undefined ? undefined : Date.parse(created),
    video: video && {
      codec: known(video.codec_name),
      size: { widthPx: video.width ?? 0, heightPx: video.height ?? 0 },
      frameRate: quotient(video.avg_frame_rate ?? '0/0'),
      keyFramesMs: [],
    },
    audioCodec: known(streams.find((s) => s.codec_type === 'audio')?.codec_name),
  });
  // It reads the beginning, and the end for the length: that all between can be read, it does not say.
  return { ok: true, info, complete: false };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function known(name: string | undefined): string | null {
  return name === undefined || name === 'unknown' ? null : name;
}

function quotient(text: string): number {
  const [a, b] = text.split('/').map(Number);
  return (a ?? 0) / (b ?? 0);
}

function failed(reason: string): Probe {
  return { ok: false, reason, arbiter: false };
}
