/** Mirrors that a root did not take, as when its disk is full: told of, and written when there is room. */
import type { Alarms } from '../alarms/alarms.ts';
import type { JournaledVersion } from '../holds/journal.ts';

/** Versions that a root should have and refused, by root and hold: the newest of each. */
export class OwedMirrors {
  readonly #alarms: () => Pick<Alarms, 'raise' | 'end'>;
  readonly #entries = new Map<string, Map<string, JournaledVersion>>();

  constructor(alarms: () => Pick<Alarms, 'raise' | 'end'>) {
    this.#alarms = alarms;
  }

  of(rootId: string): readonly JournaledVersion[] {
    return [...(this.#entries.get(rootId)?.values() ?? [])];
  }

  refused(rootId: string, entry: JournaledVersion): void {
    const entries = this.#entries.get(rootId) ?? new Map<string, JournaledVersion>();
    this.#entries.set(rootId, entries);
    const { holdId } = entry.version;
    if ((entries.get(holdId)?.seq ?? 0) < entry.seq) entries.set(holdId, entry);
    this.tell(rootId);
  }

  /** It is written, or nobody needs it any more. */
  settled(rootId: string, { seq, version }: JournaledVersion): void {
    const entries = this.#entries.get(rootId);
    if ((entries?.get(version.holdId)?.seq ?? Infinity) > seq) return;
    entries?.delete(version.holdId);
    this.tell(rootId);
  }

  /** The alarm says what is owed; it may stand since before the start. */
  tell(rootId: string): void {
    const holds = this.of(rootId).length;
    if (holds === 0) this.#alarms().end('mirror_refused', rootId);
    else this.#alarms().raise({ code: 'mirror_refused', subject: rootId, detail: { holds } });
  }
}
