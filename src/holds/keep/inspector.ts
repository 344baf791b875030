/** Looking through what was preserved: every copy is decoded from begin to end in the background, one after another. */
import { FortnightError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { OpenedClip } from '../../clips/opened.ts';
import type { ClipLocation } from '../../clips/store.ts';
import type { CopyKey } from './copies.ts';
import { inspect, type Expected, type Inspection } from './inspection.ts';

/** Copies looked up at once. */
const SLICE = 64;

/** A copy to look through. */
export interface InspectionTask extends CopyKey {
  readonly location: ClipLocation;
  readonly kind: 'video' | 'still';
}

/** What the index knows of it. */
export interface InspectionStore {
  /** Copies not looked through yet, by clip id; with `again` also those that waited for ffmpeg. */
  waiting(query: {
    readonly afterClipId: number;
    readonly limit: number;
    readonly again: boolean;
  }): readonly InspectionTask[];
  /** How long a clip ought to be. */
  expected(clipId: number): Expected | undefined;
  /** One durable transaction. `atMs`: the retention clock. A copy that was made anew meanwhile is left alone. */
  inspected(task: InspectionTask, found: Inspection, atMs: number): void;
}

export type Decoding =
  | { readonly ended: true; readonly decodedMs: number | null; readonly errors: number }
  | { readonly ended: false; readonly why: 'time' | 'abort' | 'failed' };

export interface InspectorDeps {
  readonly store: InspectionStore;
  /** Opens the file; undefined when its root or the file is not there, or when it is another by now. */
  readonly open: (at: ClipLocation) => Promise<OpenedClip | undefined>;
  readonly decode: (fd: number, signal: AbortSignal) => Promise<Decoding>;
  readonly canDecode: () => Promise<boolean>;
  /** Something was found that a person must know. */
  readonly onFound: () => void;
  readonly nowMs: () => number;
  readonly log: Log;
}

interface Looking {
  readonly clipId: number;
  readonly abort: AbortController;
  /** The copy's file is closed, or was never opened. Never rejects. */
  readonly over: Promise<void>;
}

export class Inspector {
  readonly #deps: InspectorDeps;
  #running: Promise<void> | undefined;
  #looking: Looking | undefined;
  #stopping = false;

  constructor(deps: InspectorDeps) {
    this.#deps = deps;
  }

  /** Looks through what has not been; one run at a time. Never rejects. */
  run(): Promise<void> {
    this.#running ??= this.#goThrough().finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** X of the delete protocol: when it resolves, no descriptor and no child of ours refers to copies of these clips. */
  async over(clipIds: readonly number[]): Promise<void> {
    const looking = this.#looking;
    if (looking === undefined || !clipIds.includes(looking.clipId)) return;
    looking.abort.abort();
    await looking.over;
  }

  /** Ends what is under way; it is begun anew another time. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#looking?.abort.abort();
    await this.#running;
  }

  async #goThrough(): Promise<void> {
    const { store, canDecode, log } = this.#deps;
    try {
      const able = await canDecode();
      let afterClipId = -1;
      while (!this.#stopping) {
        const tasks = store.waiting({ afterClipId, limit: SLICE, again: able });
        const last = tasks.at(-1);
        if (last === undefined) break;
        afterClipId = last.clipId;
        for (const task of tasks) await this.#look(task, able);
      }
    } catch (error) {
      log.warn('copies_not_inspected', { why: error instanceof Error ? error.message : String(error) });
    }
    this.#deps.onFound();
  }

  async #look(task: InspectionTask, able: boolean): Promise<void> {
    if (this.#stopping) return;
    const abort = new AbortController();
    // Known before the file is opened: there is no moment in which a descriptor is open and cannot be ended.
    this.#looking = { clipId: task.clipId, abort, over: this.#lookThrough(task, able, abort.signal) };
    await this.#looking.over;
    this.#looking = undefined;
  }

  async #lookThrough(task: InspectionTask, able: boolean, signal: AbortSignal): Promise<void> {
    const { store, nowMs, log } = this.#deps;
    try {
      const found = await this.#find(task, able, signal);
      if (found === undefined || signal.aborted) return;
      store.inspected(task, found, nowMs());
      if (found.found !== 'whole') log.warn('copy_inspected', { clipId: task.clipId, ...found });
    } catch (error) {
      if (signal.aborted) return;
      const why = error instanceof FortnightError ? error.message : String(error);
      log.warn('copy_not_inspected', { clipId: task.clipId, why });
    }
  }

  /** Undefined: it cannot be reached now, or it goes; another run looks again. */
  async #find(task: InspectionTask, able: boolean, signal: AbortSignal): Promise<Inspection | undefined> {
    const { store, open, decode } = this.#deps;
    if (task.kind === 'still') return { found: 'unchecked', why: 'still' };
    if (!able) return { found: 'unchecked', why: 'no_ffmpeg' };
    const expected = store.expected(task.clipId);
    const file = expected === undefined ? undefined : await open(task.location);
    if (expected === undefined || file === undefined) return undefined;
    try {
      if (signal.aborted) return undefined;
      const decoded = await decode(file.fd, signal);
      if (decoded.ended) return inspect(decoded, expected);
      return decoded.why === 'abort' ? undefined : { found: 'unchecked', why: decoded.why };
    } finally {
      await file.close();
    }
  }
}
