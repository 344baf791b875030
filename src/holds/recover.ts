/**
 * Bringing journal, index and mirrors together at start: the effective set is, per hold, the highest version; a release
 * is a version and counts only from the journal; a mirror can add or extend, never end (I10).
 */
import type { HoldVersion } from './hold.ts';
import type { HoldSet } from './hold-set.ts';
import type { HoldStore } from './hold-store.ts';
import { readSigned, type HoldJournal, type JournaledVersion } from './journal.ts';

export interface Recovery {
  /** Versions the index had lost. */
  readonly indexed: number;
  /** Releases that never reached the journal: their holds stand again. */
  readonly withdrawn: number;
  /** Versions the journal had lost. */
  readonly journaled: number;
}

/** At start, before anything may be deleted. */
export function recoverHolds(deps: { journal: HoldJournal; store: HoldStore; set: HoldSet }): Recovery {
  const { journal, store, set } = deps;
  const journaled = new Set(journal.entries.map((e) => idOf(e.version)));
  const indexed = new Set<string>();
  let withdrawn = 0;
  let rewritten = 0;
  for (const { version } of store.all()) {
    if (journaled.has(idOf(version))) indexed.add(idOf(version));
    else if (version.releasedMs !== null) {
      store.withdraw(version);
      withdrawn += 1;
    } else {
      store.insert(journal.append(version), version, { recovered: true });
      indexed.add(idOf(version));
      rewritten += 1;
    }
  }
  const lost = journal.entries.filter((e) => !indexed.has(idOf(e.version)));
  for (const { seq, version } of lost) store.insert(seq, version, { recovered: true });
  for (const { version } of journal.entries) set.add(version);
  return { indexed: lost.length, withdrawn, journaled: rewritten };
}

/**
 * Takes in the mirrors of a root that came online. Returns how many versions were new, which are there (placeOf), and how
 * many files were not signed with our key: those are reported and ignored, since whoever may write to the root could
 * have planted them.
 */
export function takeMirrors(
  deps: { journal: HoldJournal; store: HoldStore; set: HoldSet; key: Buffer },
  texts: readonly string[],
): { added: number; unsigned: number; present: ReadonlySet<string> } {
  const present = new Set<string>();
  let added = 0;
  let unsigned = 0;
  for (const text of texts) {
    const entry = readSigned(text.trim(), deps.key);
    if (entry?.signed !== true) {
      unsigned += 1;
      continue;
    }
    present.add(placeOf(entry));
    const version = standing(entry.version);
    const known = deps.set.get(version.holdId);
    const ended = entry.version.releasedMs !== null;
    if (known !== undefined && (ended || known.version >= version.version)) continue;
    const seq = deps.journal.append(version);
    deps.set.add(version);
    deps.store.insert(seq, version, { recovered: true });
    added += 1;
  }
  return { added, unsigned, present };
}

/** A version at its place in the journal, as a key. */
export function placeOf({ seq, version }: JournaledVersion): string {
  return `${String(seq)} ${idOf(version)}`;
}

/** A release counts only from the journal: a mirror of one is proof of the hold, not of its end. */
function standing(version: HoldVersion): HoldVersion {
  return { ...version, releasedMs: null, releaseReason: null, endsMs: null };
}

const idOf = (v: HoldVersion): string => `${v.holdId} ${String(v.version)}`;
