/**
 * The retention clock `r`: the time by which footage is due. It is never ahead of true time and never goes back (but
 * once, when a first start without time source had guessed too late a time and the clock is set right).
 *
 * Within a boot it advances with the boot clock, whatever the wall clock does. A wall clock that is ahead of it is
 * believed only (a) when the system says it is synchronised, (b) when an administrator confirms it, (c) up to 60 days
 * after a reboot when the site trusts its battery clock, (d) otherwise up to 15 minutes in 24 hours of `r`. Until then
 * the gap stands as a doubt (SUSPECT): deletions are later than they should be, never earlier.
 *
 * A box that was switched off and restores its clock from a file comes back with both clocks equally late, and no doubt
 * shows. So the clock is sure only at the moments in which a time source, a person or a trusted battery clock has
 * vouched for it, and from there to the end of that boot. What was recorded later than it was last sure moves when a
 * gap is accepted.
 */
import { DAY_MS, MINUTE_MS, type Clock } from '../base/clock.ts';

/** Beyond this difference of wall and `r`, times written by recorders are not believed. */
export const DOUBT_MS = 15 * MINUTE_MS;
const BUDGET_MS = 15 * MINUTE_MS;
const RTC_TRUST_MS = 60 * DAY_MS;
/** Gaps below this are the ordinary jitter of two clocks and are taken over without a word. */
const JITTER_MS = 2000;

export interface ClockRow {
  readonly rMs: number;
  readonly bootId: string;
  readonly bootMs: number;
  readonly wallMs: number;
  readonly budgetFromMs: number;
  readonly budgetUsedMs: number;
  readonly suspectSinceMs: number | null;
  /** Whether the clock was ever synchronised or confirmed. Until then a first start's guess may still be set right. */
  readonly anchored: boolean;
  /** Whether it was vouched for in this boot. */
  readonly vouched: boolean;
  readonly sure: Sure;
}

/** Where the clock was last sure: what was recorded before this is dated right. */
export interface Sure {
  /** What was recorded later carries no earlier time. */
  readonly fromMs: number;
  /** The newest clip of the index then. */
  readonly clipId: number;
  /** How far the wall clock has been behind `r` since and was believed: so much too early such a time can be, besides the gap. */
  readonly behindMs: number;
}

type Rule = 'synchronised' | 'confirmed' | 'rtc' | 'budget';

export type ClockEvent =
  /** The gap was believed; `since`: what was recorded after it moves by the gap. Null: nothing moves. */
  | { readonly kind: 'accepted'; readonly byMs: number; readonly rule: Rule; readonly since: Sure | null }
  | { readonly kind: 'doubt_began'; readonly gapMs: number }
  | { readonly kind: 'doubt_ended' };

export interface ClockStore {
  load(): ClockRow | undefined;
  /** The highest id of a clip; 0 when there was none. */
  newestClip(): number;
  /** Saves the row; with events, in one transaction with their records and the move of what was recorded in doubt. */
  save(row: ClockRow, events: readonly ClockEvent[]): void;
}

export interface ClockPolicy {
  readonly trust: 'synchronised' | 'rtc';
  /**
   * Boot time at which a time source (timesyncd, chrony) was last heard to have set or checked the system's clock; null:
   * none was, or the wall clock has been stepped since.
   */
  readonly checkedBootMs: () => number | null;
}

export class RetentionClock {
  readonly #clock: Clock;
  readonly #store: ClockStore;
  readonly #policy: ClockPolicy;
  #row: ClockRow;
  /** The gap that a reboot left may be believed of a battery clock; a step within a boot never: the boot clock knows better. */
  #rebooted: boolean;
  /** The word of the time source by which the clock was last sure; an older one says nothing new. */
  #heardBootMs = -Infinity;

  constructor(clock: Clock, store: ClockStore, policy: ClockPolicy) {
    this.#clock = clock;
    this.#store = store;
    this.#policy = policy;
    const saved = store.load();
    this.#rebooted = saved?.bootId !== clock.bootId();
    this.#row = resume(clock, saved, () => store.newestClip());
    this.tick();
    this.#rebooted = false;
  }

  /** Now, UTC ms, by the retention clock. */
  nowMs(): number {
    return this.#row.rMs + Math.max(0, this.#clock.bootMs() - this.#row.bootMs);
  }

  /**
   * The latest it can be now: what is noted as first seen must not be earlier than it was, or it would be due too
   * early. A gap that is not accepted yet counts while it is too small to be a doubt.
   */
  latestMs(): number {
    return this.nowMs() + Math.min(Math.max(this.gapMs(), 0), DOUBT_MS);
  }

  /** Wall minus `r`: positive when footage is kept longer than the wall clock says. */
  gapMs(): number {
    return this.#clock.wallMs() - this.nowMs();
  }

  /** What is stored, UTC ms; null until the clock was set right for the first time: a guess may still go back. */
  get storedMs(): number | null {
    return this.#row.anchored ? this.#row.rMs : null;
  }

  /** Whether times that recorders write (names, mtimes) are believed now. */
  timesBelievable(): boolean {
    return Math.abs(this.gapMs()) <= DOUBT_MS;
  }

  get suspect(): boolean {
    return this.#row.suspectSinceMs !== null;
  }

  get synchronised(): boolean {
    return this.#policy.checkedBootMs() !== null;
  }

  /** Advances and saves; called at start, each minute and before a sweep. */
  tick(): void {
    this.#advance(this.#acceptable());
  }

