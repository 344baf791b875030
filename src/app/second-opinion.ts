/** ffprobe's word about clips that no probe in process could read; what it finds goes into the index. */
import type { Log } from '../base/log.ts';
import type { IndexWriter } from '../clips/index-writer.ts';
import type { OpenedClip } from '../clips/opened.ts';
import type { Media } from '../media/media.ts';

/** Clips that may wait for ffprobe; more stay unreadable until the next start, and are deleted on time like any other. */
const MAX_WAITING = 10_000;

export interface SecondOpinionDeps {
  readonly media: Pick<Media, 'arbitrate'>;
  readonly open: (clipId: number) => Promise<OpenedClip | undefined>;
  readonly index: Pick<IndexWriter, 'setMedia'>;
  readonly log: Pick<Log, 'warn'>;
}

interface Asking {
  readonly clipId: number;
  readonly abort: AbortController;
  /** The clip's file is closed, or was never opened. Never rejects. */
  readonly over: Promise<void>;
}

/** One clip at a time: a scan that finds a thousand odd files must not start a thousand children. */
export class SecondOpinion {
  readonly #deps: SecondOpinionDeps;
  readonly #waiting = new Set<number>();
  #asking: Asking | undefined;

  constructor(deps: SecondOpinionDeps) {
    this.#deps = deps;
  }

  /** Asks about these clips, in turn, in the background. */
  ask(clipIds: readonly number[]): void {
    for (const id of clipIds) if (this.#waiting.size < MAX_WAITING) this.#waiting.add(id);
    if (this.#asking === undefined) void this.#run();
  }

  /** Asks no more about these clips; resolves when no descriptor and no child of ours refers to their files (I9). */
  async end(clipIds: readonly number[]): Promise<void> {
    for (const id of clipIds) this.#waiting.delete(id);
    const asking = this.#asking;
    if (asking === undefined || !clipIds.includes(asking.clipId)) return;
    asking.abort.abort();
    await asking.over;
  }

  /** Asks about nothing any more. */
  async stop(): Promise<void> {
    await this.end([...this.#waiting, ...(this.#asking === undefined ? [] : [this.#asking.clipId])]);
  }

  async #run(): Promise<void> {
    for (const clipId of this.#waiting) {
      this.#waiting.delete(clipId);
      const abort = new AbortController();
      // Known before its file is opened: there is no moment in which a descriptor is open and cannot be ended.
      this.#asking = { clipId, abort, over: this.#askAbout(clipId, abort.signal) };
      await this.#asking.over;
    }
    this.#asking = undefined;
  }

  async #askAbout(clipId: number, signal: AbortSignal): Promise<void> {
    const { media, open, index, log } = this.#deps;
    try {
      const file = await open(clipId);
      if (file === undefined) return;
      try {
        if (signal.aborted) return;
        const probe = await media.arbitrate(file.fd, { signal });
        if (probe.ok) index.setMedia(clipId, probe.info);
      } finally {
        await file.close();
      }
    } catch (error) {
      if (signal.aborted) return;
      log.warn('arbiter_failed', { error: error instanceof Error ? error.message : String(error) });
    }
  }
}
