/**
 * I2 by true time: what is on a healthy disk, due and bound by nothing is gone within five minutes. While a named state
 * lasts nothing is owed; when it ends the daemon has a moment to notice, and what it never saw is found by a reconcile.
 */
import { MINUTE_MS, SECOND_MS } from '../../src/base/clock.ts';
import type { Box } from './box.ts';
import { BELIEVED_MS, mayTouch, Violation, type ClipFact } from './facts.ts';
import type { Model } from './model.ts';
import { RETENTION_MS } from './site.ts';

const ON_TIME_MS = 5 * MINUTE_MS;
/** The next look at the roots, the next minute's jobs, and a few messages that were late. */
const NOTICE_MS = 3 * MINUTE_MS;
/** Quiet for two minutes, then found by the reconcile of every quarter of an hour. */
const FOUND_MS = 2 * MINUTE_MS + 17 * MINUTE_MS;
/** A clip that nobody finished counts as finished when it was quiet for an hour. */
const ABANDONED_MS = 60 * MINUTE_MS;

export class Lateness {
  readonly #box: Box;
  readonly #model: Model;
  /** Since when everything about a root has been well, by true time. */
  readonly #wellSince = new Map<string, number>();
  /** By how much `r` may be behind: the time the box was off while nobody vouched for its clock. */
  #behindMs = 0;
  #aliveMs: number;

  constructor(box: Box, model: Model) {
    this.#box = box;
    this.#model = model;
    this.#aliveMs = box.scheduler.nowMs;
  }

  /** Something happened to a root, or (without one) to the daemon: nothing is owed before all has been well again for a while. */
  upset(rootId?: string): void {
    if (rootId === undefined) this.#wellSince.clear();
    else this.#wellSince.delete(rootId);
  }

  /** The box starts again after having been off: by how much `r` is behind until somebody vouches for the clock. */
  booted(): void {
    if (this.#box.site.clockTrust === 'rtc') return;
    this.#behindMs += this.#box.scheduler.nowMs - this.#aliveMs + MINUTE_MS;
  }

  get clockInDoubt(): boolean {
    return this.#box.clock.wrongMs !== 0 || this.#behindMs > 0;
  }

  /** Twice a minute. */
  look(): void {
    const { scheduler, daemon, clock, site } = this.#box;
    if (daemon?.serving !== true) {
      this.upset();
      return;
    }
    // A minute's tick lies between two looks that both find the clock vouched for.
    if (clock.synchronised && this.#vouched) this.#behindMs = 0;
    this.#vouched = clock.synchronised;
    this.#aliveMs = scheduler.nowMs;
    for (const { id } of site.roots) {
      if (!this.#isWell(id)) this.#wellSince.delete(id);
      else if (!this.#wellSince.has(id)) this.#wellSince.set(id, scheduler.nowMs);
    }
    for (const fact of this.#model.clips.values()) this.#lookAt(fact);
  }
  #vouched = false;

  #isWell(rootId: string): boolean {
    const { disks, site, kernel, hung, daemon } = this.#box;
    const disk = disks.get(rootId);
    const root = site.roots.find((r) => r.id === rootId);
    const view = daemon?.roots.list().find((r) => r.id === rootId);
    // A call that did not return is a named state too, until the disk is mounted again.
    if (hung && view?.state === 'failing') return false;
    if (disk === undefined || root === undefined || this.#model.adopting.has(rootId)) return false;
    return kernel.mounted(root.path)?.disk === disk && disk.isWell;
  }

  #lookAt(fact: ClipFact): void {
    if (fact.goneMs !== undefined) return;
    if (fact.seenMs === undefined) this.#see(fact);
    // Whatever else delays it: nothing is owed before its time.
    if (fact.endedMs === undefined || this.#box.scheduler.nowMs < fact.endedMs + RETENTION_MS) return;
    const owedMs = this.#owedMs(fact, fact.endedMs);
    const lateMs = this.#box.scheduler.nowMs - owedMs;
    if (lateMs > 0)
      throw new Violation('I2', `${fact.path} is ${String(lateMs / 1000)} s beyond the five minutes`);
  }

  #see(fact: ClipFact): void {
    if (this.clockInDoubt) fact.troubled = true;
    // Recorded under one wrong clock and first seen finished under another: see docs/design/simulation.md.
    if (this.#box.clock.wrongMs !== fact.wrongMs) fact.seemsOlderMs = Math.max(0, -fact.wrongMs);
    if (fact.endedMs !== undefined && this.#model.isIndexed(fact)) fact.seenMs = this.#box.scheduler.nowMs;
  }

  /** True time at which a clip must be gone; Infinity while nothing is owed. */
  #owedMs(fact: ClipFact, endedMs: number): number {
    const since = this.#wellSince.get(fact.rootId);
    if (since === undefined || fact.refused) return Infinity;
    const holds = this.#model.holds.filter((h) => mayTouch(h, fact, this.#box.scheduler.nowMs));
    if (holds.some((h) => h.endedMs === undefined)) return Infinity;
    const finishedMs = endedMs + (fact.cut ? ABANDONED_MS : 0);
    const known = fact.seenMs ?? Math.max(finishedMs, since) + FOUND_MS;
    const from = fact.troubled ? known + BELIEVED_MS : endedMs;
    const dueMs = from + RETENTION_MS + this.#behindMs + SECOND_MS;
    const freeMs = Math.max(since, ...holds.map((h) => h.endedMs ?? 0)) + NOTICE_MS;
    return Math.max(dueMs, known, freeMs) + ON_TIME_MS;
  }
}
