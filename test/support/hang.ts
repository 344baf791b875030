/** Longer than a test takes on the busiest machine, in milliseconds: what takes longer hangs. Nothing else follows from it. */
export const HANG_MS = 600_000;
/** The same for one process of a test: it ends before its test does, which can then say what hung. */
export const PROCESS_HANG_MS = HANG_MS / 2;
/** The same for one wait of a test that has no limit of its own: it ends before the test does, and can say what did not come. */
export const WAIT_MS = 100_000;
