/** Rows of the list of unowned files per root; root.unowned_files counts beyond. */
export const MAX_UNOWNED = 10_000;
/** Candidate intervals kept per clip; beyond it the closest are joined, so that they only ever cover more. */
export const MAX_INTERVALS = 16;
