/**
 * Preserving: every held clip is copied in the background, a few at a time, into the vault where there is one, else below
 * its root, while the disk keeps room for what is recorded next. A copy goes with its clip, or when no hold is left.
 */
import { FortnightError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { widen } from '../../base/range.ts';
import type { Clip } from '../../clips/clip.ts';
import type { CopyAt, CopyDisk, CopyRow, CopyStore, CopyTask, SlicedCopy } from './copies.ts';
import { HOLD_MARGIN_MS, binds, covers, type HoldVersion } from '../hold.ts';
import type { HoldSet } from '../hold-set.ts';
import type { PinStore } from './pins.ts';
import type { During } from './take-over.ts';
import { hearOfCopies } from './unheard.ts';

/** Clips looked up at once. */
const SLICE = 256;
/** One call copies so many clips, or so many bytes and the clip that goes beyond them. */
const MAX_BATCH = 128;
const MAX_BATCH_BYTES = 256 * 1024 * 1024;

export interface PreserverDeps {
  readonly store: CopyStore;
  readonly disk: CopyDisk;
  readonly covered: PinStore['covered'];
  readonly set: Pick<HoldSet, 'all' | 'ofCamera'>;
  readonly clip: (id: number) => Clip | undefined;
  /** Roots that may be written to now. */
  readonly onlineRoots: () => readonly string[];
  /** The vault, while copies can be written there; else they go below their roots. */
  readonly vault: () => string | undefined;
  /** Copies that are there and no row leads to become those of their clips (take-over.ts). Never rejects. */
  readonly takeOver: (during: During, stopping: () => boolean) => Promise<void>;
  /** What must stay free on a root or in the vault. */
  readonly keepFreeBytes: (placeId: string) => number;
  /** Copies were left out for want of room on a root, or in the vault; or no longer. */
  readonly onRoom: (placeId: string, missing: { readonly clips: number; readonly bytes: number }) => void;
  /** The retention clock. */
  readonly nowMs: () => number;
  readonly breathe: () => Promise<void>;
  readonly log: Log;
}

interface Shortage {
  clips: number;
  bytes: number;
}

/** By root, or the vault. */
type Shortages = Map<string, Shortage>;

export class Preserver {
  readonly #deps: PreserverDeps;
  #stopping = false;
  #running: Promise<void> | undefined;
  /** Clips of the call that is under way, and its end. */
  #inFlight: { readonly clipIds: ReadonlySet<number>; readonly ended: Promise<unknown> } | undefined;

  constructor(deps: PreserverDeps) {
    this.#deps = deps;
  }

  /** Copies what is held and has no copy, and takes away the copies no hold keeps. Never rejects; one at a time. */
  run(): Promise<void> {
    this.#running ??= this.#goThrough().finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** X of the delete protocol: when it resolves, no copy of these clips is being written, and none is there. */
  async over(clipIds: readonly number[]): Promise<void> {
    const inFlight = this.#inFlight;
    const own = clipIds.filter((id) => inFlight?.clipIds.has(id));
    if (inFlight === undefined || own.length === 0) return;
    await inFlight.ended;
    const rows = own.flatMap((id) => this.#deps.store.slice(id - 1, 1).filter((row) => row.clipId === id));
    for (const [placeId, copies] of Map.groupBy(rows, (row) => row.placeId))
      await this.#deps.disk.removeCopies(placeId, copies);
  }

  /** Nothing new is begun; what is under way ends when the threads of the disks do. */
  stop(): void {
    this.#stopping = true;
  }

  async ended(): Promise<void> {
    await this.#running;
  }

  async #goThrough(): Promise<void> {
    const during: During = (clipId, work) => this.#flying([clipId], work());
    const stopping = (): boolean => this.#stopping;
    await hearOfCopies({ ...this.#deps, matters: (row) => this.#matters(row) }, during, stopping);
    await this.#deps.takeOver(during, stopping);
    const shortages: Shortages = new Map();
    // A clip that several holds cover, and that could not be copied under the first, has had its turn.
    const tried = new Set<number>();
    for (const hold of this.#deps.set.all()) {
      if (!binds(hold, this.#deps.nowMs())) continue;
      for (const cameraId of hold.terms.cameraIds) {
        if (this.#stopping) return;
        const covered = this.#deps.covered(cameraId, widen(hold.terms.window, HOLD_MARGIN_MS));
        const ids = covered.filter((id) => !tried.has(id));
        for (const id of ids) tried.add(id);
        await this.#copyAll(ids, shortages);
      }
    }
    if (!this.#stopping) await this.#removeLoose();
    const none = { clips: 0, bytes: 0 };
    for (const placeId of this.#deps.onlineRoots())
      this.#deps.onRoom(placeId, shortages.get(placeId) ?? none);
  }

  async #copyAll(ids: readonly number[], shortages: Shortages): Promise<void> {
    for (let at = 0; at < ids.length && !this.#stopping; at += SLICE) {
      const wanted = this.#deps.store.wanted(ids.slice(at, at + SLICE), this.#deps.onlineRoots());
      for (const [rootId, tasks] of wanted)
        for (const batch of batchesOf(tasks)) await this.#copyBatch(rootId, batch, shortages);
      await this.#deps.breathe();
    }
  }

  /** What the vault has no room for, or cannot take now, has its copy below its root: no copy protects nothing. */
  async #copyBatch(sourceId: string, tasks: readonly CopyTask[], shortages: Shortages): Promise<void> {
    const places = [...new Set([this.#deps.vault() ?? sourceId, sourceId])];
    let left = tasks;
    for (const placeId of places) {
      if (left.length === 0) return;
      const shortage = shortages.get(placeId) ?? { clips: 0, bytes: 0 };
      shortages.set(placeId, shortage);
      await this.#try('clips_not_copied', placeId, async () => {
        left = await this.#copy({ placeId, sourceId }, left, shortage);
      });
    }
  }

  /** Those that may have their copy elsewhere: there was no room, or the disk did not take it. */
  async #copy(at: CopyAt, tasks: readonly CopyTask[], shortage: Shortage): Promise<readonly CopyTask[]> {
    const { store, disk, keepFreeBytes, nowMs } = this.#deps;
    if (this.#stopping) return [];
    store.ask(at, tasks);
    const copying = disk.copy(at, tasks, keepFreeBytes(at.placeId)).then((results) => {
      store.answered(at.placeId, results, nowMs());
      return results;
    });
    const results = await this.#flying(
      tasks.map((t) => t.clipId),
      copying,
    );
    const unmade = new Map(results.map((r) => [r.clipId, r.found]));
    const short = tasks.filter((task) => unmade.get(task.clipId) === 'no_room');
    shortage.clips += short.length;
    shortage.bytes += short.reduce((sum, task) => sum + task.sizeBytes, 0);
    return [...short, ...tasks.filter((task) => unmade.get(task.clipId) === 'failed')];
  }

  /** Work on copies of these clips: who deletes one of them waits for its end. */
  async #flying<T>(clipIds: readonly number[], work: Promise<T>): Promise<T> {
    this.#inFlight = { clipIds: new Set(clipIds), ended: work.catch(() => undefined) };
    try {
      return await work;
    } finally {
      this.#inFlight = undefined;
    }
  }

  /** Copies of clips that go now go with them, in their batch. */
  async #removeLoose(): Promise<void> {
    const { store, disk } = this.#deps;
    let after = -1;
    for (;;) {
      const rows = store.slice(after, SLICE);
      const last = rows.at(-1);
      if (last === undefined || this.#stopping) return;
      after = last.clipId;
      await this.#try('copies_not_removed', 'of unknown clips', () => {
        store.leave(rows.filter((row) => this.#isUnknown(row)));
      });
      const loose = rows.filter((row) => this.#isLoose(row) && !this.#isUnknown(row));
      for (const [placeId, copies] of Map.groupBy(loose, (row) => row.placeId))
        await this.#try('copies_not_removed', placeId, async () => {
          store.letGo(placeId, copies);
          await disk.removeCopies(placeId, copies);
          store.forget(placeId, copies);
        });
      await this.#deps.breathe();
    }
  }

  /** Nobody can say what it is, or of which clip: it is a stray from now on (stray-run.ts). */
  #isUnknown({ clipId, asked }: SlicedCopy): boolean {
    return asked && this.#deps.clip(clipId) === undefined;
  }

  /** No hold keeps it, and no delete batch takes it with its clip. */
  #isLoose(row: CopyRow): boolean {
    const clip = this.#deps.clip(row.clipId);
    if (clip === undefined) return true;
    // The sweep takes what is live. A clip that was given up is not, and its copy could not be read.
    const swept = clip.state !== 'gone_external' && this.#isPast(clip);
    return clip.state !== 'deleting' && !swept && !this.#isHeld(clip);
  }

  /** Of a clip that is held, or due: what was given up is there again, and is swept as any other. */
  #matters(row: CopyRow): boolean {
    const clip = this.#deps.clip(row.clipId);
    return clip !== undefined && clip.state !== 'deleting' && (this.#isHeld(clip) || this.#isPast(clip));
  }

  #isPast({ dueMs }: Clip): boolean {
    return dueMs !== null && dueMs <= this.#deps.nowMs();
  }

  #isHeld(clip: Clip): boolean {
    return this.#deps.set.ofCamera(clip.cameraId).some((h) => this.#holds(h, clip));
  }

  #holds(hold: HoldVersion, clip: Clip): boolean {
    return binds(hold, this.#deps.nowMs()) && covers(hold.terms, clip);
  }

  /** A root that cannot be used, or an index that cannot be written now: the next run does what is left. */
  async #try(event: string, subject: string, work: () => Promise<void> | void): Promise<void> {
    try {
      await work();
    } catch (error) {
      const why = error instanceof FortnightError ? error.message : String(error);
      this.#deps.log.warn(event, { subject, why });
    }
  }
}

function* batchesOf(tasks: readonly CopyTask[]): Generator<CopyTask[]> {
  let batch: CopyTask[] = [];
  let bytes = 0;
  for (const task of tasks) {
    batch.push(task);
    bytes += task.sizeBytes;
    if (batch.length < MAX_BATCH && bytes < MAX_BATCH_BYTES) continue;
    yield batch;
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}
