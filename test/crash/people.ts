/** A person's part of a life: an account, a log-in, a new password, a log-out; and who may enter afterwards. */
import type { Access } from '../../src/access/access.ts';
import { FortnightError } from '../../src/base/errors.ts';

const NAME = 'j.devries';
const OLD = 'een oude zin over niets 41';
const NEW = 'een nieuwe zin over niets 43';

type Say = (line: string) => void;

export async function comeAndGo(
  { accounts, signIn, sessions }: Access,
  nowMs: number,
  say: Say,
): Promise<void> {
  const draft = {
    userName: NAME,
    displayName: NAME,
    role: 'security',
    language: 'nl',
    password: OLD,
  } as const;
  await accounts.create(draft, 'console');
  say('made');
  const attempt = { userName: NAME, password: OLD, peer: 'office', nowMs, previous: undefined };
  const { token, session } = await signIn.attempt(attempt);
  say(`entered ${token}`);
  await accounts.changeOwn(session, NEW);
  say('changed');
  sessions.close(session, 'logout');
  say('left');
}

/** Says who may enter: by which password, and whether by the session of before. */
export async function whoMayEnter(
  { signIn, sessions }: Access,
  { nowMs, token }: { nowMs: number; token: string },
  say: Say,
): Promise<void> {
  for (const [which, password] of Object.entries({ old: OLD, new: NEW })) {
    const attempt = { userName: NAME, password, peer: 'office', nowMs };
    const may = await signIn.identify(attempt, 'session.own').then(
      () => true,
      (error: unknown) => {
        if (error instanceof FortnightError && error.code === 'unauthenticated') return false;
        throw error;
      },
    );
    say(`${which} ${may ? 'opens' : 'refused'}`);
  }
  say(`session ${token !== '' && sessions.find(token, nowMs) !== undefined ? 'live' : 'over'}`);
}

/** What was acknowledged before, against who may enter now: sentences about what is wrong. */
export function wrongWithPeople(acknowledged: readonly string[], now: readonly string[]): string[] {
  const acked = (what: string): boolean => acknowledged.some((line) => line.startsWith(what));
  const opens = (which: string): boolean => now.includes(`${which} opens`);
  const wrong: string[] = [];
  if (!now.includes('done')) wrong.push('the restart did not end well');
  if (opens('old') && opens('new')) wrong.push('two passwords open one account');
  if (acked('made') && !opens('old') && !opens('new'))
    wrong.push('the account was acknowledged, and nothing opens it');
  if (acked('changed') && !opens('new')) wrong.push('the new password was acknowledged, and does not open');
  if (acked('left') && now.includes('session live'))
    wrong.push('the log-out was acknowledged, and the session lives');
  return wrong;
}
