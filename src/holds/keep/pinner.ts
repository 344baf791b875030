/**
 * Pinning: every finished clip that a hold covers gets a second name, at the placement, when it arrives later, and when
 * a root that was away is back. All of it in slices, so that the loop stays free and the disk serves others in between.
 * A pin that fails never fails its hold.
 */
import { FortnightError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { widen } from '../../base/range.ts';
import type { Clip } from '../../clips/clip.ts';
import { HOLD_MARGIN_MS, binds, covers, type HoldVersion } from '../hold.ts';
import type { HoldSet } from '../hold-set.ts';
import type { PinDisk, PinRow, PinStore } from './pins.ts';

/** Clips linked by one call: some ten milliseconds in the root's thread, which others wait for. */
const SLICE = 128;
/** Clips that arrived and wait; beyond that all holds are gone through instead. */
const MAX_ARRIVED = 20_000;

export interface PinnerDeps {
  readonly store: PinStore;
  readonly disk: PinDisk;
  readonly set: Pick<HoldSet, 'all' | 'ofCamera'>;
  readonly clip: (id: number) => Clip | undefined;
  /** Roots that may be written to now. */
  readonly onlineRoots: () => readonly string[];
  /** The retention clock. */
  readonly nowMs: () => number;
  readonly breathe: () => Promise<void>;
  readonly log: Log;
}

export class Pinner {
  readonly #deps: PinnerDeps;
  #arrived: number[] = [];
  #owed = false;
  #stopping = false;
  /** The run that is under way, or the last one; and the one that was asked for since it began. */
  #run: Promise<void> = Promise.resolve();
  #nextRun: Promise<void> | undefined;
  readonly #working = new Set<Promise<void>>();

  constructor(deps: PinnerDeps) {
    this.#deps = deps;
  }

  /** Pins what a hold covers and is not pinned under it yet; resolves when all had its turn. Never rejects. */
  pin(hold: HoldVersion): Promise<void> {
    return this.#work(this.#pin(hold));
  }

  /** These clips are finished now: those that a hold covers are pinned soon. Returns at once. */
  arrived(clipIds: readonly number[]): void {
    if (clipIds.length === 0 || !this.#deps.set.all().some((h) => this.#binds(h))) return;
    const first = this.#arrived.length === 0 && !this.#owed;
    if (this.#arrived.length + clipIds.length > MAX_ARRIVED) {
      this.#arrived = [];
      this.#owed = true;
    } else this.#arrived.push(...clipIds);
    if (first) void this.#work(this.#pinArrived());
  }

  /** Goes through all holds: pins what has no pin, and takes away the pins whose hold has ended. Never rejects. */
  run(): Promise<void> {
    this.#nextRun ??= this.#run.then(() => {
      this.#nextRun = undefined;
      this.#run = this.#work(this.#goThrough());
      return this.#run;
    });
    return this.#nextRun;
  }

  /** What is under way ends after its slice. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#nextRun;
    await Promise.all(this.#working);
  }

  async #goThrough(): Promise<void> {
    for (const hold of this.#deps.set.all()) {
      if (this.#stopping) return;
      await (this.#binds(hold) ? this.#pin(hold) : this.#release(hold));
    }
    for (const rootId of this.#deps.onlineRoots())
      await this.#try('pins_not_pruned', rootId, () => this.#deps.disk.prunePins(rootId));
  }

  async #pin(hold: HoldVersion): Promise<void> {
    for (const cameraId of hold.terms.cameraIds) {
      if (this.#stopping) return;
      const ids = this.#deps.store.covered(cameraId, widen(hold.terms.window, HOLD_MARGIN_MS));
      await this.#pinAll(hold.holdId, ids);
    }
  }

  /**
   * Takes away the pins of a hold that has ended. Those of a clip that goes now go with it, in its batch; those of a
   * clip that another hold covers only when that one has a pin as well.
   */
  async #release(hold: HoldVersion): Promise<void> {
    const { store } = this.#deps;
    let after = -1;
    for (;;) {
      const rows = store.slice(hold.holdId, after, SLICE);
      const last = rows.at(-1);
      if (last === undefined || this.#stopping) return;
      after = last.clipId;
      const loose = rows.filter((row) => this.#isLoose(row));
      for (const [rootId, pins] of Map.groupBy(loose, (row) => row.rootId))
        await this.#try('pins_not_removed', rootId, () => this.#remove(rootId, hold.holdId, pins));
      await this.#deps.breathe();
    }
  }

  async #pinArrived(): Promise<void> {
    while (this.#arrived.length > 0 && !this.#stopping) {
      const clips = this.#arrived.splice(0, SLICE).flatMap((id) => this.#deps.clip(id) ?? []);
      const byHold = new Map<string, number[]>();
      for (const clip of clips)
        for (const hold of this.#holding(clip)) {
          const ids = byHold.get(hold.holdId) ?? [];
          byHold.set(hold.holdId, [...ids, clip.id]);
        }
      for (const [holdId, ids] of byHold) await this.#pinAll(holdId, ids);
      await this.#deps.breathe();
    }
    if (!this.#owed) return;
    this.#owed = false;
    void this.run();
  }

  async #pinAll(holdId: string, ids: readonly number[]): Promise<void> {
    for (let at = 0; at < ids.length && !this.#stopping; at += SLICE) {
      await this.#pinSlice(holdId, ids.slice(at, at + SLICE));
      await this.#deps.breathe();
    }
  }

  async #pinSlice(holdId: string, ids: readonly number[]): Promise<void> {
    const { store, disk } = this.#deps;
    const online = this.#deps.onlineRoots();
    await this.#try('clips_not_pinned', holdId, async () => {
      for (const [rootId, tasks] of store.ask(holdId, ids, online))
        store.answered(holdId, await disk.pin(rootId, holdId, tasks));
    });
  }

  async #remove(rootId: string, holdId: string, pins: readonly PinRow[]): Promise<void> {
    const { store, disk } = this.#deps;
    store.letGo(holdId, pins);
    await disk.unpin(rootId, holdId, pins);
    store.forget(holdId, pins);
  }

  #isLoose(row: PinRow): boolean {
    const clip = this.#deps.clip(row.clipId);
    if (clip === undefined) return true;
    if (clip.state === 'deleting') return false;
    const holding = this.#holding(clip).map((h) => h.holdId);
    if (holding.length > 0) return this.#deps.store.pinnedUnder(holding, row);
    // No batch comes for a clip that its recorder took away.
    return clip.state === 'gone_external' || clip.dueMs === null || clip.dueMs > this.#deps.nowMs();
  }

  #holding(clip: Clip): HoldVersion[] {
    const holding = this.#deps.set
      .ofCamera(clip.cameraId)
      .filter((h) => this.#binds(h) && covers(h.terms, clip));
    // A hold and what it gave up by a narrowing may both cover it.
    return [...new Map(holding.map((h) => [h.holdId, h])).values()];
  }

  #binds(hold: HoldVersion): boolean {
    return binds(hold, this.#deps.nowMs());
  }

  async #work(work: Promise<void>): Promise<void> {
    this.#working.add(work);
    await work.finally(() => this.#working.delete(work));
  }

  /** A root that cannot be used, or an index that cannot be written now: the next run does what is left. */
  async #try(event: string, subject: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const why = error instanceof FortnightError ? error.message : String(error);
      this.#deps.log.warn(event, { subject, why });
    }
  }
}
