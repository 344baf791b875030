/** The copies of hold versions on the roots: written when a version is made, read and completed when a root comes online. */
import type { Alarms } from '../alarms/alarms.ts';
import { FortnightError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { RootClient } from '../disk/root-client.ts';
import { signVersion, versionMac, type JournaledVersion } from '../holds/journal.ts';
import { placeOf, takeMirrors } from '../holds/recover.ts';
import type { HoldList } from '../roots/state.ts';
import type { State } from './state.ts';

export interface MirrorParts {
  readonly state: Pick<State, 'journal' | 'holdStore' | 'holdSet' | 'mirrorKey'>;
  readonly client: Pick<RootClient, 'mirror' | 'readMirrors'>;
  readonly onlineRoots: () => readonly string[];
  readonly alarms: () => Pick<Alarms, 'raise' | 'end'>;
  readonly log: Log;
}

export interface Mirrors {
  /** Writes a version to every root that is online; a root that is not gets it when it returns. */
  write(entry: JournaledVersion): Promise<void>;
  /** A root came online: takes in what it has, gives it what it lacks. */
  exchange(rootId: string): Promise<void>;
}

export function createMirrors(parts: MirrorParts): Mirrors {
  const { state, client, log } = parts;
  const put = async (rootId: string, entry: JournaledVersion): Promise<void> => {
    const text = signVersion(entry, state.mirrorKey);
    const holdMac = versionMac(entry, state.mirrorKey);
    const { seq: holdSeq, version } = entry;
    try {
      await client.mirror(rootId, { name: `${version.holdId}.json`, text, holdSeq, holdMac });
    } catch (error) {
      if (!(error instanceof FortnightError)) throw error;
      log.warn('mirror_not_written', { rootId, hold: version.holdId, why: error.message });
    }
  };
  return {
    write: async (entry) => {
      await Promise.all(parts.onlineRoots().map((rootId) => put(rootId, entry)));
    },
    exchange: async (rootId) => {
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
      if (unsigned > 0) parts.alarms().raise({ ...planted, detail: { files: unsigned } });
      else parts.alarms().end(planted.code, planted.subject);
      // By what is there, not by the marker's number: that says nothing of a mirror that was removed.
      const missing = newest(state.journal.entries).filter((e) => !present.has(placeOf(e)));
      for (const entry of missing) await put(rootId, entry);
    },
  };
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
