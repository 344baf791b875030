/** Acts that bind others ask for the password again: a session left open on a desk must not decide (I15). */
import type { Session } from '../access/session.ts';
import type { Call } from './route.ts';

export interface WithPassword {
  readonly password: string;
}

/** Throws `unauthenticated`, or `too_many_requests` after wrong ones: they count as attempts to log in. */
export async function demandPassword(call: Call<Session, unknown, unknown, WithPassword>): Promise<void> {
  await call.deps.access.signIn.confirm(call.session, call.body.password, call.peer);
}
