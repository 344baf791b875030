/** What people do with holds. The order of the steps is that of docs/design/invariants.md, "Holding". */
import type { TimeRange } from '../base/range.ts';
import type { CoverageReport } from './coverage-report.ts';
import type { HoldTerms, HoldVersion, Scope } from './hold.ts';
import type { Case } from './hold-set.ts';

export interface PlacedHold {
  readonly hold: HoldVersion;
  readonly coverage: CoverageReport;
  /** True when the same request had been answered before: nothing was done again. */
  readonly replayed: boolean;
}

export interface Placing {
  readonly by: string;
  readonly key: string | undefined;
  /** An existing case the hold joins; the terms' own words about the case do not count then. Undefined: a case of its own. */
  readonly caseId?: string | undefined;
}

/** An act upon a hold as it stood at `version`. */
export interface Act {
  readonly holdId: string;
  readonly version: number;
  readonly by: string;
  /** Empty for a confirmation. */
  readonly reason: string;
}

export interface CaseChange {
  readonly version: number;
  readonly by: string;
  readonly reason: string;
  readonly title: string;
  readonly viewers: readonly string[];
}

/**
 * Every act throws `not_found`, or `conflict` when `version` is not the current one or the hold is over; the very same act
 * repeated is answered as the first time. Those that need a second person throw `forbidden` for the first.
 */
export interface Holds {
  /**
   * Binds at once. `key` makes a repeated request harmless: the same key with other terms is a `conflict`.
   * Throws `invalid`, `conflict`, `not_found` (the case), or `hold_recorded_not_indexed` (in force from the journal).
   */
  place(terms: HoldTerms, request: Placing): Promise<PlacedHold>;
  /** Binds more, at once; to be confirmed again. Throws as `place` does. */
  widen(act: Act, to: Scope): Promise<PlacedHold>;
  /** Somebody looked again: the hold goes on until the next review. */
  review(act: Act, reviewMs: number): Promise<HoldVersion>;
  confirm(act: Act): Promise<HoldVersion>;
  /** Asks for a release (`to` undefined) or a narrowing; a second person grants it. */
  ask(act: Act, to: Scope | undefined): Promise<HoldVersion>;
  /** What was asked happens: the hold, or what it gives up, ends after the cooling-off. */
  approve(act: Act): Promise<HoldVersion>;
  refuse(act: Act): Promise<HoldVersion>;
  /** Takes a request back, or a release that is cooling off. */
  withdraw(act: Act): Promise<HoldVersion>;
  /** Another title, or other people who need to know. Throws `conflict` when no hold of the case stands. */
  changeCase(caseId: string, change: CaseChange): Promise<Case>;
  /** The highest version of every hold, newest first. */
  current(): readonly HoldVersion[];
  /** The highest version of every case. */
  cases(): readonly Case[];
  /** As the decisions take them: every hold, and apart from it what a narrowing gave up. */
  inForce(): readonly HoldVersion[];
  /** All versions of one hold, oldest first; empty when there is none. */
  history(holdId: string): readonly HoldVersion[];
  /** What a hold covers now. Throws `not_found`. */
  coverage(holdId: string): Promise<CoverageReport>;
  /** What a hold over these cameras and this window would find; nothing is changed. */
  preview(cameraIds: readonly string[], window: TimeRange): Promise<CoverageReport>;
}
