/**
 * Descriptors of clips that were opened a moment ago, for the next range of the same clip: a player asks for many, one
 * after another, and each would be opened and closed by another thread. What waits here is no stream, and still known
 * to those who must close it (I9).
 */
import type { OpenedClip } from './opened.ts';

/** So long after its opening a descriptor may serve another range: root, name and file are looked at again after it. */
export const KEEP_MS = 1000;
/** Open at once, of all clips; beyond it none is kept. */
export const MAX_KEPT = 32;

export interface KeptOpenDeps {
  /** Opens a clip's file; undefined when it is not there. */
  readonly open: (clipId: number) => Promise<OpenedClip | undefined>;
  /** Whether the index says of the clip what was found when this was opened, and will go on saying so. */
  readonly isCurrent: (clipId: number, file: OpenedClip) => boolean;
  /** Calls back once, after a time in ms; the call it gives cancels it. */
  readonly after: (ms: number, work: () => void) => () => void;
}

interface Kept {
  readonly clipId: number;
  readonly file: OpenedClip;
  inUse: boolean;
  /** Its time has come while it was in use. */
  over: boolean;
  readonly cancel: () => void;
}

export class KeptOpen {
  readonly #deps: KeptOpenDeps;
  readonly #kept = new Set<Kept>();
  readonly #closing = new Set<Promise<void>>();

  constructor(deps: KeptOpenDeps) {
    this.#deps = deps;
  }

  /** As `open` of the deps. Whoever gets the file closes it; it stays open for the next. */
  async open(clipId: number): Promise<OpenedClip | undefined> {
    const waiting = this.#take(clipId);
    if (waiting !== undefined) return this.#lend(waiting);
    const file = await this.#deps.open(clipId);
    if (file === undefined || this.#kept.size >= MAX_KEPT || !this.#deps.isCurrent(clipId, file)) return file;
    const cancel = this.#deps.after(KEEP_MS, () => {
      kept.over = true;
      if (!kept.inUse) void this.#drop(kept);
    });
    const kept: Kept = { clipId, file, inUse: true, over: false, cancel };
    this.#kept.add(kept);
    return this.#lend(kept);
  }

  /** Resolves when no descriptor of these clips waits here. Those in use must have been closed by their users. */
  async closeForClips(clipIds: readonly number[]): Promise<void> {
    const ids = new Set(clipIds);
    for (const kept of this.#kept) {
      if (!ids.has(kept.clipId)) continue;
      kept.over = true;
      if (!kept.inUse) void this.#drop(kept);
    }
    await Promise.all(this.#closing);
  }

  async closeAll(): Promise<void> {
    await this.closeForClips([...this.#kept].map((k) => k.clipId));
  }

  #take(clipId: number): Kept | undefined {
    for (const kept of this.#kept) {
      if (kept.clipId !== clipId || kept.inUse || kept.over) continue;
      if (this.#deps.isCurrent(clipId, kept.file)) return kept;
      kept.over = true;
      void this.#drop(kept);
    }
    return undefined;
  }

  #lend(kept: Kept): OpenedClip {
    kept.inUse = true;
    const { fd, sizeBytes, ino, mtimeNs } = kept.file;
    const close = async (): Promise<void> => {
      kept.inUse = false;
      if (kept.over) await this.#drop(kept);
    };
    return { fd, sizeBytes, ino, mtimeNs, close };
  }

  #drop(kept: Kept): Promise<void> {
    kept.cancel();
    this.#kept.delete(kept);
    const closing = kept.file.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
    return closing;
  }
}
