/** How the last looks through the roots went, for the status page and the alarms. Since this start. */
import type { ScanReport } from '../ingest/report.ts';

export interface ScanFacts {
  /** Of the last reconcile; `discarded`: the disk was not the same after it, and nothing was concluded. Null: none yet. */
  readonly lastScan: ScanReport['outcome'] | null;
  /** Directories that could not be listed. Nothing is known of what lies in them. */
  readonly unreadableDirs: number;
  /** Since when there are any (retention clock); null: there are none. */
  readonly unreadableSinceMs: number | null;
}

const NEVER: ScanFacts = { lastScan: null, unreadableDirs: 0, unreadableSinceMs: null };

export class Scans {
  readonly #facts = new Map<string, ScanFacts>();

  of(rootId: string): ScanFacts {
    return this.#facts.get(rootId) ?? NEVER;
  }

  /** `whole`: all directories had their turn; a listing of the open ones says nothing of the others. */
  note(rootId: string, report: ScanReport, at: { readonly whole: boolean; readonly nowMs: number }): void {
    const { outcome, unreadableDirs } = report;
    if (outcome === 'done' && !at.whole) return;
    const before = this.of(rootId);
    if (outcome !== 'done') {
      this.#facts.set(rootId, { ...before, lastScan: outcome });
      return;
    }
    const unreadableSinceMs = unreadableDirs === 0 ? null : (before.unreadableSinceMs ?? at.nowMs);
    this.#facts.set(rootId, { lastScan: outcome, unreadableDirs, unreadableSinceMs });
  }
}
