/**
 * What state a root is in, from what was seen of it. Pure. In doubt about a root nothing is deleted from it (I16), so
 * everything that is not plainly ours and writable has a state of its own.
 */
import { DAY_MS } from '../base/clock.ts';
import type { BlockedReason, Marker, RootState } from './root.ts';

/** Without a person, footage that was there before us is adopted after this much retention time. */
export const ADOPTION_MS = DAY_MS;

/** What was seen at a root's path. */
export type Observation =
  | { readonly reach: 'none'; readonly why: string }
  | {
      readonly reach: 'open';
      /** Directory and mount: another value is another disk, or the same one mounted again. */
      readonly place: string;
      readonly marker: Marker | 'none' | 'damaged';
      readonly writable: 'yes' | 'read_only' | 'refused';
      /** There is a regular file besides our own; looked for only while the root is not enrolled. */
      readonly holdsFiles: boolean;
      /** `f_type` of statfs. */
      readonly fsType: number;
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
}

/** Where a call failed in a way that only mounting again can heal. */
export interface Failing {
  readonly place: string;
  readonly bootId: string;
  readonly why: string;
}

export interface Surroundings {
  readonly installId: string;
  /** Retention clock. */
  readonly nowMs: number;
  readonly bootId: string;
  /** Number of the last hold version this installation knows. */
  readonly holdSeq: number;
  /** UUIDs of other roots of this installation. */
  readonly otherRoots: ReadonlySet<string>;
}

export interface Judgement {
  readonly state: RootState;
  /** A sentence for the operator, without paths. */
  readonly why: string;
  /** `enrol`: no marker, first contact; `take`: a marker of ours that a crash kept out of the index. */
  readonly act?: 'enrol' | 'take';
}

export function judgeRoot(record: RootRecord, seen: Observation, by: Surroundings): Judgement {
  const failing = stillFailing(record, seen, by);
  if (failing !== undefined) return { state: 'failing', why: failing };
  if (seen.reach === 'none') return { state: 'offline', why: seen.why };
  if (seen.marker === 'damaged')
    return { state: 'foreign', why: 'the marker cannot be read as one of Fortnight' };
  if (seen.marker === 'none') return firstContact(record, seen);
  const stranger = foreignMarker(record, seen.marker, by);
  if (stranger !== undefined) return { state: 'foreign', why: stranger };
  const take = record.rootUuid === null ? { act: 'take' as const } : {};
  return { ...ours(record, { ...seen, marker: seen.marker }, by), ...take };
}

function stillFailing(record: RootRecord, seen: Observation, by: Surroundings): string | undefined {
  const { failing } = record;
  if (failing?.bootId !== by.bootId) return undefined;
  const elsewhere = seen.reach === 'open' && seen.place !== failing.place;
  return elsewhere ? undefined : failing.why;
}

function firstContact(record: RootRecord, seen: Extract<Observation, { reach: 'open' }>): Judgement {
  if (record.rootUuid !== null)
    return { state: 'offline', why: 'the marker is missing: is the disk mounted?' };
  if (seen.writable !== 'yes') return readOnly(seen.writable);
  if (!seen.holdsFiles) return { state: 'online', why: 'new and empty', act: 'enrol' };
  return { state: 'adopting', why: 'footage was there before Fortnight', act: 'enrol' };
}

function foreignMarker(record: RootRecord, marker: Marker, by: Surroundings): string | undefined {
  if (marker.installId !== by.installId) return 'the marker is of another installation';
  if (record.rootUuid !== null && marker.rootUuid !== record.rootUuid) return 'the marker is of another root';
  if (by.otherRoots.has(marker.rootUuid)) return 'the marker is of another source of this installation';
  return undefined;
}

function ours(
  record: RootRecord,
  seen: Extract<Observation, { reach: 'open' }> & { readonly marker: Marker },
  by: Surroundings,
): Judgement {
  if (seen.writable !== 'yes') return readOnly(seen.writable);
  if (seen.marker.lastHoldSeq > by.holdSeq)
    return { state: 'recovery', why: 'the root knows of holds that this installation does not' };
  const taken = record.rootUuid === null && seen.holdsFiles;
  if (taken || adoptionPending(record, by.nowMs))
    return { state: 'adopting', why: 'footage was there before Fortnight' };
  return { state: 'online', why: 'as enrolled' };
}

/** Whether deletion still waits for a person, or for the day to pass by the retention clock. */
export function adoptionPending(record: RootRecord, nowMs: number): boolean {
  const { adoptionSinceMs, adoptionConfirmed } = record;
  return adoptionSinceMs !== null && !adoptionConfirmed && nowMs - adoptionSinceMs < ADOPTION_MS;
}

function readOnly(writable: 'read_only' | 'refused'): Judgement {
  return writable === 'read_only'
    ? { state: 'readonly', why: 'the file system is mounted read-only' }
    : { state: 'readonly', why: 'the service may not write to its own directory' };
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

/** `f_type` of file systems whose changes by others the kernel does not tell: network, FUSE, shared folders. */
const EVENTLESS = new Set([
  0x6969, // NFS
  0x517b, // SMB
  0xff534d42, // CIFS
  0xfe534d42, // SMB2
  0x65735546, // FUSE
  0x01021997, // 9p
  0x00c36400, // Ceph
  0x5346414f, // AFS
  0x786f4256, // VirtualBox
  0x7461636f, // OCFS2
  0x01161970, // GFS2
]);

export function tellsNoEvents(fsType: number): boolean {
  return EVENTLESS.has(fsType >>> 0);
}
