/** I1 at each unlink, I10 after each step, I4, I5 and I8 when a clip's end is recorded, and what must be left in the end. */
import { widen } from '../../../src/base/range.ts';
import type { Outcome } from '../../../src/retention/erasure.ts';
import { isGone } from '../../../src/retention/delete-protocol.ts';
import { checkChain, checkIntent, receiptPath } from '../chain.ts';
import { Violation, type ClipFact } from '../facts.ts';
import { journalWrong, mirrorWrong, wrongWith } from '../hold-checks.ts';
import type { HoldTruth } from '../hold-truth.ts';
import { durableLines, type Line } from '../journal-lines.ts';
import { copiesOn, holdOfPins, keptBy, leftOf, pinsOn, type Kept } from '../kept.ts';
import type { Place } from '../kernel.ts';
import type { Machine } from '../machine.ts';
import type { Inode, SimDisk } from '../sim-disk.ts';
import { HASH_KEY, RETENTION_MS } from '../site.ts';
import { hashPath } from '../../../src/db/retention/sweep.ts';
import type { SlimDaemon } from './slim-daemon.ts';
import { ROOT } from './slim-site.ts';

export class SlimModel {
  readonly #box: Machine<SlimDaemon>;
  readonly #footage: SimDisk;
  readonly clips = new Map<Inode, ClipFact>();
  readonly #byIno = new Map<bigint, ClipFact>();
  readonly #byHash = new Map<string, ClipFact[]>();
  readonly holds: HoldTruth[] = [];
  #lines: readonly Line[] = [];
  #known: unknown[] = [];
  #wasRestored = false;

  constructor(box: Machine<SlimDaemon>) {
    this.#box = box;
    this.#footage = box.disks.get(ROOT.id)!;
    box.kernel.events.unlinking = (place, dir, name) => {
      const kept = keptBy(name);
      if (kept === undefined) this.#unlinking(place);
      else this.#unlinkingKept(kept, dir, name);
    };
    // A clip that lives on as its copy has a pin of that.
    box.kernel.events.named = (inode, name) => {
      const fact = this.#byIno.get(keptBy(name)?.ino ?? -1n);
      if (fact !== undefined) this.#byIno.set(inode.ino, fact);
    };
  }

  addClip(fact: ClipFact): void {
    this.clips.set(fact.inode, fact);
    this.#byIno.set(fact.inode.ino, fact);
    this.#byHash.set(hashPath(HASH_KEY, fact.rootId, fact.path).toString('hex'), [fact]);
  }

  #unlinking({ inode }: Place): void {
    const fact = this.clips.get(inode);
    if (fact === undefined) return;
    this.#mayGo(fact, fact.path);
    const intent = checkIntent(this.#box.index.forModel, fact);
    if (intent !== undefined) this.broken('I4', intent);
    fact.goneMs = this.#box.scheduler.nowMs;
    fact.goneBy = 'daemon';
    this.#box.scheduler.tell(`unlinked ${fact.path}`);
  }

  /** A pin goes when its hold lets the clip go; a copy when all do. */
  #unlinkingKept(kept: Kept, dir: Inode, name: string): void {
    const fact = this.#byIno.get(kept.ino);
    if (fact === undefined || kept.is === 'half') return;
    const holdId = kept.is === 'pin' ? holdOfPins(this.#footage, dir) : undefined;
    const hold = this.#binding(fact).find((h) => holdId === undefined || h.holdId === holdId);
    if (hold !== undefined) this.broken('I1', `unlinked ${name} of ${fact.path} under the hold ${hold.key}`);
    this.#box.scheduler.tell(`unlinked ${name}`);
  }

  #mayGo(fact: ClipFact, what: string): void {
    const [hold] = this.#binding(fact);
    if (hold !== undefined) this.broken('I1', `${what} goes under the hold ${hold.holdId ?? hold.key}`);
    if (this.#box.scheduler.nowMs < dueMs(fact)) this.broken('I3', `${what} goes too early`);
  }

