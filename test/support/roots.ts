/** Roots as tests make them, without a person who replaces their disks. */
import { observe } from '../../src/disk/root-probe.ts';
import type { Found } from '../../src/roots/contract.ts';
import type { RootRecord } from '../../src/roots/state.ts';

/** A root that is enrolled and well. */
export const ENROLLED: RootRecord = {
  id: 'nvr',
  path: '/srv/nvr',
  rootUuid: 'root-1',
  state: 'online',
  stateSinceMs: 0,
  adoptionSinceMs: null,
  adoptionConfirmed: false,
  trustNames: false,
  failing: null,
  recovery: null,
};

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
