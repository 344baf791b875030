/** What the hold service asks of the index. */
import type { HoldVersion } from './hold.ts';
import type { JournaledVersion } from './journal.ts';

export interface HoldRequestKey {
  readonly key: string;
  /** SHA-256 of the canonical terms: the same key with other terms is refused. */
  readonly hash: Buffer;
}

export interface HoldStore {
  /** One durable transaction: the version, its audit record, the idempotency key. */
  insert(
    seq: number,
    version: HoldVersion,
    options: { readonly recovered: boolean; readonly request?: HoldRequestKey },
  ): void;
  /** Every version the index knows, in journal order. */
  all(): JournaledVersion[];
  history(holdId: string): HoldVersion[];
  request(key: string): { readonly holdId: string; readonly by: string; readonly hash: Buffer } | undefined;
  /** Takes back a release that never reached the journal: the hold stands. */
  withdraw(version: HoldVersion): void;
}
