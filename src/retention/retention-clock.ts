/**
 * The retention clock `r`: the time by which footage is due. It is never ahead of true time and never goes back (but
 * once, when a first start without time source had guessed too late a time and the clock is set right).
 *
 * Within a boot it advances with the boot clock, whatever the wall clock does. A wall clock that is ahead of it is
 * believed only (a) when the system says it is synchronised, (b) when an administrator confirms it, (c) up to 60 days
 * after a reboot when the site trusts its battery clock, (d) otherwise up to 15 minutes in 24 hours of `r`. Until then the gap stands
 * as a doubt (SUSPECT): deletions are later than they should be, never earlier.
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
}

export type ClockEvent =
  /** The gap was believed; times taken in doubt move by it. */
  | {
      readonly kind: 'accepted';
      readonly byMs: number;
      readonly rule: 'synchronised' | 'confirmed' | 'rtc' | 'budget';
    }
  | { readonly kind: 'doubt_began'; readonly gapMs: number }
  | { readonly kind: 'doubt_ended' };

export interface ClockStore {
  load(): ClockRow | undefined;
  /** Saves the row; with events, in one transaction with their records and the move of provisional times. */
  save(row: ClockRow, events: readonly ClockEvent[]): void;
}

export interface ClockPolicy {
  readonly trust: 'synchronised' | 'rtc';
  /** Whether the system's clock is synchronised now (timesyncd, chrony). */
  readonly synchronised: () => boolean;
}

export class RetentionClock {
  readonly #clock: Clock;
  readonly #store: ClockStore;
  readonly #policy: ClockPolicy;
  #row: ClockRow;
  /** The gap that a reboot left may be believed of a battery clock; a step within a boot never: the boot clock knows better. */
  #rebooted: boolean;

  constructor(clock: Clock, store: ClockStore, policy: ClockPolicy) {
    this.#clock = clock;
    this.#store = store;
    this.#policy = policy;
    const saved = store.load();
    this.#rebooted = saved !== undefined && saved.bootId !== clock.bootId();
    this.#row = resume(clock, saved);
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

  /** Whether times that recorders write (names, mtimes) are believed now. */
  timesBelievable(): boolean {
    return Math.abs(this.gapMs()) <= DOUBT_MS;
  }

  get suspect(): boolean {
    return this.#row.suspectSinceMs !== null;
  }

  get synchronised(): boolean {
    return this.#policy.synchronised();
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

  #acceptable(): { byMs: number; rule: 'synchronised' | 'rtc' | 'budget' } {
    const gap = this.gapMs();
    if (!this.#row.anchored && this.#policy.synchronised()) return { byMs: gap, rule: 'synchronised' };
    if (gap <= 0) return { byMs: 0, rule: 'budget' };
    if (this.#policy.synchronised()) return { byMs: gap, rule: 'synchronised' };
    if (this.#policy.trust === 'rtc' && this.#rebooted && gap <= RTC_TRUST_MS)
      return { byMs: gap, rule: 'rtc' };
    const left = BUDGET_MS - this.#budget(this.nowMs()).used;
    return { byMs: gap <= left ? gap : 0, rule: 'budget' };
  }

  #budget(rMs: number): { from: number; used: number } {
    const { budgetFromMs, budgetUsedMs } = this.#row;
    return rMs - budgetFromMs >= DAY_MS ? { from: rMs, used: 0 } : { from: budgetFromMs, used: budgetUsedMs };
  }

  #advance(accept: { byMs: number; rule: 'synchronised' | 'confirmed' | 'rtc' | 'budget' }): void {
    const before = this.nowMs();
    const rMs = before + accept.byMs;
    const wallMs = this.#clock.wallMs();
    const budget = this.#budget(before);
    const remaining = wallMs - rMs;
    const doubt = Math.abs(remaining) > DOUBT_MS;
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
    };
    // Saved first: `r` must not advance in memory while the times that go with it stayed behind.
    this.#store.save(row, events);
    this.#row = row;
  }

  #events(
    accept: { byMs: number; rule: 'synchronised' | 'confirmed' | 'rtc' | 'budget' },
    doubt: boolean,
    gapMs: number,
  ): ClockEvent[] {
    const events: ClockEvent[] = [];
    if (accept.byMs > JITTER_MS || (accept.rule === 'confirmed' && accept.byMs > 0)) {
      events.push({ kind: 'accepted', byMs: accept.byMs, rule: accept.rule });
    }
    if (doubt && !this.suspect) events.push({ kind: 'doubt_began', gapMs });
    if (!doubt && this.suspect) events.push({ kind: 'doubt_ended' });
    return events;
  }
}

/**
 * The value to go on from. In the same boot nothing was lost. After a reboot the box has been up for at least its boot
 * time; how long it was off only the wall clock says, and that is a gap to be accepted or not. A first start has
 * nothing to contradict the wall clock; first contact (adoption) is what protects footage then.
 */
function resume(clock: Clock, saved: ClockRow | undefined): ClockRow {
  const at = { bootId: clock.bootId(), bootMs: clock.bootMs(), wallMs: clock.wallMs() };
  if (saved === undefined) {
    const rMs = at.wallMs;
    return { ...at, rMs, budgetFromMs: rMs, budgetUsedMs: 0, suspectSinceMs: null, anchored: false };
  }
  const passed = saved.bootId === at.bootId ? Math.max(0, at.bootMs - saved.bootMs) : at.bootMs;
  return { ...saved, ...at, rMs: saved.rMs + passed };
}
