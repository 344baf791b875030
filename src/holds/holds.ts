/** Placing and releasing holds. The order of the steps is that of docs/design/invariants.md, "Holding". */
import type { TimeRange } from '../base/range.ts';
import type { CoverageReport } from './coverage-report.ts';
import type { HoldTerms, HoldVersion } from './hold.ts';

export interface PlacedHold {
  readonly hold: HoldVersion;
  readonly coverage: CoverageReport;
  /** True when the same request had been answered before: nothing was done again. */
  readonly replayed: boolean;
}

export interface Holds {
  /**
   * Binds at once. `key` makes a repeated request harmless: the same key with other terms is a `conflict`.
   * Throws `invalid`, `conflict`, or `hold_recorded_not_indexed` (in force from the journal, index follows).
   */
  place(
    terms: HoldTerms,
    request: { readonly by: string; readonly key: string | undefined },
  ): Promise<PlacedHold>;
  /** Ends a hold after the cooling-off. Throws `not_found`, or `conflict` when it is released already. */
  release(holdId: string, request: { readonly by: string; readonly reason: string }): Promise<HoldVersion>;
  /** The highest version of every hold, newest first. */
  current(): readonly HoldVersion[];
  /** All versions of one hold, oldest first; empty when there is none. */
  history(holdId: string): readonly HoldVersion[];
  /** What a hold over these cameras and this window would find; nothing is changed. */
  preview(cameraIds: readonly string[], window: TimeRange): Promise<CoverageReport>;
}
