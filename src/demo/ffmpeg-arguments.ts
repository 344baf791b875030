/** Argument lists for the demo's ffmpeg processes. Pure. */
import { FRAME_RATE, filterGraph, type Caption, type Scene } from './scenes.ts';

/** How a recorder writes its MP4 files. */
export type Container = 'fragmented' | 'whole';

const MOVFLAGS: Readonly<Record<Container, string>> = {
  fragmented: '+frag_keyframe+empty_moov+default_base_moof',
  whole: '+faststart',
};

/** A key frame every two seconds, so that clips of whole seconds can be cut anywhere a player seeks. */
const KEY_FRAME_S = 2;

export interface LivePlan {
  readonly scene: Scene;
  readonly caption: Caption;
  readonly clipSeconds: number;
  readonly container: Container;
  /** Where the numbered clips go, with a `%` pattern; their names are told on standard output when they are whole. */
  readonly pattern: string;
}

/** Encodes in real time until it is ended, cut into clips. */
export function liveArguments(plan: LivePlan): string[] {
  return [
    ...['-v', 'error', '-nostdin', '-re'],
    ...input(plan),
    ...ENCODING,
    ...['-f', 'segment', '-segment_time', String(plan.clipSeconds), '-reset_timestamps', '1'],
    ...[
      '-segment_format',
      'mp4',
      '-segment_format_options',
      `movflags=${MOVFLAGS[plan.container]}:flush_packets=1`,
    ],
    ...['-segment_list', 'pipe:1', '-segment_list_type', 'csv', plan.pattern],
  ];
}

export interface SamplePlan {
  readonly scene: Scene;
  readonly caption: Caption;
  readonly clipSeconds: number;
  readonly container: Container;
  /** Where in the scene it begins, so that samples differ. */
  readonly offsetSeconds: number;
  readonly path: string;
}

/** Encodes one clip as fast as it goes. */
export function sampleArguments(plan: SamplePlan): string[] {
  return [
    ...['-v', 'error', '-nostdin', '-y'],
    ...['-ss', String(plan.offsetSeconds), '-t', String(plan.clipSeconds)],
    ...input(plan),
    ...ENCODING,
    ...['-movflags', MOVFLAGS[plan.container], '-f', 'mp4', plan.path],
  ];
}

/** Draws one frame with text and throws it away: succeeds where ffmpeg can draw text. */
export const TRY_TEXT: readonly string[] = [
  ...['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', 'color=s=16x16'],
  ...['-vf', 'drawtext=text=x', '-frames:v', '1', '-f', 'null', '-'],
];

function input({ scene, caption }: Pick<LivePlan, 'scene' | 'caption'>): string[] {
  return ['-f', 'lavfi', '-i', filterGraph(scene, caption)];
}

const ENCODING: readonly string[] = [
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'main', '-crf', '30'],
  ...['-g', String(KEY_FRAME_S * FRAME_RATE), '-sc_threshold', '0', '-threads', '1'],
];
