/** The service of the roots as the rest of the program sees it, and what it needs of disk and index. */
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { BlockedReason, Marker, RootCause, RootState } from './root.ts';
import type { SelfTest } from './self-test.ts';
import type {
  AuditTrail,
  Failing,
  FoundMarker,
  HoldList,
  Observation,
  Recovery,
  RootRecord,
} from './state.ts';
import type { Storage } from './storage.ts';

/** A call into a root did not return in time; it may never. */
export class RootHangs extends Error {
  override readonly name = 'RootHangs';
}

/** The disk's side; disk/probe-client.ts implements it. Rejects with RootHangs when a call does not return. */
export interface RootDisk {
  observe(path: string, enrolled: boolean): Promise<Observation>;
  /** Writes a marker to the disk that was seen; rejects when another one, or another marker, is there by now. */
  enrol(path: string, marker: Marker, over: Found): Promise<void>;
  /** Writes a marker over the one of the same root, and the head of the audit beside it. */
  renumber(path: string, to: { readonly marker: Marker; readonly head: string }): Promise<void>;
  selfTest(path: string): Promise<Omit<SelfTest, 'atMs'>>;
}

/** What a root became, for its record. */
export interface RootChange {
  readonly state: RootState;
  readonly why: string;
  /** Retention clock. */
  readonly nowMs: number;
  readonly failing: Failing | null;
  readonly recovery: Recovery | null;
}

/** The index's side; db/roots.ts implements it. Each call is one transaction with its audit record, if it owes one. */
export interface RootStore {
  all(): RootRecord[];
  enrolled(
    rootId: string,
    as: { readonly rootUuid: string; readonly nowMs: number; readonly adopting: boolean },
  ): void;
  /** False: there was no room for it; nothing is recorded. */
  changed(rootId: string, to: RootChange): boolean;
  adopted(rootId: string, by: { readonly actor: string; readonly trustNames: boolean }): void;
  holdsConfirmed(rootId: string, by: HoldsConfirmation): void;
  /** Another disk is enrolled; pins and copies that lay on the one before are known no more. Clips stay as they are. */
  diskReplaced(rootId: string, by: DiskReplacement): void;
  selfTested(rootId: string, test: SelfTest): void;
}

/** Another disk in the place of the one before, and who said so. */
export interface DiskReplacement {
  readonly actor: string;
  /** Why the disk that lies there is not the one that was enrolled. */
  readonly why: string;
  readonly rootUuid: string;
  /** Retention clock. */
  readonly nowMs: number;
  readonly adopting: boolean;
  /** Its marker knew of holds of this installation up to this number, which are not in the list; null: it did not. */
  readonly recoverySeq: number | null;
}

/** What a disk is known by before it is written to. */
export interface Found {
  readonly place: string;
  readonly marker: FoundMarker;
}

/** What a person confirmed, for the record: this list, although the root knew of another. */
export interface HoldsConfirmation {
  readonly actor: string;
  /** Number of the last version in the list, and holds of it that are not released. */
  readonly listSeq: number;
  readonly standing: number;
  /** Number the root knew of. */
  readonly rootSeq: number;
}

export interface RootsDeps {
  readonly store: RootStore;
  readonly disk: RootDisk;
  readonly clock: Clock;
  readonly log: Log;
  readonly installId: string;
  /** Retention clock. */
  readonly nowMs: () => number;
  readonly holds: HoldList;
  readonly trail: AuditTrail;
  /** Takes `<root>/.fortnight/daemon.lock`; throws `state_locked`, or another FortnightError when it cannot. */
  readonly lock: (at: RootAddress) => { release(): void };
  /** A person trusts the names of this root: the times of its clips are to be reckoned again. */
  readonly onTrustNames: (rootId: string) => void;
  /** Another disk takes the place of this root's: what waits to learn what became of files on it is given up first. */
  readonly onReplacing: (rootId: string) => Promise<void>;
  /** It was recorded: every clip that lay on the disk before is gone. Nothing was done on the new one yet. */
  readonly onReplaced: (rootId: string) => Promise<void>;
}

export interface RootView {
  readonly id: string;
  readonly path: string;
  readonly state: RootState;
  readonly why: string;
  /** Null where the state says it all. */
  readonly cause: RootCause | null;
  readonly sinceMs: number;
  readonly blocked: readonly BlockedReason[];
  /** When adoption ends by itself (retention clock); null when none is pending. */
  readonly adoptionSinceMs: number | null;
  readonly trustNames: boolean;
  /** Its file system tells no events. */
  readonly eventless: boolean;
  readonly selfTest: SelfTest | null;
  /** As it was when the root was last reached; null before that. */
  readonly storage: Storage | null;
}

export interface RootAddress {
  readonly path: string;
  readonly rootUuid: string;
  readonly installId: string;
}

export interface Roots {
  /** Looks at every root once; throws `state_locked` when another daemon acts on one. Then `check` goes on. */
  start(): Promise<void>;
  stop(): void;
  list(): RootView[];
  /** Where and as what a root may be acted on; undefined unless it is online. */
  verify(rootId: string): RootAddress | undefined;
  /** Where and as what a root may be read; undefined when it cannot. */
  readable(rootId: string): RootAddress | undefined;
  blocked(rootId: string): BlockedReason[];
  /** A facility manager confirms footage that was there before us. Throws `conflict` when nothing waits. */
  confirmAdoption(rootId: string, by: { readonly actor: string; readonly trustNames: boolean }): void;
  /**
   * A facility manager confirms the list of holds of a root in recovery, with so many standing holds. Throws `conflict`
   * when it does not wait for that.
   */
  confirmHolds(rootId: string, by: { readonly actor: string; readonly standing: number }): void;
  /**
   * An admin says that another disk lies there for good: it is enrolled as at first contact, and nothing is claimed of
   * the one before. Rejects with `conflict` when there is none, when it is another one by now or cannot be written to:
   * then nothing was done.
   */
  replaceDisk(rootId: string, by: { readonly actor: string }): Promise<void>;
  /** An fsync failed or a call hung: nothing more is deleted there until it is mounted again or the box rebooted. */
  markFailing(rootId: string, why: string, cause: Failing['cause']): void;
  /** Looks at all again; resolves when they have been looked at. Never rejects. */
  check(): Promise<void>;
  /** Called with the view of a root whose state changed. */
  onChange(listener: (root: RootView) => void): void;
}