  /** Rule (b): a person says that the wall clock is right. Returns by how much `r` moved. */
  confirm(): number {
    const gap = this.#row.anchored ? Math.max(0, this.gapMs()) : this.gapMs();
    this.#advance({ byMs: gap, rule: 'confirmed' });
    return gap;
  }

  #acceptable(): Acceptance {
    const gap = this.gapMs();
    if (this.synchronised) return { byMs: this.#row.anchored ? Math.max(0, gap) : gap, rule: 'synchronised' };
    const battery = this.#policy.trust === 'rtc' && this.#rebooted;
    if (battery && gap >= -DOUBT_MS && gap <= RTC_TRUST_MS) return { byMs: Math.max(0, gap), rule: 'rtc' };
    if (gap <= 0) return { byMs: 0, rule: 'budget' };
    const left = BUDGET_MS - this.#budget(this.nowMs()).used;
    return { byMs: gap <= left ? gap : 0, rule: 'budget' };
  }

  #budget(rMs: number): { from: number; used: number } {
    const { budgetFromMs, budgetUsedMs } = this.#row;
    return rMs - budgetFromMs >= DAY_MS ? { from: rMs, used: 0 } : { from: budgetFromMs, used: budgetUsedMs };
  }

  #advance(accept: Acceptance): void {
    const before = this.nowMs();
    const rMs = before + accept.byMs;
    const wallMs = this.#clock.wallMs();
    const budget = this.#budget(before);
    const remaining = wallMs - rMs;
    const doubt = Math.abs(remaining) > DOUBT_MS;
    const sure = this.#vouches(accept.rule, remaining);
    const events = this.#events(accept, doubt, remaining);
    const row: ClockRow = {
      rMs,
      bootId: this.#clock.bootId(),
      bootMs: this.#clock.bootMs(),
      wallMs,
      budgetFromMs: budget.from,
      budgetUsedMs: budget.used + (accept.rule === 'budget' ? accept.byMs : 0),
      suspectSinceMs: doubt ? (this.#row.suspectSinceMs ?? rMs) : null,
      anchored: this.#row.anchored || accept.rule === 'synchronised' || accept.rule === 'confirmed',
      vouched: this.#row.vouched || sure,
      sure: sure ? sureAt(rMs, this.#store.newestClip()) : behindBy(-remaining, this.#row.sure),
    };
    // Saved first: `r` must not advance in memory while the times that go with it stayed behind.
    this.#store.save(row, events);
    this.#row = row;
    if (sure) this.#heardBootMs = this.#policy.checkedBootMs() ?? this.#heardBootMs;
  }

  /**
   * Whether the clock is sure after this. A time source must have spoken anew: what it said before, it said of another
   * moment.
   */
  #vouches(rule: Rule, remainingMs: number): boolean {
    if (rule === 'rtc') return true;
    if (Math.abs(remainingMs) > JITTER_MS) return false;
    return rule === 'confirmed' || (this.#policy.checkedBootMs() ?? -Infinity) > this.#heardBootMs;
  }

  #events(accept: Acceptance, doubt: boolean, gapMs: number): ClockEvent[] {
    const events: ClockEvent[] = [];
    if (Math.abs(accept.byMs) > JITTER_MS || (accept.rule === 'confirmed' && accept.byMs !== 0)) {
      // What rule (d) takes over is inside the error that it allows; footage is not dated anew for it.
      events.push({ kind: 'accepted', ...accept, since: accept.rule === 'budget' ? null : this.#row.sure });
    }
    if (doubt && !this.suspect) events.push({ kind: 'doubt_began', gapMs });
    if (!doubt && this.suspect) events.push({ kind: 'doubt_ended' });
    return events;
  }
}

interface Acceptance {
  readonly byMs: number;
  readonly rule: Rule;
}

/** Times are believed of a wall clock that is this much behind: what is recorded now may carry such a time. */
function sureAt(rMs: number, clipId: number): Sure {
  return { fromMs: rMs - DOUBT_MS, clipId, behindMs: 0 };
}

function behindBy(ms: number, sure: Sure): Sure {
  return ms > sure.behindMs && ms <= DOUBT_MS ? { ...sure, behindMs: ms } : sure;
}

/**
 * The value to go on from. In the same boot nothing was lost. After a reboot the box has been up for at least its boot
 * time; how long it was off only the wall clock says, and that is a gap to be accepted or not. A first start has
 * nothing to contradict the wall clock; first contact (adoption) is what protects footage then.
 */
function resume(clock: Clock, saved: ClockRow | undefined, newestClip: () => number): ClockRow {
  const at = { bootId: clock.bootId(), bootMs: clock.bootMs(), wallMs: clock.wallMs() };
  if (saved === undefined) {
    const rMs = at.wallMs;
    const fresh = {
      budgetFromMs: rMs,
      budgetUsedMs: 0,
      suspectSinceMs: null,
      anchored: false,
      vouched: false,
    };
    return { ...at, ...fresh, rMs, sure: sureAt(rMs, newestClip()) };
  }
  if (saved.bootId === at.bootId) {
    return { ...saved, ...at, rMs: saved.rMs + Math.max(0, at.bootMs - saved.bootMs) };
  }
  const rMs = saved.rMs + at.bootMs;
  // A boot in which somebody vouched was dated right to its end; the doubt begins with this one.
  const sure = saved.vouched ? sureAt(rMs, newestClip()) : saved.sure;
  return { ...saved, ...at, rMs, vouched: false, sure };
}
