/** An account: one person. Made by the command line; never shared, never a default one. */
import type { Language } from '../config/config.ts';
import type { Role } from './roles.ts';

export interface Account {
  readonly id: number;
  /** Lower case; the name in the audit. Never given to another person. */
  readonly userName: string;
  readonly displayName: string;
  readonly role: Role;
  readonly disabled: boolean;
  readonly language: Language;
  readonly createdMs: number;
}

/** What is needed to make one. `passwordHash` is a PHC string. */
export interface NewAccount {
  readonly userName: string;
  readonly displayName: string;
  readonly role: Role;
  readonly language: Language;
  readonly passwordHash: string;
  readonly atMs: number;
}

/** Where accounts are kept; db/access/accounts.ts implements it. Changes run inside the ledger's transaction. */
export interface AccountStore {
  all(): Account[];
  byId(id: number): Account | undefined;
  byName(userName: string): Account | undefined;
  passwordHash(id: number): string | undefined;
  insert(account: NewAccount): Account;
  update(
    id: number,
    change: {
      readonly role?: Role;
      readonly disabled?: boolean;
      readonly passwordHash?: string;
      readonly atMs: number;
    },
  ): void;
}

const USER_NAME = /^[a-z0-9][a-z0-9._@-]{0,63}$/;

/** The one spelling of a user name, or undefined when it cannot be one. */
export function userNameOf(text: string): string | undefined {
  const lower = text.toLowerCase();
  return USER_NAME.test(lower) ? lower : undefined;
}
