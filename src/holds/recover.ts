/**
 * Bringing journal, index and mirrors together at start: the effective set is, per hold, the highest version; a release
 * is a version and counts only from the journal; a mirror can add or extend, never end (I10).
 */
import type { MacKey } from '../base/mac-key.ts';
import type { HoldVersion, Leaving, Scope } from './hold.ts';
import type { HoldSet } from './hold-set.ts';
import type { HoldStore } from './hold-store.ts';
import { readSigned, type HoldJournal, type JournaledVersion } from './journal.ts';
import { LESSENING } from './record.ts';
import { contains, union } from './scope.ts';

export interface Recovery {
  /** Versions the index had lost. */
  readonly indexed: number;
  /** Releases, and requests for them, that never reached the journal: their holds stand. */
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
    else if (LESSENING.includes(version.act)) {
      store.withdraw(version);
      withdrawn += 1;
    } else {
      const kept = standing(version);
      store.insert(journal.append(kept), kept, { recovered: true });
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
  deps: { journal: HoldJournal; store: HoldStore; set: HoldSet; key: MacKey },
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
    const known = deps.set.get(entry.version.holdId);
    const version = standing(entry.version, known);
    if (known !== undefined && known.version >= version.version) continue;
    if (entry.version.releasedMs !== null && known !== undefined && bindsAll(known, entry.version)) continue;
    const seq = deps.journal.append(version);
    deps.set.add(version);
    deps.store.insert(seq, version, { recovered: true });
    added += 1;
  }
  return { added, unsigned, present };
}

/**
 * Whether a hold that stands binds all that a later release let go: then its mirror tells nothing new. But what the journal
 * of a backup says of an earlier end, of a request for one, or of less to hold was overtaken.
 */
function bindsAll(known: HoldVersion, { terms, leaving }: HoldVersion): boolean {
  if (known.releasedMs !== null || known.pending !== null || !contains(known.terms, terms)) return false;
  const bound = [known.terms, ...known.leaving.map(asScope)];
  return leaving.map(asScope).every((given) => bound.some((scope) => contains(scope, given)));
}

function asScope({ cameraIds, window, endsMs }: Leaving): Scope {
  return { cameraIds, window, endMs: endsMs };
}

/** A version at its place in the journal, as a key. */
export function placeOf({ seq, version }: JournaledVersion): string {
  return `${String(seq)} ${idOf(version)}`;
}

/**
 * A version as it counts when the journal does not have it: proof of the hold, not of its end. It binds all it ever did,
 * with what `known` binds, until people end it.
 */
function standing(version: HoldVersion, known = version): HoldVersion {
  const { cameraIds, window, endMs } = union([version.terms, ...version.leaving, known.terms]);
  return {
    ...version,
    terms: { ...version.terms, cameraIds, window, endMs },
    pending: null,
    leaving: [],
    releasedMs: null,
    releaseReason: null,
    endsMs: null,
  };
}

const idOf = (v: HoldVersion): string => `${v.holdId} ${String(v.version)}`;
