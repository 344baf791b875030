/** Who and what a request about holds names must be there. */
import type { Accounts } from '../access/accounts.ts';
import { FortnightError } from '../base/errors.ts';
import type { HoldVersion } from '../holds/hold.ts';
import type { Case } from '../holds/hold-set.ts';
import type { Holds } from '../holds/holds.ts';

/** Throws `invalid` when somebody named is nobody here: a slip of the pen would shut out who needs to know. */
export function demandPeople(accounts: Pick<Accounts, 'list'>, userNames: readonly string[]): void {
  const known = new Set(accounts.list().map((a) => a.userName));
  const stranger = userNames.find((name) => !known.has(name));
  if (stranger !== undefined)
    throw new FortnightError('invalid', `there is no user ${JSON.stringify(stranger)}`);
}

/** Throws `not_found`. */
export function demandHold(holds: Pick<Holds, 'current'>, id: string): HoldVersion {
  const found = holds.current().find((h) => h.holdId === id);
  if (found === undefined) throw new FortnightError('not_found', 'there is no such hold');
  return found;
}

/** Throws `not_found`. */
export function demandCase(holds: Pick<Holds, 'cases'>, id: string): Case {
  const found = holds.cases().find((c) => c.mark.id === id);
  if (found === undefined) throw new FortnightError('not_found', 'there is no such case');
  return found;
}
