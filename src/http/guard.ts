/**
 * Who is asking, and whether they may: default deny. The order matters: a stranger learns 401 about everything, a
 * person of the wrong role 403 about everything, before any input is looked at.
 */
import type { IncomingMessage } from 'node:http';
import { purposeOf, touchPurpose } from '../access/purpose.ts';
import { may } from '../access/roles.ts';
import type { Session } from '../access/session.ts';
import { FortnightError } from '../base/errors.ts';
import { cookieToken } from './cookie.ts';
import type { HttpDeps } from './deps.ts';
import type { Route } from './route.ts';

export const CSRF_HEADER = 'x-fortnight-csrf';

/** The live session of the request's cookie; nothing else signs anybody in. */
export function sessionOf(deps: HttpDeps, req: IncomingMessage): Session | undefined {
  const token = cookieToken(req.headers.cookie);
  return token === undefined ? undefined : deps.access.sessions.find(token, deps.clock.nowMs());
}

/**
 * Lets a request pass or throws: `unauthenticated`, `forbidden`, `purpose_missing`. Answers the session, if any.
 * `scheme` is that of the connection.
 */
export function guard(
  deps: HttpDeps,
  route: Route,
  asked: { readonly req: IncomingMessage; readonly scheme: 'https' | 'http' },
): Session | undefined {
  const { req, scheme } = asked;
  const session = sessionOf(deps, req);
  const changes = route.method !== 'GET';
  if (route.allow === 'public') {
    if (changes) refuseForeignPages(req, scheme);
    return session;
  }
  if (session === undefined) throw new FortnightError('unauthenticated', 'sign in first');
  const nowMs = deps.clock.nowMs();
  if (!may(session.account.role, route.allow)) {
    deps.access.trail.denied(session, route.allow, nowMs);
    throw new FortnightError('forbidden', 'your role does not include this');
  }
  refuseForeignPages(req, scheme);
  if (changes) demandToken(deps, session, req);
  deps.access.sessions.touch(session, nowMs);
  if (route.needsPurpose) {
    if (purposeOf(session, nowMs) === undefined)
      throw new FortnightError('purpose_missing', 'state why you look first');
    touchPurpose(session, nowMs);
  }
  return session;
}

/** What browsers tell about where a request came from. Other clients tell nothing and are held by the token. */
function refuseForeignPages(req: IncomingMessage, scheme: string): void {
  const { origin, host } = req.headers;
  const site = req.headers['sec-fetch-site'];
  const fromHere = origin === undefined || origin.toLowerCase() === `${scheme}://${host ?? ''}`.toLowerCase();
  const siteIsOurs =
    site === undefined || site === 'same-origin' || (site === 'none' && req.method === 'GET');
  if (!fromHere || !siteIsOurs) throw new ForeignPage();
}

/** A page of another origin sent the browser here. */
export class ForeignPage extends FortnightError {
  constructor() {
    super('forbidden', 'requests from pages of another site are refused');
  }
}

/** Bodies a foreign form can send without asking; JSON it cannot. */
const FORM_TYPES = /^\s*(text\/plain|application\/x-www-form-urlencoded|multipart\/form-data)/i;

function demandToken(deps: HttpDeps, session: Session, req: IncomingMessage): void {
  const token = req.headers[CSRF_HEADER];
  const matches = typeof token === 'string' && deps.access.sessions.csrfMatches(session, token);
  if (!matches || FORM_TYPES.test(req.headers['content-type'] ?? '')) {
    deps.access.trail.denied(session, 'csrf', deps.clock.nowMs());
    throw new FortnightError('forbidden', 'the token of this session is missing or wrong');
  }
}
