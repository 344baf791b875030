/**
 * In which order a version becomes durable (docs/design/invariants.md, "Holding"). What binds is in the journal before
 * anything else; what lessens a hold is in the index first, so that a crash in between leaves it standing.
 */
import { FortnightError } from '../base/errors.ts';
import type { Gate } from '../retention/gate.ts';
import type { HoldAct, HoldVersion } from './hold.ts';
import type { HoldSet } from './hold-set.ts';
import type { HoldStore } from './hold-store.ts';
import type { HoldJournal, JournaledVersion } from './journal.ts';

export interface RecordDeps {
  readonly store: HoldStore;
  readonly journal: HoldJournal;
  readonly set: HoldSet;
  readonly gate: Gate;
  /** Writes the version's mirror to every root that is online; never fails (a root that is not gets it when it returns). */
  readonly mirror: (entry: JournaledVersion) => Promise<void>;
}

export interface Binding<T> {
  readonly retries: Retries;
  /** What is to be seen in the moment it binds. */
  readonly look: () => T;
  /** Second names for what it covers. Never fails. */
  readonly pin: () => Promise<unknown>;
}

/** Acts that lessen a hold, or will without another word: they count from the journal only. */
export const LESSENING: readonly HoldAct[] = ['asked', 'narrowed', 'released'];

/** The hold is in the journal and binds, but the index did not take it yet; it is tried again every minute. */
export class HoldNotIndexed extends FortnightError {
  readonly holdId: string;
  constructor(holdId: string, cause: unknown) {
    super('hold_recorded_not_indexed', 'the hold is in force, but the index could not record it yet', {
      hint: 'ask again with the same idempotency key',
      cause,
    });
    this.holdId = holdId;
  }
}

/**
 * Journal, set, then under the gate the index and `look`; then pins, the mirrors last. Throws `HoldNotIndexed`: it binds
 * all the same.
 */
export async function recordBinding<T>(
  deps: RecordDeps,
  version: HoldVersion,
  { retries, look, pin }: Binding<T>,
): Promise<T> {
  const seq = deps.journal.append(version);
  // Durable: from here on no decision may overlook it, whatever happens to the index.
  deps.set.add(version);
  const seen = await deps.gate.placement(() => {
    try {
      deps.store.insert(seq, version, { recovered: false });
    } catch (error) {
      retries.add({ seq, version });
      throw new HoldNotIndexed(version.holdId, error);
    }
    return look();
  });
  await pin();
  await deps.mirror({ seq, version });
  return seen;
}

/** Transaction, then journal: a crash in between leaves the hold standing. */
export async function recordLessening(deps: RecordDeps, version: HoldVersion): Promise<void> {
  const { store, journal, set } = deps;
  store.insert(journal.entries.length + 1, version, { recovered: false });
  let seq: number;
  try {
    seq = journal.append(version);
  } catch (error) {
    // The hold stands. Should this fail as well, the next start withdraws what the journal does not have.
    withdraw(store, version);
    throw error;
  }
  set.add(version);
  await deps.mirror({ seq, version });
}

function withdraw(store: HoldStore, version: HoldVersion): void {
  try {
    store.withdraw(version);
  } catch (error) {
    if (error instanceof TypeError) throw error;
  }
}

/** Versions that bind from the journal and wait for the index. */
export class Retries {
  readonly #deps: Pick<RecordDeps, 'store' | 'mirror'>;
  readonly #waiting = new Map<string, { entry: JournaledVersion; why: unknown }>();

  constructor(deps: Pick<RecordDeps, 'store' | 'mirror'>) {
    this.#deps = deps;
  }

  add(entry: JournaledVersion): void {
    this.#waiting.set(entry.version.holdId, { entry, why: undefined });
  }

  /** Throws `HoldNotIndexed` while the hold still waits. */
  demand(holdId: string): void {
    const found = this.#waiting.get(holdId);
    if (found !== undefined) throw new HoldNotIndexed(holdId, found.why ?? 'not tried again yet');
  }

  /** What still fails stays waiting; what the index takes now gets its mirrors too. */
  async run(): Promise<void> {
    for (const [holdId, { entry }] of this.#waiting) {
      try {
        this.#deps.store.insert(entry.seq, entry.version, { recovered: false });
      } catch (why) {
        this.#waiting.set(holdId, { entry, why });
        continue;
      }
      this.#waiting.delete(holdId);
      await this.#deps.mirror(entry);
    }
  }
}
