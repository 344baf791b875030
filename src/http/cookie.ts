/** The session's cookie: never readable by scripts, never sent in clear, never by a page of another site. */
export const COOKIE_NAME = '__Host-fortnight';
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';

/** The value of our cookie; undefined when there is none, more than one, or one that we cannot have set. */
export function cookieToken(header: string | undefined): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${COOKIE_NAME}=`))
    .map((pair) => pair.slice(COOKIE_NAME.length + 1));
  const [token] = values;
  return values.length === 1 && token !== undefined && /^[A-Za-z0-9_-]{43}$/.test(token) ? token : undefined;
}

export function sessionCookie(token: string): string {
  return `${COOKIE_NAME}=${token}; ${ATTRIBUTES}`;
}

export function clearedCookie(): string {
  return `${COOKIE_NAME}=; ${ATTRIBUTES}; Max-Age=0`;
}
