import { vi } from 'vitest';

/**
 * Does it with a clock that stands still: a busy machine must not decide whether a limit of time is met. Synchronous
 * work only.
 */
export function unhurried<T>(work: () => T): T {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now());
  try {
    return work();
  } finally {
    clock.mockRestore();
  }
}
