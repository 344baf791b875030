/** Accounts, for the administrator. They are made on the command line: no password travels for another person. */
import type { Account as Person } from '../../access/account.ts';
import { Account, AccountChange, AccountList, AccountPath } from '../api/index.ts';
import { guarded } from '../route.ts';

export const accounts = guarded({
  method: 'GET',
  path: '/api/v1/accounts',
  summary: 'All accounts',
  allow: 'accounts.manage',
  output: { status: 200, json: AccountList },
  handle: ({ deps }) => ({ status: 200, json: { accounts: deps.access.accounts.list().map(shown) } }),
});

export const changeAccount = guarded({
  method: 'PATCH',
  path: '/api/v1/accounts/:id',
  summary: 'Change the role of an account, disable or enable it; its sessions end',
  allow: 'accounts.manage',
  params: AccountPath,
  body: AccountChange,
  output: { status: 200, json: Account },
  handle: ({ deps, session, params, body }) => {
    const changed = deps.access.accounts.change(params.id, body, session.account.userName);
    return { status: 200, json: shown(changed) };
  },
});

function shown({ id, userName, displayName, role, disabled, createdMs }: Person): Account {
  return { id, userName, displayName, role, disabled, createdMs };
}
