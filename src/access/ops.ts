/**
 * What `fortnight users` asks of the running daemon over the control socket. The command line acts as `console` in
 * the audit; passwords come from its terminal or standard input, never from its arguments.
 */
import { z } from 'zod';
import type { Account } from './account.ts';
import type { Accounts } from './accounts.ts';

const role = z.enum(['security', 'facility', 'privacy', 'admin']);
const userName = z.string().min(1).max(64);
const password = z.string().min(1).max(512);

export const UsersAdd = z.strictObject({
  userName,
  role,
  displayName: z.string().trim().min(1).max(80).optional(),
  language: z.enum(['nl', 'en', 'fr']).default('en'),
  password,
});
export const UsersNamed = z.strictObject({ userName });
export const UsersPassword = z.strictObject({ userName, password });
export const UsersRole = z.strictObject({ userName, role });
export const UsersList = z.strictObject({});

/** An operation of the control socket: its parameters, and what it does with accepted ones. */
export interface UserOp {
  readonly params: z.ZodType;
  /** Throws what the accounts throw. */
  run(accepted: unknown): Promise<UserAnswer>;
}

/** Accounts as the command line prints them. */
// A type, not an interface: only types are JSON to the control socket.
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions
export type UserAnswer = {
  readonly users: readonly {
    readonly userName: string;
    readonly displayName: string;
    readonly role: string;
    readonly disabled: boolean;
    readonly createdMs: number;
  }[];
};

const CONSOLE = 'console';

/** The operations by name, as the control server registers them. */
export function userOps(accounts: Accounts): Readonly<Record<string, UserOp>> {
  return {
    'users.list': op(UsersList, () => accounts.list()),
    'users.add': op(UsersAdd, async ({ displayName, ...draft }) => [
      await accounts.create({ ...draft, displayName: displayName ?? draft.userName }, CONSOLE),
    ]),
    'users.disable': op(UsersNamed, (p) => [
      accounts.change(accounts.named(p.userName).id, { disabled: true }, CONSOLE),
    ]),
    'users.enable': op(UsersNamed, (p) => [
      accounts.change(accounts.named(p.userName).id, { disabled: false }, CONSOLE),
    ]),
    'users.role': op(UsersRole, (p) => [
      accounts.change(accounts.named(p.userName).id, { role: p.role }, CONSOLE),
    ]),
    'users.passwd': op(UsersPassword, async (p) => {
      const account = accounts.named(p.userName);
      await accounts.setPassword(account.id, p.password, CONSOLE);
      return [account];
    }),
  };
}

function op<S extends z.ZodType>(
  params: S,
  act: (params: z.output<S>) => readonly Account[] | Promise<readonly Account[]>,
): UserOp {
  return {
    params,
    run: async (accepted) => {
      const users = await act(accepted as z.output<S>);
      return {
        users: users.map(({ userName, displayName, role, disabled, createdMs }) => ({
          userName,
          displayName,
          role,
          disabled,
          createdMs,
        })),
      };
    },
  };
}
