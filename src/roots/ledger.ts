/**
 * What is remembered of the roots: in memory for the decisions, in the index for the next start. When the state disk is
 * full, a root must still stop being online: what could not be recorded is in force all the same, is owed, and is
 * recorded in its order when there is room. Only `online` waits for its record.
 */
import { canonicalJson } from '../base/canonical-json.ts';
import { FortnightError } from '../base/errors.ts';
import type { RootChange, RootStore } from './contract.ts';
import type { RootRecord } from './state.ts';

/** Changes of one root that may wait for their record; the last of more replaces the one before it. */
const MAX_OWED = 100;

export class RootLedger {
  readonly #store: RootStore;
  readonly #records: Map<string, RootRecord>;
  readonly #owed = new Map<string, RootChange[]>();

  constructor(store: RootStore) {
    this.#store = store;
    this.#records = new Map(store.all().map((r) => [r.id, r]));
  }

  all(): RootRecord[] {
    return [...this.#records.values()];
  }

  /** Throws `not_found`. */
  get(rootId: string): RootRecord {
    const record = this.#records.get(rootId);
    if (record === undefined) throw new FortnightError('not_found', `there is no root ${rootId}`);
    return record;
  }

  /** Takes a change in, and records what is owed as far as there is room. Returns whether the state in force is another. */
  change(rootId: string, to: RootChange): boolean {
    const before = this.get(rootId);
    const owed = this.#owed.get(rootId) ?? [];
    this.#owed.set(rootId, owed);
    if (!sameStanding(owed.at(-1) ?? before, to)) {
      if (owed.length >= MAX_OWED) owed.pop();
      owed.push(to);
    }
    while (owed[0] !== undefined && this.#store.changed(rootId, owed[0])) owed.shift();
    if (owed.length > 0 && to.state === 'online') return false;
    const { state, failing, recovery, nowMs } = to;
    const stateSinceMs = state === before.state ? before.stateSinceMs : nowMs;
    this.#records.set(rootId, { ...before, state, failing, recovery, stateSinceMs });
    return state !== before.state;
  }

  /** Reads what the store recorded by another way than `change`. */
  reload(rootId: string): void {
    const known = this.get(rootId);
    const { state, stateSinceMs, failing } = known;
    const stored = this.#store.all().find((r) => r.id === rootId) ?? known;
    this.#records.set(rootId, { ...stored, state, stateSinceMs, failing });
  }
}

type Standing = Pick<RootRecord, 'state' | 'failing' | 'recovery'>;

function sameStanding(a: Standing, b: Standing): boolean {
  const standing = ({ state, failing, recovery }: Standing): string =>
    canonicalJson({ state, failing: failing && { ...failing }, recovery: recovery && { ...recovery } });
  return standing(a) === standing(b);
}
