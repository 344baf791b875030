/** What the mock does with holds: placing, and every act of two people, without a clock of its own. */
import { randomUUID } from 'node:crypto';
import { DAY_MS, HOUR_MS } from '../../src/base/clock.ts';
import type * as api from '../../src/http/api/index.ts';
import { Refused } from './mock-world.ts';

export const CONFIRM_WITHIN_MS = 72 * HOUR_MS;
const COOLING_OFF_MS = DAY_MS;

export interface By {
  readonly userName: string;
  readonly role: string;
  readonly nowMs: number;
}

export interface Acted {
  readonly version: number;
  readonly reason?: string;
  readonly reviewMs?: number;
}

type Version = api.CaseDetail['history'][number];

/** All holds and all that was done with them. */
export class MockHolds {
  list: readonly api.Hold[];
  readonly history: Version[];

  constructor(list: readonly api.Hold[]) {
    this.list = list;
    this.history = list.map((h) => ({
      holdId: h.id,
      version: 1,
      act: 'placed' as const,
      asked: null,
      by: h.setBy,
      atMs: h.setMs,
      reason: h.reason,
    }));
  }

  find(id: string): api.Hold {
    const hold = this.list.find((h) => h.id === id);
    if (hold === undefined) throw new Refused(404, 'not_found');
    return hold;
  }

  place(request: Omit<api.Hold, keyof typeof FRESH | 'id' | 'caseId' | 'setBy' | 'setMs'>, by: By): api.Hold {
    const hold: api.Hold = {
      ...FRESH,
      ...request,
      id: randomUUID(),
      caseId: randomUUID(),
      setBy: by.userName,
      setMs: by.nowMs,
      confirmByMs: by.nowMs + CONFIRM_WITHIN_MS,
    };
    this.list = [hold, ...this.list];
    this.#remember(hold, by, request.reason);
    return hold;
  }

  act(id: string, what: string, acted: Acted & Partial<api.Hold>, by: By): api.Hold {
    const hold = this.find(id);
    if (hold.version !== acted.version) throw new Refused(409, 'conflict');
    const part = CHANGES[what]?.(hold, acted, by);
    if (part === undefined) throw new Refused(404, 'not_found');
    const changed = { ...hold, ...part, version: hold.version + 1 };
    this.list = this.list.map((h) => (h.id === id ? changed : h));
    this.#remember(changed, by, acted.reason ?? '');
    return changed;
  }

  caseOf(caseId: string): api.CaseDetail {
    const holds = this.list.filter((h) => h.caseId === caseId);
    const first = holds[0];
    if (first === undefined) throw new Refused(404, 'not_found');
    const {
      caseVersion: version,
      caseRef: ref,
      title,
      kind,
      ground,
      viewers,
      setBy: by,
      setMs: atMs,
    } = first;
    const ids = holds.map((h) => h.id);
    return {
      case: { id: caseId, version, ref, title, kind, ground, viewers, by, atMs, holds: ids },
      versions: [{ version, title, viewers, by, atMs, reason: first.reason }],
      holds,
      history: this.history.filter((v) => ids.includes(v.holdId)),
    };
  }

  changeCase(caseId: string, { version, title, viewers, reason }: api.CaseChange, by: By): void {
    for (const hold of this.list.filter((h) => h.caseId === caseId)) {
      if (hold.caseVersion !== version) throw new Refused(409, 'conflict');
      const part = { act: 'case_changed' as const, title, viewers, caseVersion: version + 1 };
      const changed = { ...hold, ...part, version: hold.version + 1 };
      this.list = this.list.map((h) => (h.id === hold.id ? changed : h));
      this.#remember(changed, by, reason);
    }
  }

  #remember(hold: api.Hold, by: By, reason: string): void {
    const { id: holdId, version, act } = hold;
    const asked = act === 'asked' ? (hold.pending?.what ?? null) : null;
    this.history.push({ holdId, version, act, asked, by: by.userName, atMs: by.nowMs, reason });
  }
}

export const FRESH = {
  version: 1,
  act: 'placed',
  caseVersion: 1,
  confirmedBy: null,
  confirmedMs: null,
  confirmByMs: null,
  unconfirmedOverdue: false,
  pending: null,
  releaseAskedBy: null,
  leaving: [],
  state: 'standing',
  reviewOverdue: false,
  releasedBy: null,
  releasedMs: null,
  releaseReason: null,
  endsMs: null,
} as const satisfies Partial<api.Hold>;

type Change = (hold: api.Hold, acted: Acted & Partial<api.Hold>, by: By) => Partial<api.Hold>;

function second(by: By, not: string): void {
  if (by.userName === not || !['privacy', 'security'].includes(by.role)) throw new Refused(403, 'forbidden');
}

function asked(hold: api.Hold, acted: Acted & Partial<api.Hold>, by: By): NonNullable<api.Hold['pending']> {
  const { cameraIds, fromMs, toMs, endMs } = { ...hold, ...acted };
  const scope = { cameraIds, fromMs, toMs, endMs };
  const what = acted.cameraIds === undefined ? ('release' as const) : ('narrowing' as const);
  return { what, ...scope, reason: acted.reason ?? '', by: by.userName, atMs: by.nowMs, effectiveMs: null };
}

const CHANGES: Readonly<Record<string, Change>> = {
  confirm: (hold, _, by) => {
    second(by, hold.setBy);
    return { act: 'confirmed', confirmedBy: by.userName, confirmedMs: by.nowMs, confirmByMs: null };
  },
  release: (hold, acted, by) => ({ act: 'asked', pending: asked(hold, acted, by) }),
  narrow: (hold, acted, by) => ({ act: 'asked', pending: asked(hold, acted, by) }),
  refuse: () => ({ act: 'refused', pending: null }),
  withdraw: () => ({ act: 'withdrawn', pending: null, state: 'standing', releasedBy: null, endsMs: null }),
  review: (_, { reviewMs = 0 }) => ({ act: 'reviewed', reviewMs, reviewOverdue: false }),
  widen: (_, { cameraIds = [], fromMs = 0, toMs = 0, endMs = null }, by) => {
    const confirmByMs = by.nowMs + CONFIRM_WITHIN_MS;
    return {
      act: 'widened',
      cameraIds,
      fromMs,
      toMs,
      endMs,
      confirmByMs,
      setBy: by.userName,
      setMs: by.nowMs,
    };
  },
  approve: (hold, acted, by) => {
    const { pending } = hold;
    if (pending === null) throw new Refused(409, 'conflict');
    second(by, pending.by);
    const endsMs = by.nowMs + COOLING_OFF_MS;
    if (pending.what === 'narrowing') {
      const { cameraIds, fromMs, toMs, endMs } = pending;
      const leaving = [{ cameraIds: hold.cameraIds, fromMs: hold.fromMs, toMs: hold.toMs, endsMs }];
      return { act: 'narrowed', cameraIds, fromMs, toMs, endMs, leaving, pending: null };
    }
    return {
      act: 'released',
      state: 'cooling_off',
      pending: null,
      releaseAskedBy: pending.by,
      releasedBy: by.userName,
      releasedMs: by.nowMs,
      releaseReason: acted.reason ?? '',
      endsMs,
    };
  },
};
