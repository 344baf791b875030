/**
 * Every stream of footage that runs, so that it can be ended: before its clip is unlinked, when its session ends,
 * when its clip falls due under it (I7, I9). A stream registers before it opens its file and leaves after it closed
 * it: there is no moment in which a descriptor of footage is open and unknown here.
 */
import { FortnightError } from '../base/errors.ts';
import type { Session } from './session.ts';

export const MAX_STREAMS = 64;
export const MAX_STREAMS_PER_USER = 6;

/** One place in the registry, taken by one request for footage. */
export interface StreamPlace {
  readonly clipId: number;
  readonly session: Session;
  /** Aborts when the stream must end. The holder stops, closes its descriptor and calls `leave`. */
  readonly signal: AbortSignal;
  /** The descriptor is closed (or was never opened). */
  leave(): void;
}

interface Entry extends StreamPlace {
  readonly abort: AbortController;
  readonly left: Promise<void>;
}

export class Streams {
  readonly #running = new Set<Entry>();

  /** Takes a place. Throws `too_many_requests` beyond the limits. */
  enter(clipId: number, session: Session): StreamPlace {
    const mine = [...this.#running].filter((s) => s.session.account.id === session.account.id);
    if (this.#running.size >= MAX_STREAMS || mine.length >= MAX_STREAMS_PER_USER) {
      throw new FortnightError('too_many_requests', 'too many pictures run at once', {
        hint: 'close another player, then try again',
      });
    }
    const abort = new AbortController();
    const { promise: left, resolve } = Promise.withResolvers<undefined>();
    const entry: Entry = {
      clipId,
      session,
      abort,
      signal: abort.signal,
      left,
      leave: () => {
        this.#running.delete(entry);
        resolve(undefined);
      },
    };
    this.#running.add(entry);
    return entry;
  }

  /** Ends the streams of these clips; resolves when their descriptors are closed. */
  closeForClips(clipIds: readonly number[]): Promise<void> {
    const ids = new Set(clipIds);
    return this.#end((s) => ids.has(s.clipId));
  }

  closeForSession(sessionId: string): Promise<void> {
    return this.#end((s) => s.session.id === sessionId);
  }

  /** Ends every stream of which `mayGoOn` says no; called each second. */
  check(mayGoOn: (stream: StreamPlace) => boolean): Promise<void> {
    return this.#end((s) => !mayGoOn(s));
  }

  /** Ends all of them, at shut-down. */
  closeAll(): Promise<void> {
    return this.#end(() => true);
  }

  get size(): number {
    return this.#running.size;
  }

  async #end(which: (stream: Entry) => boolean): Promise<void> {
    const ending = [...this.#running].filter(which);
    for (const stream of ending) stream.abort.abort();
    await Promise.all(ending.map((s) => s.left));
  }
}
