/** Making and changing accounts, each with its record. A change of rights ends every session of the account. */
import { FortnightError } from '../base/errors.ts';
import type { Language } from '../config/config.ts';
import { userNameOf, type Account, type AccountStore } from './account.ts';
import type { Append, Ledger } from './ledger.ts';
import { passwordFault, PASSWORD_FAULTS } from './password-policy.ts';
import type { Passwords } from './passwords.ts';
import type { Role } from './roles.ts';
import type { Session, SessionEnd } from './session.ts';
import type { Sessions } from './sessions.ts';

export interface AccountsParts {
  readonly store: AccountStore;
  readonly ledger: Ledger;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  /** Names an attacker would try: the site's, the city's, the controller's. */
  readonly knownNames: readonly string[];
  readonly nowMs: () => number;
}

export interface AccountDraft {
  readonly userName: string;
  readonly displayName: string;
  readonly role: Role;
  readonly language: Language;
  readonly password: string;
}

export interface AccountChange {
  readonly role?: Role | undefined;
  readonly disabled?: boolean | undefined;
}

export class Accounts {
  readonly #parts: AccountsParts;
  constructor(parts: AccountsParts) {
    this.#parts = parts;
  }

  list(): Account[] {
    return this.#parts.store.all();
  }

  /** The account of that name. Throws `not_found`. */
  named(userName: string): Account {
    const name = userNameOf(userName);
    const account = name === undefined ? undefined : this.#parts.store.byName(name);
    if (account === undefined) throw new FortnightError('not_found', 'there is no account of that name');
    return account;
  }

  /** Throws `invalid` (name or password), `conflict` (the name is or was somebody's), `busy`. */
  async create(draft: AccountDraft, actor: string): Promise<Account> {
    const userName = userNameOf(draft.userName);
    if (userName === undefined) {
      throw new FortnightError('invalid', 'this cannot be a user name', {
        hint: 'letters a to z, digits, and . _ @ - after the first; at most 64',
      });
    }
    this.#judgePassword(draft.password, userName);
    const passwordHash = await this.#parts.passwords.hash(draft.password);
    const { store, ledger, nowMs } = this.#parts;
    return ledger.commit((append) => {
      if (store.byName(userName) !== undefined)
        throw new FortnightError('conflict', 'there is an account of that name already');
      const { displayName, role, language } = draft;
      const account = store.insert({ userName, displayName, role, language, passwordHash, atMs: nowMs() });
      append({ kind: 'account_created', actor, payload: { user: userName, role } });
      return account;
    });
  }

  /** Changes role or state; every session of the account ends. Throws `not_found`, or `conflict` for the last admin. */
  change(id: number, change: AccountChange, actor: string): Account {
    const { store, ledger, sessions, nowMs } = this.#parts;
    const why: SessionEnd = change.disabled === true ? 'account_disabled' : 'role_changed';
    const { account, closed } = ledger.commit((append) => {
      const before = this.#existing(id);
      const { role = before.role, disabled = before.disabled } = change;
      if (role === before.role && disabled === before.disabled) return { account: before, closed: [] };
      this.#protectLastAdmin(before, { role, disabled });
      store.update(id, { role, disabled, atMs: nowMs() });
      append({
        kind: 'account_changed',
        actor,
        payload: {
          user: before.userName,
          role,
          disabled,
          roleBefore: before.role,
          disabledBefore: before.disabled,
        },
      });
      return { account: this.#existing(id), closed: sessions.closeOf(append, id, { why, actor }) };
    });
    sessions.announce(closed, why);
    return account;
  }

  /** Gives an account a new password (command line); every session of it ends. Throws `not_found`, `invalid`, `busy`. */
  async setPassword(id: number, password: string, actor: string): Promise<void> {
    const account = this.#existing(id);
    this.#judgePassword(password, account.userName);
    const passwordHash = await this.#parts.passwords.hash(password);
    this.#replacePassword(account, passwordHash, { actor });
  }

  /** A person's own change, after the current password was asked again; every other session of theirs ends. */
  async changeOwn(session: Session, password: string): Promise<void> {
    this.#judgePassword(password, session.account.userName);
    const passwordHash = await this.#parts.passwords.hash(password);
    this.#replacePassword(session.account, passwordHash, { actor: session.account.userName, keep: session });
  }

  #replacePassword(account: Account, passwordHash: string, by: { actor: string; keep?: Session }): void {
    const { store, ledger, sessions, nowMs } = this.#parts;
    const closed = ledger.commit((append: Append) => {
      store.update(account.id, { passwordHash, atMs: nowMs() });
      append({ kind: 'password_changed', actor: by.actor, payload: { user: account.userName } });
      return sessions.closeOf(append, account.id, { why: 'password_changed', ...by });
    });
    sessions.announce(closed, 'password_changed');
  }

  #existing(id: number): Account {
    const account = this.#parts.store.byId(id);
    if (account === undefined) throw new FortnightError('not_found', 'there is no such account');
    return account;
  }

  #judgePassword(password: string, userName: string): void {
    const fault = passwordFault(password, [userName, ...this.#parts.knownNames]);
    if (fault !== undefined) throw new FortnightError('invalid', PASSWORD_FAULTS[fault]);
  }

  /** Without one nobody could give rights any more. The command line could, but nobody should need a shell for that. */
  #protectLastAdmin(before: Account, after: { role: Role; disabled: boolean }): void {
    const wasAdmin = before.role === 'admin' && !before.disabled;
    if (!wasAdmin || (after.role === 'admin' && !after.disabled)) return;
    const others = this.#parts.store
      .all()
      .some((a) => a.id !== before.id && a.role === 'admin' && !a.disabled);
    if (!others) {
      throw new FortnightError('conflict', 'this is the last administrator', {
        hint: 'make another account an administrator first',
      });
    }
  }
}
