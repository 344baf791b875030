/**
 * The retention clock `r`: the time by which footage is due. It is never ahead of true time and never goes back.
 *
 * Within a boot it advances with the boot clock, whatever the wall clock does. A wall clock that is ahead of it is
 * believed only (a) when the system says it is synchronised, (b) when an administrator confirms it, (c) up to 60 days
 * when the site trusts its battery clock, (d) otherwise up to 15 minutes in 24 hours of `r`. Until then the gap stands
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

  constructor(clock: Clock, store: ClockStore, policy: ClockPolicy) {
    this.#clock = clock;
    this.#store = store;
    this.#policy = policy;
    this.#row = resume(clock, store.load());
    this.tick();
  }

  /** Now, UTC ms, by the retention clock. */
  nowMs(): number {
    return this.#row.rMs + Math.max(0, this.#clock.bootMs() - this.#row.bootMs);
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
    const gap = Math.max(0, this.gapMs());
    this.#advance({ byMs: gap, rule: 'confirmed' });
    return gap;
  }

  #acceptable(): { byMs: number; rule: 'synchronised' | 'rtc' | 'budget' } {
    const gap = this.gapMs();
    if (gap <= 0) return { byMs: 0, rule: 'budget' };
    if (this.#policy.synchronised()) return { byMs: gap, rule: 'synchronised' };
    if (this.#policy.trust === 'rtc' && gap <= RTC_TRUST_MS) return { byMs: gap, rule: 'rtc' };
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
    this.#row = {
      rMs,
      bootId: this.#clock.bootId(),
      bootMs: this.#clock.bootMs(),
      wallMs,
      budgetFromMs: budget.from,
      budgetUsedMs: budget.used + (accept.rule === 'budget' ? accept.byMs : 0),
      suspectSinceMs: doubt ? (this.#row.suspectSinceMs ?? rMs) : null,
    };
    this.#store.save(this.#row, events);
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
    return { ...at, rMs: at.wallMs, budgetFromMs: at.wallMs, budgetUsedMs: 0, suspectSinceMs: null };
  }
  const passed = saved.bootId === at.bootId ? Math.max(0, at.bootMs - saved.bootMs) : at.bootMs;
  return { ...saved, ...at, rMs: saved.rMs + passed };
}
