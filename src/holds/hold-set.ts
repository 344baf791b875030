/**
 * The holds in force, in memory: the highest version of each. The decisions read this and nothing else, so a version
 * enters only after it is durable.
 */
import { partsOf, type CaseMark, type CaseTerms, type HoldVersion } from './hold.ts';

/** A case as it stands: its highest version over all holds under it. */
export interface Case extends CaseTerms {
  readonly mark: CaseMark;
}

export class HoldSet {
  readonly #current = new Map<string, HoldVersion>();
  readonly #cases = new Map<string, Case>();
  #inForce: readonly HoldVersion[] | undefined;
  #byCamera: Map<string, HoldVersion[]> | undefined;

  /** Takes a version in when it is higher than the one known. Returns whether it was. */
  add(version: HoldVersion): boolean {
    const known = this.#current.get(version.holdId);
    if (known !== undefined && known.version >= version.version) return false;
    this.#current.set(version.holdId, version);
    this.#joinCase(version);
    this.#inForce = undefined;
    this.#byCamera = undefined;
    return true;
  }

  get(holdId: string): HoldVersion | undefined {
    return this.#current.get(holdId);
  }

  /** The highest version of every hold, the newest hold first. */
  all(): HoldVersion[] {
    return [...this.#current.values()].sort((a, b) => b.atMs - a.atMs || (a.holdId < b.holdId ? 1 : -1));
  }

  cases(): Case[] {
    return [...this.#cases.values()];
  }

  /** What the decisions ask: every hold, and apart from it what it gave up; ended ones included. */
  inForce(): readonly HoldVersion[] {
    this.#inForce ??= this.all().flatMap(partsOf);
    return this.#inForce;
  }

  /** Of `inForce`, those that name this camera. */
  ofCamera(cameraId: string): readonly HoldVersion[] {
    this.#byCamera ??= this.#index();
    return this.#byCamera.get(cameraId) ?? [];
  }

  /**
   * All holds of a case say the same of it: what its highest version says. So one version of one hold makes a change of
   * the case durable, and no crash leaves it half made.
   */
  #joinCase(version: HoldVersion): void {
    const { id } = version.case;
    const known = this.#cases.get(id);
    const current =
      known === undefined || known.mark.version < version.case.version ? caseOf(version) : known;
    this.#cases.set(id, current);
    for (const hold of this.#current.values()) {
      if (hold.case.id === id && hold.case.version < current.mark.version)
        this.#current.set(hold.holdId, under(current, hold));
    }
  }

  #index(): Map<string, HoldVersion[]> {
    const index = new Map<string, HoldVersion[]>();
    for (const version of this.inForce()) {
      for (const camera of version.terms.cameraIds) {
        const list = index.get(camera);
        if (list === undefined) index.set(camera, [version]);
        else list.push(version);
      }
    }
    return index;
  }
}

/** What a version says of its case. */
export function caseOf({ case: mark, terms }: HoldVersion): Case {
  const { caseRef, title, kind, ground, viewers } = terms;
  return { mark, caseRef, title, kind, ground, viewers };
}

function under({ mark, ...terms }: Case, hold: HoldVersion): HoldVersion {
  return { ...hold, case: mark, terms: { ...hold.terms, ...terms } };
}
