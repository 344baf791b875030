import { z } from 'zod';
import { decimal, ms, role } from './common.ts';

export const Account = z.strictObject({
  id: z.number().int(),
  userName: z.string(),
  displayName: z.string(),
  role,
  disabled: z.boolean(),
  createdMs: ms,
});
export const AccountList = z.strictObject({ accounts: z.array(Account) });
export const AccountChange = z.strictObject({ disabled: z.boolean().optional(), role: role.optional() });

export const AccountPath = z.strictObject({ id: decimal });

export type Account = z.infer<typeof Account>;
