/** What was seen of a root since the start; nothing of it outlives the process. */
import type { Marker, RootCause } from './root.ts';
import type { SelfTest } from './self-test.ts';
import type { HoldList, Judgement, Observation } from './state.ts';
import type { StorageFacts } from './storage.ts';

export interface Seen {
  place: string | undefined;
  why: string;
  cause: RootCause | null;
  storage: StorageFacts | undefined;
  /** The look that is under way. */
  looking: Promise<void> | undefined;
  /** The one that follows it. */
  next: Promise<void> | undefined;
  lock: { release(): void } | undefined;
  selfTest: SelfTest | null;
}

/** What was seen before the start proves nothing now. */
export const NOT_LOOKED: Judgement = { state: 'offline', why: 'not looked at yet', cause: 'not_looked' };

export function unseen(): Seen {
  const nothing = { place: undefined, storage: undefined, lock: undefined, selfTest: null };
  return { ...nothing, why: NOT_LOOKED.why, cause: 'not_looked', looking: undefined, next: undefined };
}

export function markerOf(seen: Observation): Marker | undefined {
  return seen.reach === 'open' && typeof seen.marker === 'object' ? seen.marker : undefined;
}

/** The end of the list, as a marker states it. */
export function lastHold(holds: HoldList): Pick<Marker, 'lastHoldSeq' | 'lastHoldMac'> {
  const lastHoldSeq = holds.length();
  const lastHoldMac = holds.macAt(lastHoldSeq);
  return { lastHoldSeq, ...(lastHoldMac !== undefined && { lastHoldMac }) };
}
