/** The room's front door: probes in process, the arbiter, stills, and the end of what was begun for a clip. */
import { FortnightError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Probe } from '../clips/media-info.ts';
import { decodeFile, type Decoded } from './decode.ts';
import { stillOf, type PosterRequest } from './ffmpeg.ts';
import { askFfprobe } from './ffprobe.ts';
import { JobQueue, type JobOptions } from './jobs.ts';
import { probeFile, probeStill } from './probe.ts';
import { testClip } from './test-clip.ts';
import { findTools, type Tool, type Tools } from './tools.ts';

/** Children at once, and jobs that may wait, for probes and for stills each. */
const CONCURRENCY = 2;
const MAX_WAITING = 64;

/** A job that ended, for metrics. */
export interface JobEnd {
  readonly job: 'arbiter' | 'poster' | 'decode';
  readonly outcome: 'done' | 'failed';
  readonly tookMs: number;
}

export interface Media {
  /** In this process, synchronous, bounded; see probe.ts. */
  readonly probeFile: typeof probeFile;
  readonly probeStill: typeof probeStill;
  /** By ffprobe, for files of which `probeFile` said `arbiter`. Rejects with `busy` only; without ffprobe: not ok. */
  arbitrate(fd: number, options?: JobOptions): Promise<Probe>;
  /** One picture of a clip as a JPEG file. Rejects with `busy`, `tool_missing` or `clip_unavailable`. */
  makePoster(request: PosterRequest, options?: JobOptions): Promise<void>;
  /** A few seconds of encoded video that contain `unique`. Rejects with `busy`, `tool_missing` or `clip_unavailable`. */
  makeTestClip(unique: Uint8Array): Promise<Buffer>;
  /** Decodes all of a clip, one clip at a time. Rejects with `busy`, `tool_missing` or `clip_unavailable`. */
  decode(fd: number, options?: JobOptions): Promise<Decoded>;
  /** Ends every job of `key`; resolves when their children are gone and hold no descriptor of the clip (I9). */
  endJobs(key: string): Promise<void>;
  /** What was found of ffmpeg and ffprobe; looked for once. */
  tools(): Promise<Tools>;
  /** Ends all jobs; new ones are refused. */
  stop(): Promise<void>;
}

export interface MediaOptions {
  readonly log: Log;
  readonly onJob?: (end: JobEnd) => void;
  /** Where ffmpeg, ffprobe, prlimit and nice are looked for, instead of the system's directories. */
  readonly toolDirectories?: readonly string[];
  /** Looks for them instead. */
  readonly findTools?: (() => Promise<Tools>) | undefined;
  /** Time limit of a child in milliseconds, instead of ARBITER_MS, POSTER_MS and DECODE_MS. */
  readonly timeoutMs?: number;
}

export function createMedia({ log, onJob, toolDirectories, timeoutMs, ...options }: MediaOptions): Media {
  const probes = new JobQueue({ concurrency: CONCURRENCY, maxWaiting: MAX_WAITING });
  const stills = new JobQueue({ concurrency: CONCURRENCY, maxWaiting: MAX_WAITING });
  // Nobody waits for it, and it takes a processor for itself.
  const decodings = new JobQueue({ concurrency: 1, maxWaiting: MAX_WAITING });
  const queues = [probes, stills, decodings];
  const limits = timeoutMs === undefined ? {} : { timeoutMs };
  let found: Promise<Tools> | undefined;

  /** Says once what is missing. */
  async function look(): Promise<Tools> {
    const tools = await (options.findTools?.() ?? findTools(toolDirectories));
    for (const { name, why, without } of tools.missing)
      log.warn('tool_missing', { tool: name, why, without });
    return tools;
  }
  const tools = (): Promise<Tools> => (found ??= look());

  const timed = timedBy(onJob);

  return {
    probeFile,
    probeStill,
    tools,
    async arbitrate(fd, options) {
      const { ffprobe, ...rest } = await tools();
      if (ffprobe === undefined) return { ok: false, reason: 'ffprobe is missing', arbiter: false };
      return probes.run(
        (signal) =>
          timed('arbiter', async () => {
            const value = await askFfprobe(fd, { tools: rest, ffprobe, signal, ...limits });
            return { value, done: value.ok };
          }),
        options,
      );
    },
    async makePoster(request, options) {
      const use = await ffmpegOf(tools);
      await stills.run(
        (signal) =>
          timed('poster', async () => {
            await stillOf(request, { ...use, signal, ...limits });
            return { value: undefined, done: true };
          }),
        options,
      );
    },
    async makeTestClip(unique) {
      const use = await ffmpegOf(tools);
      return stills.run((signal) => testClip(unique, { ...use, signal, ...limits }));
    },
    async decode(fd, options) {
      const use = await ffmpegOf(tools);
      return decodings.run(
        (signal) =>
          timed('decode', async () => {
            const value = await decodeFile(fd, { ...use, signal, ...limits });
            return { value, done: value.ended };
          }),
        options,
      );
    },
    async endJobs(key) {
      await Promise.all(queues.map((queue) => queue.end(key)));
    },
    async stop() {
      await Promise.all(queues.map((queue) => queue.stop()));
    },
  };
}

/** Throws `tool_missing`. */
async function ffmpegOf(tools: () => Promise<Tools>): Promise<{ tools: Tools; ffmpeg: Tool }> {
  const { ffmpeg, ...rest } = await tools();
  if (ffmpeg !== undefined) return { tools: rest, ffmpeg };
  throw new FortnightError('tool_missing', 'pictures need ffmpeg', {
    hint: 'install ffmpeg 4.4 or later; the status page says what is missing',
  });
}

type Timed = <T>(job: JobEnd['job'], work: () => Promise<{ value: T; done: boolean }>) => Promise<T>;

/** Tells `onJob` of each job: whether what it was for was done, and how long it took. */
function timedBy(onJob: MediaOptions['onJob']): Timed {
  return async (job, work) => {
    const from = performance.now();
    let outcome: JobEnd['outcome'] = 'failed';
    try {
      const { value, done } = await work();
      if (done) outcome = 'done';
      return value;
    } finally {
      onJob?.({ job, outcome, tookMs: performance.now() - from });
    }
  };
}
