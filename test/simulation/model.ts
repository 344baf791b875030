/**
 * What must be true at every step: I1 to I5 and I10 of docs/design/invariants.md, I2 and I3 by true time. The model
 * hears of every unlink before it happens and of every terminal record when it is written, and looks around each minute.
 */
import { MINUTE_MS, SECOND_MS } from '../../src/base/clock.ts';
import { hashPath } from '../../src/db/retention/sweep.ts';
import type { Outcome } from '../../src/retention/erasure.ts';
import { isGone } from '../../src/retention/delete-protocol.ts';
import type { Box } from './box.ts';
import { checkChain, checkIntent, isIndexed, liveIds, missedClips, receiptPath } from './chain.ts';
import type { Daemon } from './daemon.ts';
import { BELIEVED_MS, touches, Violation, type ClipFact, type HoldFact } from './facts.ts';
import type { Place } from './kernel.ts';
import type { Inode } from './sim-disk.ts';
import { readMovie } from './threads.ts';
import { COOLING_OFF_MS, HASH_KEY, RETENTION_MS } from './site.ts';

/** Names have whole seconds, and clocks that agree may differ by two. */
const JITTER_MS = 3 * SECOND_MS;

export class Model {
  readonly #box: Box;
  readonly clips = new Map<Inode, ClipFact>();
  readonly holds: HoldFact[] = [];
  /** Files that are nobody's clip: no unlink may ever meet them. */
  readonly strangers = new Set<Inode>();
  /** Roots whose footage waits for a person's word. */
  readonly adopting = new Set<string>();
  readonly #byHash = new Map<string, ClipFact[]>();
  /** Unlinks by the daemon so far, for the figures of a run. */
  unlinks = 0;

  constructor(box: Box) {
    this.#box = box;
    box.kernel.events.unlinking = (place, _dir, name) => {
      this.#unlinking(place, name);
    };
  }

  addClip(fact: ClipFact): void {
    this.clips.set(fact.inode, fact);
    const hash = hashPath(HASH_KEY, fact.rootId, fact.path).toString('hex');
    this.#byHash.set(hash, [...(this.#byHash.get(hash) ?? []), fact]);
  }

  /** I1, I3, I4, I6: before a name goes. */
  #unlinking({ inode, mount }: Place, name: string): void {
    const fact = this.clips.get(inode);
    if (fact === undefined) {
      if (this.strangers.has(inode)) this.#broken('I6', `unlinked ${name}, which is nobody's clip`);
      return;
    }
    const disk = this.#box.disks.get(fact.rootId);
    if (mount.disk !== disk || mount.root !== disk.root)
      this.#broken('I6', `unlinked ${fact.path} by way of another mount`);
    this.#notEarly(fact);
    this.#notHeld(fact);
    const intent = checkIntent(this.#box.index.forModel, fact);
    if (intent !== undefined) this.#broken('I4', intent);
    if (this.adopting.has(fact.rootId))
      this.#broken('I3', `unlinked ${fact.path} before its root was adopted`);
    fact.goneMs = this.#box.scheduler.nowMs;
    fact.goneBy = 'daemon';
    this.unlinks += 1;
    this.#box.scheduler.tell(`unlinked ${fact.rootId}/${fact.path}`);
  }

