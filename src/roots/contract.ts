/** The service of the roots as the rest of the program sees it, and what it needs of disk and index. */
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { BlockedReason, Marker, RootState } from './root.ts';
import type { SelfTest, SelfTestItem } from './self-test.ts';
import type { Failing, Observation, RootRecord } from './state.ts';

/** A call into a root did not return in time; it may never. */
export class RootHangs extends Error {
  override readonly name = 'RootHangs';
}

/** The disk's side; disk/probe-client.ts implements it. Rejects with RootHangs when a call does not return. */
export interface RootDisk {
  observe(path: string, enrolled: boolean): Promise<Observation>;
  enrol(path: string, marker: Marker): Promise<void>;
  selfTest(path: string): Promise<SelfTestItem[]>;
}

/** The index's side; db/roots.ts implements it. Each call is one transaction with its audit record, if it owes one. */
export interface RootStore {
  all(): RootRecord[];
  enrolled(
    rootId: string,
    as: { readonly rootUuid: string; readonly nowMs: number; readonly adopting: boolean },
  ): void;
  changed(
    rootId: string,
    to: { readonly state: RootState; readonly why: string; readonly nowMs: number },
  ): void;
  adopted(rootId: string, by: { readonly actor: string; readonly trustNames: boolean }): void;
  failing(rootId: string, failing: Failing | null): void;
  selfTested(rootId: string, test: SelfTest): void;
}

export interface RootsDeps {
  readonly store: RootStore;
  readonly disk: RootDisk;
  readonly clock: Clock;
  readonly log: Log;
  readonly installId: string;
  /** Retention clock. */
  readonly nowMs: () => number;
  /** Number of the last hold version this installation knows. */
  readonly holdSeq: () => number;
  /** Takes `<root>/.fortnight/daemon.lock`; throws `state_locked`, or another FortnightError when it cannot. */
  readonly lock: (at: RootAddress) => { release(): void };
  /** A person trusts the names of this root: the times of its clips are to be reckoned again. */
  readonly onTrustNames: (rootId: string) => void;
}

export interface RootView {
  readonly id: string;
  readonly path: string;
  readonly state: RootState;
  readonly why: string;
  readonly sinceMs: number;
  readonly blocked: readonly BlockedReason[];
  /** When adoption ends by itself (retention clock); null when none is pending. */
  readonly adoptionSinceMs: number | null;
  readonly trustNames: boolean;
  /** Its file system tells no events. */
  readonly eventless: boolean;
  readonly selfTest: SelfTest | null;
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
  /** An fsync failed or a call hung: nothing more is deleted there until it is mounted again or the box rebooted. */
  markFailing(rootId: string, why: string): void;
  /** Looks at all again; returns at once. */
  check(): void;
  /** Called with the view of a root whose state changed. */
  onChange(listener: (root: RootView) => void): void;
}
