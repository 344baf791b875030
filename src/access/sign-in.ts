/**
 * Signing in. Every attempt makes exactly one audit record, whatever became of it, and whoever fails learns nothing:
 * unknown, disabled and wrong look and take the same; a throttled right password looks like a throttled wrong one.
 */
import { FortnightError } from '../base/errors.ts';
import { userNameOf, type Account, type AccountStore } from './account.ts';
import type { Append, Ledger } from './ledger.ts';
import type { Passwords } from './passwords.ts';
import { may, type Permission } from './roles.ts';
import type { Session } from './session.ts';
import type { Opened, Sessions } from './sessions.ts';
import type { Throttle } from './throttle.ts';

export type LoginOutcome =
  | 'ok'
  | 'wrong_password'
  | 'unknown_user'
  | 'disabled'
  | 'throttled'
  | 'busy'
  | 'malformed'
  | 'refused_origin';

export interface Attempt {
  /** As typed; what cannot be a user name is recorded bounded and never looked up. */
  readonly userName: string;
  readonly password: string;
  readonly peer: string;
  readonly nowMs: number;
  /** The session this browser had until now; it ends with a successful log-in. */
  readonly previous: Session | undefined;
}

export interface SignInParts {
  readonly accounts: AccountStore;
  readonly ledger: Ledger;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly throttle: Throttle;
  /** Told of every attempt, for the metrics. */
  readonly onLogin: (outcome: LoginOutcome) => void;
}

/** How the metrics count an outcome. */
export function loginResult(outcome: LoginOutcome): 'success' | 'failure' | 'throttled' {
  if (outcome === 'ok') return 'success';
  return outcome === 'throttled' || outcome === 'busy' ? 'throttled' : 'failure';
}

/** Too many attempts; `retryAfterS` for the header. */
export class Throttled extends FortnightError {
  readonly retryAfterS: number;
  constructor(retryAfterS: number) {
    super('too_many_requests', 'too many attempts', { hint: 'wait, then try again' });
    this.retryAfterS = retryAfterS;
  }
}

const MAX_RECORDED_NAME = 64;

export class SignIn {
  readonly #parts: SignInParts;
  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  /** Opens a session. Throws `unauthenticated`, `too_many_requests` (Throttled), `busy` or `audit_unavailable`. */
  async attempt(attempt: Attempt): Promise<Opened> {
    const { account, rehashed } = await this.#prove(attempt);
    return this.#open(account, attempt, rehashed);
  }

  /**
   * Proves who acts on the command line, for one act and without a session. The record is the same as of a log-in.
   * Throws as `attempt` does, and `forbidden` when the role does not include `permission`.
   */
  async identify(attempt: Omit<Attempt, 'previous'>, permission: Permission): Promise<Account> {
    const { account } = await this.#prove({ ...attempt, previous: undefined });
    this.#parts.ledger.commit((append) => {
      recordLogin(append, { userName: account.userName, peer: attempt.peer }, { outcome: 'ok' });
    });
    this.#parts.onLogin('ok');
    if (may(account.role, permission)) return account;
    throw new FortnightError('forbidden', 'the role of this account does not include this');
  }

  /** Records an attempt that never reached the password: no text, too long, from a foreign page. */
  recordRefused(userName: string, peer: string, outcome: 'malformed' | 'refused_origin'): void {
    this.#recordFailure({ userName, peer }, outcome);
  }

  /**
   * Asks a signed-in person for the password again before something that is hard to take back.
   * Throws `forbidden`, `too_many_requests` (Throttled) or `busy`.
   */
  async confirm(session: Session, password: string, peer: string): Promise<void> {
    const { throttle, passwords, ledger } = this.#parts;
    const { userName, id } = session.account;
    const passage = await throttle.take(userName, peer);
    if (!passage.admitted) throw new Throttled(passage.retryAfterS);
    const { matches } = await passwords.check(this.#parts.accounts.passwordHash(id), password);
    if (!matches) {
      ledger.commit((append) =>
        append({
          kind: 'access_denied',
          actor: userName,
          payload: { what: 'password_again', peer, session: session.id },
        }),
      );
      throw new FortnightError('forbidden', 'the password is wrong');
    }
    await throttle.giveBack(userName, peer);
  }

  async #prove(attempt: Attempt): Promise<{ account: Account; rehashed: string | undefined }> {
    const { throttle } = this.#parts;
    const passage = await throttle.take(attempt.userName, attempt.peer);
    if (!passage.admitted) {
      this.#recordFailure(attempt, 'throttled');
      throw new Throttled(passage.retryAfterS);
    }
    const found = this.#account(attempt.userName);
    const check = await this.#check(attempt, found);
    // Asked again: the account may have been disabled, or given another password, while the hash was computed.
    const account = this.#account(attempt.userName);
    const changed = found !== undefined && this.#hashOf(found) !== check.against;
    if (account === undefined || account.disabled || !check.matches || changed) {
      this.#recordFailure(attempt, outcomeOf(account));
      throw new FortnightError('unauthenticated', 'user name or password is wrong');
    }
    await throttle.giveBack(attempt.userName, attempt.peer);
    return { account, rehashed: check.rehashed };
  }

  async #check(
    attempt: Attempt,
    account: Account | undefined,
  ): Promise<{ matches: boolean; against: string | undefined; rehashed: string | undefined }> {
    const { passwords, throttle } = this.#parts;
    const against = account === undefined ? undefined : this.#hashOf(account);
    try {
      const { matches, rehash } = await passwords.check(against, attempt.password);
      const rehashed = matches && rehash ? await passwords.hash(attempt.password) : undefined;
      return { matches, against, rehashed };
    } catch (error) {
      if (!(error instanceof FortnightError) || error.code !== 'busy') throw error;
      await throttle.undo(attempt.userName, attempt.peer);
      this.#recordFailure(attempt, 'busy');
      throw error;
    }
  }

  #open(account: Account, attempt: Attempt, rehashed: string | undefined): Opened {
    const { ledger, sessions, accounts, onLogin } = this.#parts;
    const { nowMs, peer, previous } = attempt;
    const opened = ledger.commit((append) => {
      if (rehashed !== undefined) accounts.update(account.id, { passwordHash: rehashed, atMs: nowMs });
      const made = sessions.open(append, account, { peer, nowMs });
      recordLogin(append, { userName: account.userName, peer }, { outcome: 'ok', session: made.session.id });
      return made;
    });
    sessions.admit(opened);
    onLogin('ok');
    if (previous !== undefined && sessions.isLive(previous, nowMs)) sessions.close(previous, 'replaced');
    return opened;
  }

  #recordFailure(attempt: { userName: string; peer: string }, outcome: LoginOutcome): void {
    this.#parts.onLogin(outcome);
    this.#parts.ledger.commit((append) => {
      recordLogin(append, attempt, { outcome });
    });
  }

  #account(userName: string): Account | undefined {
    const name = userNameOf(userName);
    return name === undefined ? undefined : this.#parts.accounts.byName(name);
  }

  #hashOf(account: Account): string | undefined {
    return this.#parts.accounts.passwordHash(account.id);
  }
}

function outcomeOf(account: Account | undefined): LoginOutcome {
  if (account === undefined) return 'unknown_user';
  return account.disabled ? 'disabled' : 'wrong_password';
}

function recordLogin(
  append: Append,
  attempt: { userName: string; peer: string },
  result: { outcome: LoginOutcome; session?: string },
): void {
  const userName = attempt.userName.toWellFormed().slice(0, MAX_RECORDED_NAME).toWellFormed();
  append({ kind: 'login', actor: userName, payload: { userName, peer: attempt.peer, ...result } });
}
