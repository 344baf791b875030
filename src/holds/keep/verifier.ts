/**
 * Reading copies again: each month every copy is read whole and compared with its hash, one at a time and a little at
 * once. What is no longer what was hashed is made anew when its original or its pin still has the content.
 */
import { DAY_MS } from '../../base/clock.ts';
import { FortnightError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { CopyDisk, CopyReading, CopyRow } from './copies.ts';

/** A copy is read again when so much time has passed since it was made or last read. */
export const READ_AGAIN_MS = 30 * DAY_MS;
/** One run reads so much, and the copy that goes beyond it: the disk has others to serve. */
const RUN_BYTES = 512 * 1024 * 1024;
/** One run reads so many. */
const RUN_COPIES = 1000;

/** A copy that is to be read again. */
export interface DueReading extends CopyRow {
  readonly sizeBytes: number;
}

export interface ReadingStore {
  /** Copies on these disks not read since `beforeMs` (retention clock), the longest ago first. */
  toRead(rootIds: readonly string[], beforeMs: number, limit: number): readonly DueReading[];
  /** Compares with what was hashed, and writes it down. Whether the copy is what it was. One durable transaction. */
  wasRead(placeId: string, reading: CopyReading, atMs: number): boolean;
}

export interface VerifierDeps {
  readonly store: ReadingStore;
  readonly disk: Pick<CopyDisk, 'readCopies'>;
  /** Roots, and the vault, that may be read now. */
  readonly roots: () => readonly string[];
  /** A copy was found altered. */
  readonly onFound: () => void;
  /** The retention clock. */
  readonly nowMs: () => number;
  readonly log: Log;
}

export class Verifier {
  readonly #deps: VerifierDeps;
  #running: Promise<void> | undefined;
  #reading: { readonly clipId: number; readonly over: Promise<unknown> } | undefined;
  #stopping = false;

  constructor(deps: VerifierDeps) {
    this.#deps = deps;
  }

  /** Reads a share of what is to be read; one run at a time. Never rejects. */
  run(): Promise<void> {
    this.#running ??= this.#readSome().finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** X of the delete protocol: when it resolves, no copy of these clips is being read. */
  async over(clipIds: readonly number[]): Promise<void> {
    const reading = this.#reading;
    if (reading !== undefined && clipIds.includes(reading.clipId)) await reading.over;
  }

  /** Nothing new is begun; what is being read ends when the threads of the disks do. */
  stop(): void {
    this.#stopping = true;
  }

  async ended(): Promise<void> {
    await this.#running;
  }

  async #readSome(): Promise<void> {
    const { store, roots, nowMs } = this.#deps;
    let bytes = 0;
    for (const copy of store.toRead(roots(), nowMs() - READ_AGAIN_MS, RUN_COPIES)) {
      if (this.#stopping || bytes >= RUN_BYTES) return;
      bytes += copy.sizeBytes;
      await this.#read(copy);
    }
  }

  /** A root that cannot be used, or an index that cannot be written now: another run reads it. */
  async #read({ placeId, clipId, sourceIno, dir }: DueReading): Promise<void> {
    const { store, disk, nowMs, log, onFound } = this.#deps;
    const reading = disk.readCopies(placeId, [{ clipId, sourceIno, dir }]);
    this.#reading = { clipId, over: reading.catch(() => undefined) };
    try {
      for (const found of await reading) {
        if (store.wasRead(placeId, found, nowMs())) continue;
        log.error('copy_altered', { clipId, errno: found.found === 'read' ? undefined : found.errno });
        onFound();
      }
    } catch (error) {
      log.warn('copy_not_read', {
        clipId,
        why: error instanceof FortnightError ? error.message : String(error),
      });
    } finally {
      this.#reading = undefined;
    }
  }
}