  #binding(fact: ClipFact): HoldTruth[] {
    const { nowMs } = this.#box.scheduler;
    return this.holds.filter((h) => h.mustBind(fact, nowMs));
  }

  /**
   * What must bind, or may: a placement that nobody was told of, a version that came back from a mirror with all the hold
   * ever bound, the last millisecond, which an interval has or has not.
   */
  #mayBeBound({ cameraId, intervals }: ClipFact): boolean {
    const { nowMs } = this.#box.scheduler;
    const wide = { cameraId, intervals: intervals.map((i) => widen(i, 1)) };
    return this.holds.some((h) => h.mustBind(wide, nowMs) || h.mayHold(wide, nowMs));
  }

  /** T1: what it has marked may go by what was acknowledged so far. */
  intended(daemon: SlimDaemon, intent: number): void {
    for (const { location } of daemon.store.pending(intent)) {
      const fact = this.#byIno.get(location.ino);
      if (fact !== undefined) this.#mayGo(fact, `by its intent ${fact.path}`);
    }
    this.#box.scheduler.tell('T1');
  }

  outcomes(outcomes: readonly Outcome[]): void {
    for (const { clip, outcome } of outcomes) {
      this.#box.scheduler.tell(`${outcome}: clip ${String(clip.id)}`);
      if (outcome === 'withdrawn_held') this.#livesOn(clip.id);
      if (!isGone({ outcome } as Outcome)) continue;
      const [left] = leftOf(this.#footage, clip.id);
      if (left !== undefined) this.broken('I8', `${left} outlives its clip`);
      const hash = receiptPath(this.#box.index.forModel, clip.id);
      for (const fact of this.#byHash.get(hash ?? '') ?? []) {
        if (this.#footage.durablePath(fact.path) === fact.inode)
          this.broken('I5', `${outcome} claimed of ${fact.path}, which a power cut brings back`);
      }
    }
  }

  /** Its name may be gone, and a power cut may have brought its pin or its copy back. */
  #livesOn(clipId: number): void {
    const pins = pinsOn(this.#footage).map((p) => p.pin);
    const kept = [...pins, ...copiesOn(this.#footage)].find((k) => k.clipId === clipId && k.is !== 'half');
    const fact = kept && this.#byIno.get(kept.ino);
    if (fact?.goneBy === 'daemon') fact.goneBy = 'other';
  }

  /** A version was answered for: it is in two places. */
  acknowledged(truth: HoldTruth): void {
    const wrong = journalWrong(this.#box.stateDisk, truth) ?? mirrorWrong(this.#footage, truth);
    if (wrong !== undefined) this.broken('I10', wrong);
  }

  /**
   * A daemon serves: what its journal has happened. `restored`: the state directory is that of a backup, and what was
   * done since is known from the mirrors only, which end nothing.
   */
  recovered(restored: boolean): void {
    const lines = durableLines(this.#box.stateDisk);
    this.#wasRestored ||= restored;
    for (const hold of this.holds) {
      const own = lines.filter((l) => l.holdId === hold.holdId);
      const [was, is] = [hold.top?.version ?? 0, own.at(-1)?.version ?? 0];
      if (is < was && !(restored && is > 0))
        this.broken('I10', `version ${String(was)} of ${hold.key} is lost`);
      hold.recovered(own);
    }
  }

  /** After each step: who serves knows what was acknowledged, and nothing else ends a hold. */
  look(): void {
    const { daemon, stateDisk } = this.#box;
    if (daemon?.serving !== true) return;
    const lines = durableLines(stateDisk);
    const known = this.holds.map((h) => (h.holdId === undefined ? undefined : daemon.holdSet.get(h.holdId)));
    if (lines === this.#lines && known.every((version, i) => version === this.#known[i])) return;
    [this.#lines, this.#known] = [lines, known];
    for (const [i, hold] of this.holds.entries()) {
      const wrong = wrongWith(hold, known[i], lines);
      if (wrong !== undefined) this.broken('I10', wrong);
    }
  }

  /** After a power cut: what came back, and what was lost. */
  afterCut(): void {
    for (const [inode, fact] of this.clips) {
      const there = this.#footage.path(fact.path) === inode;
      if (there && fact.goneMs !== undefined) {
        fact.goneMs = undefined;
        fact.goneBy = undefined;
      }
    }
  }

  /** When all is quiet: what is held is there with its pin, what is not is gone, and nothing else is kept. */
  conclude(): void {
    const wrong = checkChain(this.#box.index.forModel, this.clips.values(), this.#byHash);
    if (wrong !== undefined) this.broken(wrong.invariant, wrong.message);
    const pins = pinsOn(this.#footage);
    for (const fact of this.clips.values()) {
      if (this.#footage.path(fact.path) === fact.inode) this.#isRightlyThere(fact, pins);
      else if (fact.goneBy === undefined) this.broken('I1', `${fact.path} is gone by nobody`);
    }
    for (const { ino, is } of [...pins.map((p) => p.pin), ...copiesOn(this.#footage)]) {
      const fact = this.#byIno.get(ino);
      if (fact === undefined || !this.#mayBeBound(fact))
        this.broken('I8', `a ${is} of ${fact?.path ?? 'nothing'} is left`);
    }
  }

  #isRightlyThere(fact: ClipFact, pins: ReturnType<typeof pinsOn>): void {
    if (!this.#mayBeBound(fact)) this.broken('I2', `${fact.path} is bound by nothing and there`);
    // The index of a backup may call pins made that went since: `fortnight check` names those.
    if (this.#wasRestored) return;
    const pinned = (h: HoldTruth): boolean =>
      pins.some((p) => p.holdId === h.holdId && p.inode === fact.inode);
    const hold = this.#binding(fact).find((h) => !pinned(h));
    if (hold !== undefined) this.broken('I1', `${fact.path} has no pin of ${hold.key}`);
  }

  /** The run ends with the first: nothing is thrown into the product, which might take it for trouble of a disk. */
  broken(invariant: string, message: string): void {
    this.#box.scheduler.failure ??= new Violation(invariant, message);
  }
}

function dueMs(fact: ClipFact): number {
  return (fact.endedMs ?? 0) + RETENTION_MS;
}
