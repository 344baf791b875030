/** What the mock remembers: sessions, accounts, holds, and its own running clock. */
import { randomUUID } from 'node:crypto';
import { MATRIX, may, type Permission } from '../../src/access/roles.ts';
import { HOUR_MS } from '../../src/base/clock.ts';
import type * as api from '../../src/http/api/index.ts';
import { MockHolds, type By } from './mock-holds.ts';
import { NOON } from './mock-footage.ts';
import { accountsOf, firstHolds } from './mock-records.ts';

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

export interface State {
  auditBroken: boolean;
  adopting: boolean;
  release: api.HoldList['release'];
}

export class MockWorld {
  readonly clipDir: string;
  readonly accounts = accountsOf();
  /** `auditBroken`: footage is answered with 503. `adopting`: the root waits to be confirmed. */
  readonly state: State = { auditBroken: false, adopting: false, release: 'two_people' };
  readonly holds = new MockHolds(firstHolds());
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

  by({ account: { userName, role } }: Live): By {
    return { userName, role, nowMs: this.nowMs() };
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
}
