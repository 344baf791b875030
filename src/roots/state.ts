/**
 * What state a root is in, from what was seen of it. Pure. In doubt about a root nothing is deleted from it (I16), so
 * everything that is not plainly ours and writable has a state of its own.
 */
import { DAY_MS } from '../base/clock.ts';
import { isVault, type BlockedReason, type Marker, type RootCause, type RootState } from './root.ts';
import type { StorageFacts } from './storage.ts';

/** Without a person, footage that was there before us is adopted after this much retention time. */
export const ADOPTION_MS = DAY_MS;

/** What stands in the place of a marker. */
export type FoundMarker = Marker | 'none' | 'damaged';

/** What was seen at a root's path. */
export type Observation =
  | { readonly reach: 'none'; readonly why: string; readonly cause: RootCause }
  | {
      readonly reach: 'open';
      /** Directory and mount: another value is another disk, or the same one mounted again. */
      readonly place: string;
      readonly marker: FoundMarker;
      /** Its copy of the audit's head, as it stands there. */
      readonly head?: string;
      readonly writable: 'yes' | 'read_only' | 'refused';
      /** There is a regular file besides our own; looked for only while the root is not enrolled. */
      readonly holdsFiles: boolean;
      readonly storage: StorageFacts;
    };

/** What is remembered of a root. */
export interface RootRecord {
  readonly id: string;
  readonly path: string;
  /** Null until it is enrolled. */
  readonly rootUuid: string | null;
  readonly state: RootState;
  readonly stateSinceMs: number;
  /** Retention clock at first contact with footage; null when nothing waits to be adopted. */
  readonly adoptionSinceMs: number | null;
  readonly adoptionConfirmed: boolean;
  readonly trustNames: boolean;
  readonly failing: Failing | null;
  readonly recovery: Recovery | null;
}

/** The root had seen a later state than this installation has. It ends by a person, never by new holds. */
export interface Recovery {
  /** The highest number its marker showed since then. */
  readonly rootSeq: number;
  /** A facility manager confirmed the list of holds as it is; the marker is to be brought to its number. */
  readonly confirmed: boolean;
}

/** Where a call failed in a way that only mounting again can heal. */
export interface Failing {
  readonly place: string;
  readonly bootId: string;
  readonly why: string;
  readonly cause: Extract<RootCause, 'not_durable' | 'hangs'>;
}

export interface Surroundings {
  readonly installId: string;
  /** Retention clock. */
  readonly nowMs: number;
  readonly bootId: string;
  readonly holds: HoldList;
  readonly trail: AuditTrail;
  /** UUIDs of other roots of this installation. */
  readonly otherRoots: ReadonlySet<string>;
}

/** The versions of all holds this installation knows, numbered from 1. */
export interface HoldList {
  /** Number of the last one; 0 when there is none. */
  length(): number;
  /** What stands at a number (its mac, hex); undefined when nothing does. */
  macAt(seq: number): string | undefined;
}

/** How far this installation has come, for comparison with what a root was told. */
export interface AuditTrail {
  /**
   * The record up to which a root's copy of the head has seen more than there is, or other; undefined when all of it is
   * known, or when the copy is not of this installation.
   */
  beyond(head: string): number | undefined;
  /** The copy a root gets now. */
  head(): string;
}

export interface Judgement {
  readonly state: RootState;
  /** A sentence for the operator, without paths. */
  readonly why: string;
  /** Which of the things it was that lead to the state; absent where the state says it all. */
  readonly cause?: RootCause;
  /** As the record's; absent: as it was. */
  readonly recovery?: Recovery | null;
  /**
   * `enrol`: no marker, first contact; `take`: a marker of ours that the index does not know (a crash, or a new index);
   * `renumber`: the list of holds is confirmed, the root follows it.
   */
  readonly act?: 'enrol' | 'take' | 'renumber';
}

export function judgeRoot(record: RootRecord, seen: Observation, by: Surroundings): Judgement {
  const failing = stillFailing(record, seen, by);
  if (failing !== undefined) return { state: 'failing', why: failing.why, cause: failing.cause };
  if (seen.reach === 'none') return { state: 'offline', why: seen.why, cause: seen.cause };
  if (seen.marker === 'damaged') {
    const why = 'the marker cannot be read as one of Fortnight';
    return { state: 'foreign', why, cause: 'marker_damaged' };
  }
  if (seen.marker === 'none') return firstContact(record, seen);
  const stranger = foreignMarker(record, seen.marker, by);
  if (stranger !== undefined) return { state: 'foreign', ...stranger };
  const judged = ours(record, { ...seen, marker: seen.marker }, by);
  if (record.rootUuid !== null) return judged;
  const before = seen.head === undefined ? undefined : by.trail.beyond(seen.head);
  const why = before === undefined ? judged.why : `${judged.why}; a new index after record ${String(before)}`;
  return { ...judged, why, act: 'take' };
}

function stillFailing(record: RootRecord, seen: Observation, by: Surroundings): Failing | undefined {
  const { failing } = record;
  if (failing?.bootId !== by.bootId) return undefined;
  const elsewhere = seen.reach === 'open' && seen.place !== failing.place;
  return elsewhere ? undefined : failing;
}

