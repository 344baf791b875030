/** The copies of hold versions on the roots: written when a version is made, read and completed when a root comes online. */
import type { Alarms } from '../alarms/alarms.ts';
import { FortnightError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { RootClient } from '../disk/root-client.ts';
import { binds, partsOf } from '../holds/hold.ts';
import { readSigned, signedLine, versionMac, type JournaledVersion } from '../holds/journal.ts';
import { HOLDS_DIR } from '../holds/keep/pins.ts';
import { placeOf, takeMirrors } from '../holds/recover.ts';
import type { HoldList } from '../roots/state.ts';
import { OwedMirrors } from './mirrors-owed.ts';
import type { State } from './state.ts';

export interface MirrorParts {
  readonly state: Pick<State, 'journal' | 'holdStore' | 'holdSet' | 'mirrorKey'>;
  readonly client: Pick<RootClient, 'mirror' | 'mark' | 'readMirrors' | 'dropMirrors' | 'ownNames'>;
  readonly onlineRoots: () => readonly string[];
  /** The retention clock. */
  readonly nowMs: () => number;
  readonly alarms: () => Pick<Alarms, 'raise' | 'end'>;
  readonly log: Log;
}

export interface Mirrors {
  /** Writes a version to every root that is online; a root that is not gets it when it returns. */
  write(entry: JournaledVersion): Promise<void>;
  /** A root came online: takes in what it has, gives it what it lacks. */
  exchange(rootId: string): Promise<void>;
  /** Writes what a full disk refused, where there may be room by now. Called each minute. */
  complete(): Promise<void>;
  /** Removes the mirrors of holds that are over, where nothing is left under them. */
  sweep(): Promise<void>;
}

export function createMirrors(parts: MirrorParts): Mirrors {
  return new HoldMirrors(parts);
}

class HoldMirrors implements Mirrors {
  readonly #parts: MirrorParts;
  readonly #owed: OwedMirrors;

  constructor(parts: MirrorParts) {
    this.#parts = parts;
    this.#owed = new OwedMirrors(parts.alarms);
  }

  async write(entry: JournaledVersion): Promise<void> {
    await Promise.all(this.#parts.onlineRoots().map((rootId) => this.#put(rootId, entry)));
  }

  async exchange(rootId: string): Promise<void> {
    const { client, state, alarms, log } = this.#parts;
    const { texts } = await client.readMirrors(rootId);
    const deps = {
      journal: state.journal,
      store: state.holdStore,
      set: state.holdSet,
      key: state.mirrorKey,
    };
    const { added, unsigned, present } = takeMirrors(deps, texts);
    if (added > 0) log.warn('holds_from_mirrors', { rootId, added });
    const planted = { code: 'mirror_foreign', subject: rootId } as const;
    if (unsigned > 0) alarms().raise({ ...planted, detail: { files: unsigned } });
    else alarms().end(planted.code, planted.subject);
    // By what is there, not by the marker's number: that says nothing of a mirror that was removed.
    const missing = newest(state.journal.entries).filter(
      (e) => !present.has(placeOf(e)) && !this.#isOver(e.version.holdId),
    );
    for (const entry of missing) await this.#put(rootId, entry);
    this.#owed.tell(rootId);
    await this.#mark(rootId);
  }

  async complete(): Promise<void> {
    for (const rootId of this.#parts.onlineRoots())
      for (const entry of this.#owed.of(rootId)) {
        if (this.#isOver(entry.version.holdId)) this.#owed.settled(rootId, entry);
        else await this.#put(rootId, entry);
      }
  }

  async sweep(): Promise<void> {
    for (const rootId of this.#parts.onlineRoots())
      await this.#try('mirrors_not_removed', { rootId }, () => this.#sweepRoot(rootId));
  }

  /** A mirror that is not ours, or knows more than the journal, stays: it may be the only one that does. */
  async #sweepRoot(rootId: string): Promise<void> {
    const { client, state } = this.#parts;
    const { names, directories } = await client.ownNames(rootId, HOLDS_DIR);
    const mirrored = names.map((name) => name.replace(/\.json$/, ''));
    const over = mirrored.filter((id) => this.#isOver(id) && !directories.includes(id));
    if (over.length === 0) return;
    const { texts } = await client.readMirrors(rootId);
    const known = texts.flatMap((text) => {
      const entry = readSigned(text.trim(), state.mirrorKey);
      if (entry?.signed !== true) return [];
      const { holdId, version } = entry.version;
      return (state.holdSet.get(holdId)?.version ?? 0) >= version ? [holdId] : [];
    });
    const going = over.filter((id) => known.includes(id)).map(mirrorName);
    if (going.length > 0) await client.dropMirrors(rootId, going);
  }

  /** What a narrowing gave up is over as well. */
  #isOver(holdId: string): boolean {
    const { state, nowMs } = this.#parts;
    const hold = state.holdSet.get(holdId);
    return hold !== undefined && !partsOf(hold).some((part) => binds(part, nowMs()));
  }

  /** The root learns how far the list has come also when the last version of it needs no mirror any more. */
  async #mark(rootId: string): Promise<void> {
    const { state, client, onlineRoots } = this.#parts;
    const last = state.journal.entries.at(-1);
    if (last === undefined || !this.#isOver(last.version.holdId) || !onlineRoots().includes(rootId)) return;
    const mark = { holdSeq: last.seq, holdMac: versionMac(last, state.mirrorKey) };
    await this.#try('root_not_marked', { rootId }, () => client.mark(rootId, mark));
  }

  async #put(rootId: string, entry: JournaledVersion): Promise<void> {
    const { state, client } = this.#parts;
    const { seq: holdSeq, version } = entry;
    const { line: text, mac: holdMac } = signedLine(entry, state.mirrorKey);
    const written = await this.#try('mirror_not_written', { rootId, hold: version.holdId }, () =>
      client.mirror(rootId, { name: mirrorName(version.holdId), text, holdSeq, holdMac }),
    );
    if (written) this.#owed.settled(rootId, entry);
    else this.#owed.refused(rootId, entry);
  }

  /** Whether it was done. A root that cannot be used now has its turn when it returns. */
  async #try(
    event: string,
    what: Readonly<Record<string, string>>,
    work: () => Promise<void>,
  ): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof FortnightError)) throw error;
      this.#parts.log.warn(event, { ...what, why: error.message });
      return false;
    }
  }
}

function mirrorName(holdId: string): string {
  return `${holdId}.json`;
}

/** The highest version of each hold, in journal order. */
function newest(entries: readonly JournaledVersion[]): JournaledVersion[] {
  const last = new Map<string, JournaledVersion>();
  for (const entry of entries) last.set(entry.version.holdId, entry);
  return [...last.values()].sort((a, b) => a.seq - b.seq);
}

/** The journal as the roots compare it with their markers. */
export function holdListOf({ journal, mirrorKey }: Pick<State, 'journal' | 'mirrorKey'>): HoldList {
  return {
    length: () => journal.entries.length,
    macAt: (seq) => {
      const entry = journal.entries[seq - 1];
      return entry && versionMac(entry, mirrorKey);
    },
  };
}
