/** One account per role, made by the ordinary command. */
import type { Role } from '../access/roles.ts';
import { newToken } from '../base/ids.ts';
import { command, type Program } from './program.ts';

export interface Account {
  readonly userName: string;
  readonly role: Role;
  readonly password: string;
}

const PEOPLE: readonly Omit<Account, 'password'>[] = [
  { userName: 'sam', role: 'security' },
  { userName: 'fatima', role: 'facility' },
  { userName: 'piet', role: 'privacy' },
  { userName: 'ada', role: 'admin' },
];

export async function addAccounts(program: Program): Promise<Account[]> {
  const accounts = PEOPLE.map((person) => ({ ...person, password: newToken(12) }));
  for (const { userName, role, password } of accounts) {
    await command(program, ['users', 'add', userName, '--role', role], `${password}\n`);
  }
  return accounts;
}

export function ofRole(accounts: readonly Account[], role: Role): Account {
  const account = accounts.find((a) => a.role === role);
  if (account === undefined) throw new Error(`the demo has no ${role}`);
  return account;
}
