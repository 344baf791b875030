/** A root as the rest of the program sees it. */
import type { RootView } from './contract.ts';
import type { Seen } from './seen.ts';
import { adoptionPending, blockedBy, type RootRecord } from './state.ts';
import { judgeStorage, tellsNoEvents } from './storage.ts';

/** `nowMs`: retention clock. */
export function viewOf(record: RootRecord, seen: Seen, nowMs: number): RootView {
  const { id, path, state, trustNames } = record;
  const { why, cause, storage, selfTest } = seen;
  return {
    id,
    path,
    state,
    why,
    cause,
    sinceMs: record.stateSinceMs,
    blocked: blockedBy(state),
    adoptionSinceMs: adoptionPending(record, nowMs) ? record.adoptionSinceMs : null,
    trustNames,
    eventless: storage !== undefined && tellsNoEvents(storage.fsType),
    selfTest,
    storage: storage === undefined ? null : judgeStorage(storage, selfTest?.clones ?? null),
  };
}
