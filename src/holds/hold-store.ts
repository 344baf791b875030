/** What the hold service asks of the index. */
import type { HoldVersion } from './hold.ts';
import type { JournaledVersion } from './journal.ts';

export interface HoldStore {
  /** One durable transaction: the version and its audit record. */
  insert(seq: number, version: HoldVersion, options: { readonly recovered: boolean }): void;
  /** Every version the index knows, in journal order. */
  all(): JournaledVersion[];
  history(holdId: string): HoldVersion[];
  /** Takes back a release that never reached the journal: the hold stands. */
  withdraw(version: HoldVersion): void;
}