function firstContact(record: RootRecord, seen: Extract<Observation, { reach: 'open' }>): Judgement {
  if (record.rootUuid !== null) {
    const why = 'the marker is missing: is the disk mounted?';
    return { state: 'offline', why, cause: 'marker_missing' };
  }
  if (seen.writable !== 'yes') return readOnly(seen.writable);
  // Whatever else lies where the vault is to be is none of our business, and never will be.
  if (isVault(record.id)) return { state: 'online', why: 'new', act: 'enrol' };
  if (!seen.holdsFiles) return { state: 'online', why: 'new and empty', act: 'enrol' };
  return { state: 'adopting', why: 'footage was there before Fortnight', act: 'enrol' };
}

function foreignMarker(
  record: RootRecord,
  marker: Marker,
  by: Surroundings,
): { why: string; cause: RootCause } | undefined {
  if (marker.installId !== by.installId)
    return { why: 'the marker is of another installation', cause: 'other_install' };
  if (by.otherRoots.has(marker.rootUuid))
    return { why: 'the marker is of another source of this installation', cause: 'other_source' };
  if (record.rootUuid !== null && marker.rootUuid !== record.rootUuid)
    return { why: 'the marker is of another root', cause: 'other_root' };
  return undefined;
}

function ours(
  record: RootRecord,
  seen: Extract<Observation, { reach: 'open' }> & { readonly marker: Marker },
  by: Surroundings,
): Judgement {
  if (seen.writable !== 'yes') return readOnly(seen.writable);
  const loss = lossOf(record, seen, by);
  const recovery = recoveryOf(record, seen.marker, loss !== undefined);
  if (recovery !== null) {
    const why = loss ?? 'the list of holds waits to be confirmed';
    return { state: 'recovery', why, recovery, ...(recovery.confirmed ? { act: 'renumber' } : {}) };
  }
  const taken = record.rootUuid === null && seen.holdsFiles && !isVault(record.id);
  if (taken || adoptionPending(record, by.nowMs))
    return { state: 'adopting', why: 'footage was there before Fortnight', recovery };
  return { state: 'online', why: 'as enrolled', recovery };
}

/**
 * What the root has seen of this installation that is not there any more; undefined when nothing. A new index starts a
 * new audit: it has lost nothing that the list of holds does not show.
 */
function lossOf(
  record: RootRecord,
  { marker, head }: { readonly marker: Marker; readonly head?: string },
  { holds, trail }: Surroundings,
): string | undefined {
  if (knowsMoreHolds(marker, holds)) return 'the root knows of holds that this installation has lost';
  const beyond = record.rootUuid === null || head === undefined ? undefined : trail.beyond(head);
  if (beyond === undefined) return undefined;
  return `the root has seen the audit up to record ${String(beyond)}: the index is an older or another one`;
}

/** Whether a marker of this installation tells of holds that are not in its list. */
export function knowsMoreHolds({ lastHoldSeq, lastHoldMac }: Marker, holds: HoldList): boolean {
  const known = holds.macAt(lastHoldSeq);
  return lastHoldSeq > holds.length() || (lastHoldMac !== undefined && lastHoldMac !== known);
}

/**
 * Unconfirmed, recovery stays whatever the list becomes; a confirmation covers the marker it was given for and no later
 * one.
 */
function recoveryOf(
  { recovery }: Pick<RootRecord, 'recovery'>,
  { lastHoldSeq }: Marker,
  lost: boolean,
): Recovery | null {
  if (recovery === null) return lost ? { rootSeq: lastHoldSeq, confirmed: false } : null;
  const rootSeq = Math.max(recovery.rootSeq, lastHoldSeq);
  if (!recovery.confirmed) return { rootSeq, confirmed: false };
  return lost ? { rootSeq, confirmed: lastHoldSeq <= recovery.rootSeq } : null;
}

/** Causes by which a disk that can be reached is not the one that was enrolled, and no other source's either. */
const ANOTHER_DISK: readonly (RootCause | null)[] = [
  'marker_missing',
  'marker_damaged',
  'other_install',
  'other_root',
];

/** Whether a person may say that the disk which lies there takes the place of the one before. */
export function isAnotherDisk(cause: RootCause | null): boolean {
  return ANOTHER_DISK.includes(cause);
}

/** Whether deletion still waits for a person, or for the day to pass by the retention clock. */
export function adoptionPending(record: RootRecord, nowMs: number): boolean {
  const { adoptionSinceMs, adoptionConfirmed } = record;
  return adoptionSinceMs !== null && !adoptionConfirmed && nowMs - adoptionSinceMs < ADOPTION_MS;
}

function readOnly(writable: 'read_only' | 'refused'): Judgement {
  return writable === 'read_only'
    ? { state: 'readonly', why: 'the file system is mounted read-only', cause: 'mounted_read_only' }
    : { state: 'readonly', why: 'the service may not write to its own directory', cause: 'write_refused' };
}

/** Whether files of a root in this state may be read: indexed, served, listed. */
export function isReadable(state: RootState): boolean {
  return state === 'online' || state === 'adopting' || state === 'readonly' || state === 'recovery';
}

const BLOCKED: Readonly<Record<RootState, BlockedReason | null>> = {
  online: null,
  offline: 'root_offline',
  foreign: 'root_foreign',
  readonly: 'root_readonly',
  failing: 'root_failing',
  adopting: 'adoption',
  recovery: 'recovery',
};

/** Why nothing is deleted from a root in this state; empty when it is online. */
export function blockedBy(state: RootState): BlockedReason[] {
  const reason = BLOCKED[state];
  return reason === null ? [] : [reason];
}
