/** Taking the disk that lies in the place of another one, by a person's word (docs/decisions/0017). */
import { FortnightError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import type { RootsDeps } from './contract.ts';
import { isVault, type Marker } from './root.ts';
import { lastHold } from './seen.ts';
import {
  isAnotherDisk,
  knowsMoreHolds,
  type FoundMarker,
  type Judgement,
  type Observation,
} from './state.ts';

export interface Replacement {
  readonly rootId: string;
  readonly path: string;
  /** Where the person saw another disk. */
  readonly place: string;
  readonly actor: string;
}

/**
 * Enrols the disk and records it; throws `conflict`, `state_locked`, or what the disk or the index say, with everything
 * as it was. The marker is written first: after a crash in between the disk is another one still, and the word is given
 * again.
 */
export async function takeDisk(
  deps: RootsDeps,
  { rootId, path, place, actor }: Replacement,
  judge: (seen: Observation) => Judgement,
): Promise<void> {
  const { store, disk, installId, nowMs, holds } = deps;
  const seen = await disk.observe(path, false);
  if (seen.reach !== 'open' || seen.place !== place)
    throw new FortnightError('conflict', 'what lies there has changed since it was looked at');
  const { why, cause = null } = judge(seen);
  if (!isAnotherDisk(cause)) throw new FortnightError('conflict', `this disk cannot be taken: ${why}`);
  if (seen.writable !== 'yes')
    throw new FortnightError('conflict', 'the service may not write to that disk', {
      hint: 'give its user the right to write there, or mount it for writing, then take it again',
    });
  const marker: Marker = { format: 1, rootUuid: newId(), installId, ...lastHold(holds) };
  const theirs = lockOf(deps, path, seen.marker);
  try {
    await deps.onReplacing(rootId);
    await disk.enrol(path, marker, seen);
  } finally {
    theirs?.release();
  }
  store.diskReplaced(rootId, {
    actor,
    why,
    rootUuid: marker.rootUuid,
    nowMs: nowMs(),
    adopting: seen.holdsFiles && !isVault(rootId),
    recoverySeq: recoverySeq(seen.marker, deps),
  });
}

/** Nobody takes a disk away from an installation that is at work on it, such as a share that two machines mounted (I14). */
function lockOf({ lock }: RootsDeps, path: string, marker: FoundMarker): { release(): void } | undefined {
  if (typeof marker !== 'object') return undefined;
  const { rootUuid, installId } = marker;
  return lock({ path, rootUuid, installId });
}

/** A disk of this installation may know of holds that were lost here: then a facility manager looks first (I10). */
function recoverySeq(marker: FoundMarker, { installId, holds }: RootsDeps): number | null {
  if (typeof marker !== 'object' || marker.installId !== installId) return null;
  return knowsMoreHolds(marker, holds) ? marker.lastHoldSeq : null;
}
