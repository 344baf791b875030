/**
 * A root: the directory of one source, with an identity of its own (a marker) and a state. Pure.
 * The vault is one too, but no recorder writes there: it holds copies of held clips and nothing is indexed in it.
 * An empty, foreign or missing disk on the path is offline, never "everything was deleted".
 */
import { VAULT } from '../config/config.ts';

/** Why nothing is deleted from a root; `online` is the only state in which the sweep unlinks. */
export type RootState =
  | 'online'
  | 'offline' // path absent, marker absent although the root was enrolled, or not reachable
  | 'foreign' // marker of another root or install
  | 'readonly'
  | 'failing' // an fsync failed, or a call hung: stays until remounted
  | 'adopting' // first contact: footage found, waiting for a person or 24 h
  | 'recovery'; // holds must be confirmed first

/** What leads to a state that several things can lead to; each has its sentence on the status page. */
export type RootCause =
  // offline
  | 'not_looked' // since the start
  | 'missing' // there is no such directory
  | 'marker_missing' // an empty mount point, most likely
  | 'not_a_directory' // a link or a file stands in its place, or in that of the marker
  | 'no_permission'
  | 'stale' // the mount is there, what it leads to is not: ESTALE, ENOTCONN, EIO
  | 'look_failed' // nothing could be found out
  // foreign
  | 'marker_damaged'
  | 'other_install'
  | 'other_root'
  | 'other_source'
  | 'locked' // another daemon acts on it
  // readonly
  | 'mounted_read_only'
  | 'write_refused'
  // failing
  | 'not_durable' // an fsync failed
  | 'hangs';

/** Content of `<root>/.fortnight/marker.json`. */
export interface Marker {
  readonly format: 1;
  readonly rootUuid: string;
  readonly installId: string;
  /** Number of the last hold version mirrored to this root. */
  readonly lastHoldSeq: number;
  /** What that version is (its mac, hex): another list that has grown as long is told from it. Absent: none yet. */
  readonly lastHoldMac?: string;
}

export function isVault(rootId: string): boolean {
  return rootId === VAULT;
}

export const OWN_DIR = '.fortnight';
/** Where the deletion drill plants its clip; no walk and no watch enters it. */
export const DRILL_DIR = `${OWN_DIR}/drill`;
export const MARKER_NAME = 'marker.json';
/** The last checkpoint of the audit this root was given (audit/checkpoint.ts). */
export const HEAD_NAME = 'head';

/** What the index remembers about an enrolled root. */
export interface EnrolledRoot {
  readonly id: string;
  readonly rootUuid: string;
  readonly enrolledMs: number;
  readonly state: RootState;
  readonly stateSinceMs: number;
  readonly adoptionConfirmed: boolean;
  readonly trustNames: boolean;
}

/** Reasons deletion is blocked, as `fortnight_deletion_blocked{reason}` names them. */
export type BlockedReason =
  | 'root_offline'
  | 'root_foreign'
  | 'root_readonly'
  | 'root_failing'
  | 'adoption'
  | 'recovery'
  | 'breaker'
  | 'audit_reserve_gone'
  | 'unlink_refused'
  /** Clips wait for their copies in the vault, which is not online. */
  | 'vault_offline';
