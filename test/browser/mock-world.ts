/** What the mock remembers: sessions, accounts, holds, and its own running clock. */
import { randomUUID } from 'node:crypto';
import { MATRIX, may, type Permission } from '../../src/access/roles.ts';
import { HOUR_MS } from '../../src/base/clock.ts';
import type * as api from '../../src/http/api/index.ts';
import { NOON } from './mock-footage.ts';
import { UNASKED, accountsOf, firstHolds } from './mock-records.ts';

export const PASSWORD = 'correct horse battery';

export interface Live {
  readonly account: api.Account;
  readonly csrf: string;
  purpose: api.Purpose | null;
}

/** Becomes a problem document. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

export class MockWorld {
  readonly clipDir: string;
  readonly accounts = accountsOf();
  /** `auditBroken`: footage is answered with 503. `adopting`: the root waits to be confirmed. */
  readonly state = { auditBroken: false, adopting: false };
  holds = firstHolds();
  readonly #sessions = new Map<string, Live>();
  readonly #startedAt = performance.now();

  constructor(clipDir: string) {
    this.clipDir = clipDir;
  }

  nowMs(): number {
    return Math.floor(NOON + performance.now() - this.#startedAt);
  }

  signIn(userName: string, password: string): { token: string; live: Live } {
    const account = this.accounts.find((a) => a.userName === userName && !a.disabled);
    if (account === undefined || password !== PASSWORD) throw new Refused(401, 'unauthenticated');
    const token = randomUUID();
    const live = { account, csrf: randomUUID(), purpose: null };
    this.#sessions.set(token, live);
    return { token, live };
  }

  find(token: string): Live | undefined {
    return this.#sessions.get(token);
  }

  signOut(live: Live): void {
    for (const [token, other] of this.#sessions) if (other === live) this.#sessions.delete(token);
  }

  shown({ account, csrf, purpose }: Live): api.Session {
    const { userName, displayName, role } = account;
    const permissions = (Object.keys(MATRIX) as Permission[]).filter((p) => may(role, p));
    const ends = { idleEndsMs: this.nowMs() + HOUR_MS / 2, endsMs: this.nowMs() + 8 * HOUR_MS };
    return { userName, displayName, role, permissions, language: 'en', csrfToken: csrf, purpose, ...ends };
  }

  demand({ account }: Live, permission: Permission): void {
    if (!may(account.role, permission)) throw new Refused(403, 'forbidden');
  }

  demandLook(live: Live): void {
    this.demand(live, 'footage.view');
    if (live.purpose === null) throw new Refused(403, 'purpose_missing');
    if (this.state.auditBroken) throw new Refused(503, 'audit_unavailable');
  }

  demandPassword(typed: string): void {
    if (typed !== PASSWORD) throw new Refused(403, 'forbidden');
  }

  hold(id: string): api.Hold {
    const hold = this.holds.find((h) => h.id === id);
    if (hold === undefined) throw new Refused(404, 'not_found');
    return hold;
  }

  place(request: api.HoldRequest, by: string): api.Hold {
    const hold: api.Hold = {
      ...UNASKED,
      ...request,
      viewers: [...(request.viewers ?? [])],
      endMs: request.endMs ?? null,
      id: randomUUID(),
      version: 1,
      setBy: by,
      setMs: this.nowMs(),
      state: 'standing',
      reviewOverdue: false,
      releasedBy: null,
      releasedMs: null,
      releaseReason: null,
      endsMs: null,
    };
    this.holds = [hold, ...this.holds];
    return hold;
  }

  /** A second person grants it. */
  ask(id: string, by: string, reason: string): api.Hold {
    const known = this.hold(id);
    const { cameraIds, fromMs, toMs, endMs } = known;
    const to = { cameraIds, fromMs, toMs, endMs };
    return this.#keep({
      ...known,
      act: 'asked',
      version: known.version + 1,
      pending: { what: 'release', ...to, reason, by, atMs: this.nowMs(), effectiveMs: null },
    });
  }

  release(id: string, by: string): api.Hold {
    const releasedMs = this.nowMs();
    const known = this.hold(id);
    return this.#keep({
      ...known,
      act: 'released',
      version: known.version + 1,
      pending: null,
      releaseAskedBy: known.pending?.by ?? null,
      state: 'cooling_off',
      releasedBy: by,
      releasedMs,
      releaseReason: known.pending?.reason ?? null,
      endsMs: releasedMs + 24 * HOUR_MS,
    });
  }

  #keep(made: api.Hold): api.Hold {
    this.holds = this.holds.map((h) => (h.id === made.id ? made : h));
    return made;
  }
}
