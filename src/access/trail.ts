/**
 * Records that would drown the audit when each stood alone: reading it page by page, and being refused again and
 * again. The first of a kind is recorded at once; what follows within ten minutes is counted, and the count recorded
 * when the ten minutes are over (an attacker who floods pushes nothing out of sight).
 */
import { MINUTE_MS } from '../base/clock.ts';
import type { AuditDraft } from '../audit/entry.ts';
import type { Ledger } from './ledger.ts';
import type { Session } from './session.ts';

export const TRAIL_MS = 10 * MINUTE_MS;

/** Kinds counted at once; the oldest gives way, with its count recorded. */
const MAX_RUNS = 1000;

interface Run {
  readonly draft: AuditDraft;
  readonly sinceMs: number;
  more: number;
}

export class Trail {
  readonly #ledger: Ledger;
  readonly #runs = new Map<string, Run>();
  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** A page of the audit is about to be read. Throws `audit_unavailable`: then it is not shown. */
  auditRead(session: Session, nowMs: number): void {
    this.#note(`read ${session.id}`, nowMs, {
      kind: 'audit_read',
      actor: session.account.userName,
      payload: { session: session.id },
    });
  }

  /** A signed-in person asked for what their role does not give, or without the proof that they meant it. */
  denied(session: Session, what: string, nowMs: number): void {
    this.#note(`denied ${session.id} ${what}`, nowMs, {
      kind: 'access_denied',
      actor: session.account.userName,
      payload: { session: session.id, role: session.account.role, what },
    });
  }

  /** Records the counts of runs that are over; each second. */
  tick(nowMs: number): void {
    for (const [key, run] of this.#runs) if (nowMs - run.sinceMs >= TRAIL_MS) this.#end(key, run);
  }

  /** Records all counts, at shut-down. */
  stop(): void {
    for (const [key, run] of this.#runs) this.#end(key, run);
  }

  #note(key: string, nowMs: number, draft: AuditDraft): void {
    const run = this.#runs.get(key);
    if (run !== undefined && nowMs - run.sinceMs < TRAIL_MS) {
      run.more += 1;
      return;
    }
    if (run !== undefined) this.#end(key, run);
    this.#ledger.commit((append) => append(draft));
    this.#runs.set(key, { draft, sinceMs: nowMs, more: 0 });
    const [oldest] = this.#runs;
    if (oldest !== undefined && this.#runs.size > MAX_RUNS) this.#end(...oldest);
  }

  #end(key: string, run: Run): void {
    if (run.more > 0) {
      const { kind, actor, payload } = run.draft;
      this.#ledger.commit((append) => append({ kind, actor, payload: { ...payload, more: run.more } }));
    }
    this.#runs.delete(key);
  }
}
