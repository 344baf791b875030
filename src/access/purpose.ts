/** Why somebody looks: stated before footage is seen, over after ten minutes without looking. */
import { canonicalJson } from '../base/canonical-json.ts';
import { MINUTE_MS } from '../base/clock.ts';
import type { Ledger } from './ledger.ts';
import type { Session, SessionStore } from './session.ts';

export type PurposeKind = 'protect_property' | 'legal_claim' | 'case';

export interface Purpose {
  readonly kind: PurposeKind;
  readonly note: string;
  /** Owed for `case`. */
  readonly caseRef: string | undefined;
}

export const PURPOSE_IDLE_MS = 10 * MINUTE_MS;

/** Asked for at every range of every viewer. */
const keys = new WeakMap<Purpose, string>();

/** One spelling per purpose: the key of view windows, and what the index keeps. */
export function purposeKey(purpose: Purpose): string {
  const known = keys.get(purpose);
  if (known !== undefined) return known;
  const { kind, note, caseRef } = purpose;
  const key = canonicalJson({ kind, note, ...(caseRef === undefined ? {} : { caseRef }) });
  keys.set(purpose, key);
  return key;
}

/** How the audit names a purpose. */
export function purposePayload(purpose: Purpose): { purpose: string; note: string; caseRef: string | null } {
  return { purpose: purpose.kind, note: purpose.note, caseRef: purpose.caseRef ?? null };
}

/** The purpose in force; undefined when none was stated or nobody looked for ten minutes. */
export function purposeOf(session: Session, nowMs: number): Purpose | undefined {
  return nowMs < session.purposeMs + PURPOSE_IDLE_MS ? session.purpose : undefined;
}

export class Purposes {
  readonly #store: SessionStore;
  readonly #ledger: Ledger;
  constructor(store: SessionStore, ledger: Ledger) {
    this.#store = store;
    this.#ledger = ledger;
  }

  /** States a purpose, with its record. */
  state(session: Session, purpose: Purpose, nowMs: number): void {
    this.#ledger.commit((append) => {
      this.#store.update({ ...session, purpose, purposeMs: nowMs });
      append({
        kind: 'purpose_stated',
        actor: session.account.userName,
        payload: { session: session.id, ...purposePayload(purpose) },
      });
    });
    session.purpose = purpose;
    session.purposeMs = nowMs;
  }

  /** Ends the purpose. What was seen under it is in the view records; the caller ends those and the streams. */
  withdraw(session: Session): void {
    session.purpose = undefined;
    this.#ledger.commit(() => {
      this.#store.update(session);
    });
  }
}

/** Somebody looked under the purpose: its ten minutes begin again. */
export function touchPurpose(session: Session, nowMs: number): void {
  if (purposeOf(session, nowMs) !== undefined) session.purposeMs = nowMs;
}
