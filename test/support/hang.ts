/** Longer than a test takes on the busiest machine, in milliseconds: what takes longer hangs. Nothing else follows from it. */
export const HANG_MS = 300_000;
/** The same for one process of a test: it ends before its test does, which can then say what hung. */
export const PROCESS_HANG_MS = HANG_MS / 2;
/** The same for one wait of a test that has no limit of its own: it ends before the test does, and can say what did not come. */
export const WAIT_MS = 100_000;

/**
 * Looks again until `probe` answers, for what happens in other threads and processes. Rejects after {@link WAIT_MS},
 * with what `said` gives: a test that never ends tells nobody what it waited for.
 */
export async function until<T>(
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  said: () => string = () => '',
): Promise<T> {
  const end = performance.now() + WAIT_MS;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end)
      throw new Error(`not so after ${String(WAIT_MS / 1000)} s: ${String(probe)} ${said()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
