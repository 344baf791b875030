/** Roots as tests make them, without a person who replaces their disks. */
import { observe } from '../../src/disk/root-probe.ts';
import type { Found } from '../../src/roots/contract.ts';

/** For roots of which nobody replaces the disk. */
export const NOTHING_TO_REPLACE = {
  onReplacing: (): Promise<void> => Promise.resolve(),
  onReplaced: (): Promise<void> => Promise.resolve(),
};

/** A directory without a marker, as it is seen now. */
export function fresh(path: string): Found {
  const seen = observe(path, false);
  if (seen.reach === 'none') throw new Error(seen.why);
  return seen;
}
