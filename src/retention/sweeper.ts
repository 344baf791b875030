/**
 * The sweep: removes what is due, root by root. Idempotent: a second sweep with no change outside does nothing. What a
 * crash left is settled before anything new begins.
 */
import { DAY_MS } from '../base/clock.ts';
import { breathe, delay } from '../base/delay.ts';
import type { BlockedReason } from '../roots/root.ts';
import { batchesOf } from './batches.ts';
import { breakerTrips } from './breaker.ts';
import { isGone, type DeleteProtocol } from './delete-protocol.ts';
import type { DueClip, Outcome, SweepStore } from './erasure.ts';

/** Candidates taken from the index at once: enough to group by directory, few enough for memory. */
const CHUNK = 4096;

/** A reader (`check`, a backup) finishes within a second, or the log waits for the next minute. */
const LOG_TRIES = 20;
const LOG_WAIT_MS = 50;

export interface SweeperDeps {
  readonly store: SweepStore;
  readonly protocol: DeleteProtocol;
  readonly rootIds: () => readonly string[];
  /** Why nothing may be deleted from a root now (its breaker apart); empty when it may. */
  readonly blocked: (rootId: string) => readonly BlockedReason[];
  /** The retention clock. */
  readonly nowMs: () => number;
  /** Milliseconds that only advance, for durations. */
  readonly monotonicMs: () => number;
  readonly retentionMs: () => number;
  /** Whether wall and retention clock agree. */
  readonly clockTrusted: () => boolean;
  readonly onBreaker: (rootId: string, open: boolean, dueClips: number) => void;
}

export interface SweepReport {
  readonly atMs: number;
  readonly deleted: number;
  readonly failed: number;
  readonly tookMs: number;
  /** The longest time a clip deleted by this sweep had been due. */
  readonly longestWaitMs: number;
}

export class Sweeper {
  readonly #deps: SweeperDeps;
  #stopping = false;
  /** A crash may have left names in the log: the first sweep empties it. */
  #logDirty = true;

  constructor(deps: SweeperDeps) {
    this.#deps = deps;
  }

  /** A running sweep ends after its batch. */
  stop(): void {
    this.#stopping = true;
  }

  /** One sweep over all roots. Time is read once: what falls due meanwhile waits for the next sweep. */
  async sweep(): Promise<SweepReport> {
    const { nowMs, monotonicMs, rootIds } = this.#deps;
    const atMs = nowMs();
    const began = monotonicMs();
    const outcomes = { deleted: 0, failed: 0, longestWaitMs: 0 };
    const count = (list: readonly Outcome[]): void => {
      for (const o of list) {
        if (isGone(o)) {
          outcomes.deleted += 1;
          outcomes.longestWaitMs = Math.max(outcomes.longestWaitMs, atMs - (o.clip.dueMs ?? atMs));
        } else if (o.outcome === 'failed') outcomes.failed += 1;
      }
    };
    // Side by side: one root's backlog must not make another's clips late. The gate lets in one batch at a time.
    await Promise.all(rootIds().map((rootId) => this.#sweepRoot(rootId, atMs, count)));
    await this.#truncateLog();
    return { atMs, ...outcomes, tookMs: monotonicMs() - began };
  }

  async #sweepRoot(rootId: string, atMs: number, count: (list: readonly Outcome[]) => void): Promise<void> {
    const { store, protocol, blocked } = this.#deps;
    if (blocked(rootId).length > 0) return;
    const settled = await protocol.settle(rootId);
    if (settled === undefined) return;
    this.#logDirty ||= settled.length > 0;
    count(settled);
    if (this.#breakerOpen(rootId, atMs)) return;
    if (await this.#removeDue(rootId, atMs, count)) store.sweepCompleted(rootId, atMs);
  }

  /** Whether everything due at `atMs` had its turn. */
  async #removeDue(
    rootId: string,
    atMs: number,
    count: (list: readonly Outcome[]) => void,
  ): Promise<boolean> {
    const { store } = this.#deps;
    let leading = -1;
    for (;;) {
      const due = store.due(rootId, atMs, CHUNK);
      // The same clip leading again means that nothing moves it now.
      if (due[0] === undefined || due[0].clipId === leading) return true;
      leading = due[0].clipId;
      if (!(await this.#removeBatches(rootId, due, count))) return false;
    }
  }

  /** One batch is begun while the one before it is concluded. Whether the root may be gone on with. */
  async #removeBatches(
    rootId: string,
    due: readonly DueClip[],
    count: (list: readonly Outcome[]) => void,
  ): Promise<boolean> {
    const { protocol, blocked } = this.#deps;
    let last: ReturnType<DeleteProtocol['batch']> = Promise.resolve([]);
    let goOn = true;
    try {
      for (const batch of batchesOf(due, () => protocol.batchSize)) {
        if (!goOn || this.#stopping || blocked(rootId).length > 0) return false;
        const before = last;
        const ids = batch.map((c) => c.clipId);
        last = protocol.batch(rootId, ids);
        last.catch(() => undefined); // is awaited below, also when the one before it fails
        goOn = this.#took(await before, count);
        await breathe();
      }
    } finally {
      // When the sweep ends nothing of it is under way any more.
      goOn = this.#took(await last, count);
    }
    return goOn;
  }

  #took(outcomes: readonly Outcome[] | undefined, count: (list: readonly Outcome[]) => void): boolean {
    if (outcomes === undefined) return false;
    this.#logDirty ||= outcomes.length > 0;
    count(outcomes);
    return true;
  }

  /** Opens or closes the breaker of a root; it closes by itself after 24 h of retention time. */
  #breakerOpen(rootId: string, atMs: number): boolean {
    const { store, retentionMs, clockTrusted, onBreaker } = this.#deps;
    const { dueClips, clips } = store.counts(rootId, atMs);
    const sinceMs = store.breakerSinceMs(rootId);
    if (sinceMs !== null && (atMs - sinceMs < DAY_MS || !clockTrusted())) return true;
    if (sinceMs !== null) {
      store.setBreaker(rootId, { open: false, by: 'system', nowMs: atMs, dueClips });
      onBreaker(rootId, false, dueClips);
      return false;
    }
    const lastMs = store.lastSweepMs(rootId);
    const sinceSweepMs = lastMs === null ? null : atMs - lastMs;
    if (!breakerTrips({ dueClips, clips, sinceSweepMs, retentionMs: retentionMs() })) return false;
    store.setBreaker(rootId, { open: true, by: 'system', nowMs: atMs, dueClips });
    onBreaker(rootId, true, dueClips);
    return true;
  }

  /** Until the log is empty, deleted names are still in its file. While somebody reads it, the next sweep tries again. */
  async #truncateLog(): Promise<void> {
    for (let tries = 0; this.#logDirty && tries < LOG_TRIES; tries += 1) {
      if (this.#deps.store.truncateLog()) this.#logDirty = false;
      else await delay(LOG_WAIT_MS);
    }
  }
}
