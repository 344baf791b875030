/** Signing in and out, and saying why one looks. */
import { purposeOf, type Purpose as StatedPurpose } from '../../access/purpose.ts';
import { MATRIX, may, type Permission } from '../../access/roles.ts';
import { ABSOLUTE_MS, endsMs, type Session as LiveSession } from '../../access/session.ts';
import { FortnightError } from '../../base/errors.ts';
import { LoginRequest, PasswordChange, Purpose, Session } from '../api/index.ts';
import { clearedCookie, sessionCookie } from '../cookie.ts';
import { ForeignPage } from '../guard.ts';
import { guarded, open, type RefusedCall } from '../route.ts';

export const signIn = open({
  method: 'POST',
  path: '/api/v1/session',
  summary: 'Sign in; every attempt is recorded',
  body: LoginRequest,
  output: { status: 200, json: Session },
  onRefused: recordRefusedAttempt,
  handle: async ({ deps, session, body, peer, nowMs }) => {
    const attempt = { ...body, peer, nowMs, previous: session };
    const opened = await deps.access.signIn.attempt(attempt);
    const headers = { 'set-cookie': sessionCookie(opened.token) };
    return { status: 200, json: shown(opened.session, nowMs), headers };
  },
});

export const readSession = guarded({
  method: 'GET',
  path: '/api/v1/session',
  summary: 'The session of this browser',
  allow: 'session.own',
  output: { status: 200, json: Session },
  handle: ({ session, nowMs }) => ({ status: 200, json: shown(session, nowMs) }),
});

export const signOut = guarded({
  method: 'DELETE',
  path: '/api/v1/session',
  summary: 'Sign out',
  allow: 'session.own',
  output: { status: 204 },
  handle: ({ deps, session }) => {
    deps.access.sessions.close(session, 'logout');
    return { status: 204, headers: { 'set-cookie': clearedCookie() } };
  },
});

export const statePurpose = guarded({
  method: 'PUT',
  path: '/api/v1/session/purpose',
  summary: 'State why one looks; ends after ten minutes without looking',
  allow: 'footage.view',
  body: Purpose,
  output: { status: 200, json: Session },
  handle: ({ deps, session, body, nowMs }) => {
    if (body.kind === 'case' && body.caseRef === undefined)
      throw new FortnightError('invalid', 'a case has a reference');
    deps.access.purposes.state(session, { ...body, caseRef: body.caseRef }, nowMs);
    return { status: 200, json: shown(session, nowMs) };
  },
});

export const withdrawPurpose = guarded({
  method: 'DELETE',
  path: '/api/v1/session/purpose',
  summary: 'Stop looking; running pictures end',
  allow: 'footage.view',
  output: { status: 200, json: Session },
  handle: async ({ deps, session, nowMs }) => {
    deps.access.purposes.withdraw(session);
    await deps.access.streams.closeForSession(session.id);
    deps.access.views.endSession(session.id, 'purpose_ended');
    return { status: 200, json: shown(session, nowMs) };
  },
});

export const changePassword = guarded({
  method: 'POST',
  path: '/api/v1/session/password',
  summary: 'Change the own password; every other session of the account ends',
  allow: 'session.own',
  body: PasswordChange,
  output: { status: 204 },
  handle: async ({ deps, session, body, peer }) => {
    await deps.access.signIn.confirm(session, body.currentPassword, peer);
    await deps.access.accounts.changeOwn(session, body.newPassword);
    return { status: 204 };
  },
});

/** An attempt that never reached the password is an attempt all the same, and owes its one record. */
function recordRefusedAttempt({ deps, body, peer }: RefusedCall, error: unknown): void {
  const typed = typeof body === 'object' && body !== null && 'userName' in body ? body.userName : '';
  const userName = typeof typed === 'string' ? typed : '';
  const outcome = error instanceof ForeignPage ? 'refused_origin' : 'malformed';
  deps.access.signIn.recordRefused(userName, peer, outcome);
}

function shown(session: LiveSession, nowMs: number): Session {
  const { userName, displayName, role, language } = session.account;
  const permissions = (Object.keys(MATRIX) as Permission[]).filter((p) => may(role, p));
  const purpose = purposeOf(session, nowMs);
  return {
    userName,
    displayName,
    role,
    permissions,
    language,
    csrfToken: session.csrf,
    purpose: purpose === undefined ? null : shownPurpose(purpose),
    idleEndsMs: endsMs(session),
    endsMs: session.createdMs + ABSOLUTE_MS,
  };
}

function shownPurpose({ kind, note, caseRef }: StatedPurpose): Purpose {
  return { kind, note, ...(caseRef === undefined ? {} : { caseRef }) };
}
