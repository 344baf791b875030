/** Limits of what a scan posts, and how it reports. */

/** Changes of one piece: what the index takes by one statement. */
export const PIECE_CHANGES = 50;
/** Pieces posted at once: some ten milliseconds on the main thread, and one fsync. */
export const BATCH_PIECES = 5;
/** Batches posted and not yet applied, beside those of the names in hand. */
export const MAX_OUTSTANDING = 3;

/** How a task of the scan ended. */
export interface ScanReport {
  /** `discarded`: the root was not the same after the walk: what seemed missing was not compared. */
  readonly outcome: 'done' | 'discarded' | 'refused';
  /** Why it was refused or discarded; for the log. */
  readonly why: string | null;
  readonly files: number;
  readonly dirs: number;
  /** Changes posted, `listed` and `unowned` not counted: 0 when nothing changed outside (I18). */
  readonly changes: number;
  /** Finished clips that were not found. */
  readonly missing: number;
  /** More are missing at once than a recorder takes away: nothing of it is believed before the third scan. */
  readonly massLoss: boolean;
  /** Directories that could not be listed, and names that could not be looked at: each may be a directory. */
  readonly unreadableDirs: number;
  /** Files that are nobody's, in the directories that were listed: all of them when `full`. */
  readonly unowned: number;
  readonly full: boolean;
}

export const REFUSED_REPORT: ScanReport = {
  outcome: 'refused',
  why: null,
  files: 0,
  dirs: 0,
  changes: 0,
  missing: 0,
  massLoss: false,
  unreadableDirs: 0,
  unowned: 0,
  full: false,
};
