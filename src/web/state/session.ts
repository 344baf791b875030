/** Who is signed in, why they look, and when either ends. */
import type { Purpose, Session, Site } from '../../http/api/index.ts';
import { ApiError, lastAnswerAt, listenForRefusals, keepCsrfToken } from '../api/client.ts';
import * as api from '../api/endpoints.ts';
import { activity } from './activity.ts';
import { adoptSite } from './language.ts';
import { serverNow } from './clock.ts';
import { createStore } from './store.ts';

export type Access =
  | { readonly kind: 'starting' }
  | { readonly kind: 'failed'; readonly code: string }
  | { readonly kind: 'signed_out'; readonly site: Site; readonly ended: boolean }
  | { readonly kind: 'signed_in'; readonly site: Site; readonly session: Session };

export const access = createStore<Access>({ kind: 'starting' });

/** The purpose under which pictures are shown now; null: the dialog is owed, and nothing is played. */
export const purpose = createStore<Purpose | null>(null);

/** Viewing stopped because its record cannot be written. */
export const auditStopped = createStore(false);

/** Length of a session without a request, as the last answer told it. */
let idleMs = Infinity;

/** How long the session still lives, milliseconds; it is prolonged by every answer until its absolute end. */
export function sessionLeftMs(session: Session): number {
  const idleLeft = idleMs - (performance.now() - lastAnswerAt());
  return Math.min(idleLeft, session.endsMs - serverNow());
}

/** Whether another request would prolong it. */
export function canProlong(session: Session): boolean {
  return sessionLeftMs(session) < session.endsMs - serverNow();
}

/** A purpose ends after this long without input. */
const PURPOSE_IDLE_MS = 10 * 60_000;
/** Looking on is told to the server this often at most. */
const REFRESH_MS = 60_000;

function open(site: Site, session: Session): void {
  keepCsrfToken(session.csrfToken);
  idleMs = session.idleEndsMs - serverNow();
  purpose.set(session.purpose);
  access.set({ kind: 'signed_in', site, session });
}

function close(ended: boolean): void {
  const now = access.get();
  if (now.kind !== 'signed_in') return;
  keepCsrfToken('');
  purpose.set(null);
  access.set({ kind: 'signed_out', site: now.site, ended });
}

/** Reads the site and, when a cookie is still good, the session. */
export async function start(): Promise<void> {
  try {
    const site = await api.getSite();
    adoptSite(site);
    try {
      open(site, await api.getSession());
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      access.set({ kind: 'signed_out', site, ended: false });
    }
  } catch (error) {
    access.set({ kind: 'failed', code: error instanceof ApiError ? error.code : 'other' });
  }
}

/** Throws ApiError: `unauthenticated` for a wrong name or password, `too_many_requests`. */
export async function signIn(userName: string, password: string): Promise<void> {
  const now = access.get();
  if (now.kind !== 'signed_out') return;
  open(now.site, await api.signIn(userName, password));
}

export async function signOut(): Promise<void> {
  try {
    await api.signOut();
  } finally {
    close(false);
  }
}

export async function statePurpose(stated: Purpose): Promise<void> {
  const now = access.get();
  if (now.kind !== 'signed_in') return;
  open(now.site, await api.statePurpose(stated));
  auditStopped.set(false);
}

/** Ends the viewing before its time. */
export async function endViewing(): Promise<void> {
  const now = access.get();
  if (now.kind !== 'signed_in') return;
  purpose.set(null);
  open(now.site, await api.withdrawPurpose());
}

/** Reads the session again: it is prolonged by being used, and may have been ended from elsewhere. */
export async function refresh(): Promise<void> {
  const now = access.get();
  if (now.kind !== 'signed_in') return;
  try {
    const session = await api.getSession();
    keepCsrfToken(session.csrfToken);
    idleMs = session.idleEndsMs - serverNow();
    access.set({ ...now, session });
  } catch {
    // 401 has closed the session already; anything else is tried again with the next look.
  }
}

let refreshedAt = 0;
activity.subscribe(() => {
  if (performance.now() - refreshedAt < REFRESH_MS) return;
  refreshedAt = performance.now();
  void refresh();
});

setInterval(() => {
  if (performance.now() - activity.get() >= PURPOSE_IDLE_MS) purpose.set(null);
}, 1000);

/** Whether the record can be written again is found out by trying. */
const AUDIT_RETRY_MS = 30_000;

export function retryViewing(): void {
  auditStopped.set(false);
}

listenForRefusals((code) => {
  if (code === 'unauthenticated') close(true);
  if (code === 'purpose_missing') purpose.set(null);
  if (code === 'audit_unavailable' && !auditStopped.get()) {
    auditStopped.set(true);
    setTimeout(retryViewing, AUDIT_RETRY_MS);
  }
});
