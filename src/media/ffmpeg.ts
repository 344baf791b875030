/**
 * Stills by fluent-ffmpeg; the one file that imports it. Its `ffprobe()` is never called (a newline in a tag forges
 * what it reports), and its children get what it cannot give them: an empty environment, limits, a process group that
 * is killed when the job's time is over. It asks ffmpeg for its formats and encoders before its first command; those
 * children are under the same rules.
 */
import type { ChildProcess } from 'node:child_process';
import { statSync, unlinkSync } from 'node:fs';
import fluent from 'fluent-ffmpeg';
import { errnoOf, FortnightError } from '../base/errors.ts';
import { BARE, ChildGroup } from './children.ts';
import { descriptorUrl, posterCommand, type PosterSearch } from './commands.ts';
import { prefixed, type Tool, type Tools } from './tools.ts';

/** As long as one picture may take. */
export const POSTER_MS = 10_000;

export const POSTER_WIDTH_PX = 480;

export interface PosterRequest {
  /** The clip, open for reading; stays open until the promise settles. */
  readonly fd: number;
  /** The picture is the key frame at or before this time from the clip's start. */
  readonly atMs: number;
  /** At most this wide, 16 to 4096; 480 when not given. Never enlarged. */
  readonly widthPx?: number;
  /** Absolute path of the JPEG; overwritten. Gone when no picture could be made. */
  readonly outFile: string;
}

export interface FfmpegUse {
  readonly tools: Tools;
  readonly ffmpeg: Tool;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/**
 * Makes one picture of a clip. Throws `clip_unavailable` when there is none to be had, when it takes longer than
 * POSTER_MS, or when the signal is aborted; no child and no file is left then.
 */
export async function stillOf(request: PosterRequest, use: FfmpegUse): Promise<void> {
  const searches: PosterSearch[] = [{ keyFrameAtMs: request.atMs }, 'first_picture'];
  const group = new ChildGroup(use.timeoutMs ?? POSTER_MS, use.signal);
  try {
    for (const search of searches) {
      remove(request.outFile); // what an earlier attempt left must not pass for a picture
      const well = await runCommand(request, search, { ...use, group });
      if (group.killedFor !== undefined) break;
      if (well && sizeOf(request.outFile) > 0) return;
    }
  } finally {
    group.close();
  }
  remove(request.outFile);
  throw new FortnightError('clip_unavailable', REASONS[group.killedFor ?? 'none']);
}

const REASONS = {
  none: 'no picture could be made of this clip',
  time: 'making a picture of this clip took too long',
  output: 'ffmpeg printed too much',
  abort: 'the clip is being removed, or nobody waits any more',
} as const;

/** What fluent-ffmpeg calls on itself to start a process; it hands `options` on to child_process.spawn. */
interface Internals {
  _getFfmpegPath(done: (error: null, path: string) => void): void;
  _spawnFfmpeg(args: string[], options: object, ...callbacks: Callback[]): void;
}
type Callback = (...results: unknown[]) => void;
const ignore: Callback = () => undefined;

/** Whether the command ended well. Resolves when its children are gone. */
async function runCommand(
  request: PosterRequest,
  search: PosterSearch,
  use: FfmpegUse & { readonly group: ChildGroup },
): Promise<boolean> {
  const { inputOptions, outputOptions } = posterCommand(search, request.widthPx ?? POSTER_WIDTH_PX);
  const command = fluent({ stdoutLines: 20 })
    .input(descriptorUrl(process.pid, request.fd))
    .inputOptions([...inputOptions])
    .output(`file:${request.outFile}`)
    .outputOptions([...outputOptions]);
  confine(command as unknown as Internals, use);
  const well = await new Promise<boolean>((resolve) => {
    command.once('end', () => {
      resolve(true);
    });
    command.on('error', () => {
      resolve(false);
    });
    // A process that left the group may hold a stream open, for which fluent-ffmpeg would wait.
    use.group.onKill(() => {
      resolve(false);
    });
    command.run();
  });
  await use.group.gone();
  return well;
}

/** Makes every process that a command starts a bare, limited child of the group. */
function confine(
  command: Internals,
  { tools, ffmpeg, group }: FfmpegUse & { readonly group: ChildGroup },
): void {
  const start = command._spawnFfmpeg.bind(command);
  const { program, args: before } = prefixed(tools, ffmpeg.path, []);
  command._getFfmpegPath = (done) => {
    done(null, program);
  };
  command._spawnFfmpeg = (args, options, ...callbacks) => {
    const onEnd = callbacks.at(-1) ?? ignore;
    const onProcess = (callbacks.length > 1 ? callbacks[0] : undefined) ?? ignore;
    const started: Callback = (child, ...rings) => {
      group.add(child as ChildProcess);
      onProcess(child, ...rings);
    };
    start([...before, ...args], { ...options, ...BARE }, started, onEnd);
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}