  #notEarly(fact: ClipFact): void {
    const { nowMs } = this.#box.scheduler;
    // One that still grows is judged by its beginning: what is finished too early is another matter.
    const dueMs =
      (fact.endedMs ?? fact.begunMs) + RETENTION_MS - fact.seemsOlderMs - this.aheadMs() - JITTER_MS;
    if (nowMs < dueMs)
      this.#broken('I3', `unlinked ${fact.path} ${String((dueMs - nowMs) / 1000)} s too early`);
  }

  #notHeld(fact: ClipFact): void {
    const hold = this.holds.find((h) => this.mustBind(h) && touches(h, fact));
    if (hold !== undefined)
      this.#broken('I1', `unlinked ${fact.path} under the hold ${hold.holdId ?? hold.key}`);
  }

  /** By how much the retention clock is ahead of true time: bounded by another check. */
  aheadMs(): number {
    const daemon = this.#box.daemon;
    return daemon === undefined ? 0 : Math.max(0, daemon.retention.nowMs() - this.#box.scheduler.nowMs);
  }

  /** From its acknowledgement until its release and the cooling-off, by the retention clock. */
  mustBind(hold: HoldFact): boolean {
    if (hold.ackedMs === undefined) return false;
    return hold.releaseAskedR === undefined || this.#r() < hold.releaseAskedR + COOLING_OFF_MS;
  }

  /** From the first attempt to place it until its release is acknowledged and cooled off. */
  mayBind(hold: HoldFact): boolean {
    return hold.releaseAckedR === undefined || this.#r() < hold.releaseAckedR + COOLING_OFF_MS;
  }

  #r(): number {
    return this.#box.daemon?.retention.nowMs() ?? -Infinity;
  }

  /** I5, X and I9: when a terminal record has been written. */
  outcomes(daemon: Daemon, outcomes: readonly Outcome[]): void {
    for (const { clip, outcome } of outcomes) this.#box.scheduler.tell(`${outcome}: clip ${String(clip.id)}`);
    for (const { clip, outcome } of outcomes.filter(isGone)) {
      const hash = receiptPath(this.#box.index.forModel, clip.id);
      if (hash === undefined) this.#broken('I4', `clip ${String(clip.id)} went without a receipt`);
      for (const fact of this.#byHash.get(hash ?? '') ?? []) {
        if (this.#box.disks.get(fact.rootId)?.durablePath(fact.path) === fact.inode)
          this.#broken('I5', `${outcome} claimed of ${fact.path}, which a power cut brings back`);
      }
      if (this.watching.get(clip.id) === daemon)
        this.#broken('I9', `clip ${String(clip.id)} is watched after its terminal record`);
    }
  }

  /** Clips somebody is watching. */
  readonly watching = new Map<number, Daemon>();

  /** A placement was answered: it is durable, and in a second place as well when one is there. */
  acknowledged(hold: HoldFact): void {
    const { daemon } = this.#box;
    if (daemon !== undefined) this.#holdStands(daemon, hold);
  }

  /** Whether the index knows a clip as finished. */
  isIndexed(fact: ClipFact): boolean {
    return isIndexed(this.#box.index.forModel, fact);
  }

  /** Finished clips the index has. */
  liveIds(): number[] {
    return liveIds(this.#box.index.forModel);
  }

  /** Twice a minute: which holds have ended, and whether anything is missed that never went. */
  follow(): void {
    for (const { rootId, path } of missedClips(this.#box.index.forModel)) {
      const facts = [...this.clips.values()].filter((c) => c.rootId === rootId && c.path === path);
      if (facts.some((c) => c.goneMs === undefined && !c.disturbed))
        this.#broken('I5', `${path} is called missing, and was there all the time`);
    }
    for (const hold of this.holds) {
      if (!this.mayBind(hold)) hold.endedMs ??= this.#box.scheduler.nowMs;
    }
  }

  /** After a power cut: what came back, and what was lost. */
  afterCut(): void {
    for (const [inode, fact] of this.clips) {
      const kept = readMovie(inode.bytes);
      if (kept?.whole !== true) fact.cut = true;
      // What is left may be what was there when it began.
      if (kept?.ended !== true && fact.endedMs !== undefined) fact.endedMs = fact.begunMs;
      const there = this.#box.disks.get(fact.rootId)?.path(fact.path) === inode;
      if (there && fact.goneMs !== undefined) {
        this.#box.scheduler.tell(`came back: ${fact.rootId}/${fact.path}`);
        fact.goneMs = undefined;
        fact.goneBy = undefined;
        fact.disturbed = true;
      } else if (!there && fact.goneMs === undefined) {
        this.#box.scheduler.tell(`lost: ${fact.rootId}/${fact.path}`);
        fact.goneMs = this.#box.scheduler.nowMs;
        fact.goneBy = 'other';
      }
    }
  }

  /** I4, I5, I10 and the clock, when a daemon has started, each minute, and at the end. */
  look(): void {
    const { daemon, scheduler } = this.#box;
    if (daemon?.serving !== true) return;
    const wrong = checkChain(this.#box.index.forModel, this.clips.values(), this.#byHash);
    if (wrong !== undefined) this.#broken(wrong.invariant, wrong.message);
    for (const hold of this.holds) this.#holdStands(daemon, hold);
    const ahead = daemon.retention.nowMs() - scheduler.nowMs;
    if (ahead > BELIEVED_MS + JITTER_MS)
      this.#broken('I16', `the retention clock is ${String(ahead / MINUTE_MS)} min ahead of true time`);
  }

  /** I10: what was acknowledged is known to every later life. */
  #holdStands(daemon: Daemon, hold: HoldFact): void {
    if (hold.ackedMs === undefined || hold.holdId === undefined) return;
    const known = daemon.state.holdSet.get(hold.holdId);
    if (known === undefined) {
      this.#broken('I10', `the hold ${hold.holdId} is forgotten`);
      return;
    }
    if (hold.releaseAskedR === undefined && known.releasedMs !== null)
      this.#broken('I10', `the hold ${hold.holdId} was released by nobody`);
    if (hold.releaseAckedR !== undefined && known.releasedMs === null)
      this.#broken('I10', `the release of ${hold.holdId} is forgotten`);
    const bytes = this.#box.stateDisk.durablePath('holds.journal');
    if (bytes === undefined || !(bytes.durableBytes ?? bytes.bytes).includes(hold.holdId))
      this.#broken('I10', `the hold ${hold.holdId} would not survive a power cut`);
  }

  /** The run ends with the first: nothing is thrown into the product, which might take it for trouble of a disk. */
  #broken(invariant: string, message: string): void {
    this.#box.scheduler.failure ??= new Violation(invariant, message);
  }
}
