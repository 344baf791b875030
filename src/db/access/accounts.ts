/** Accounts in the index. */
import type { Account, AccountStore } from '../../access/account.ts';
import type { Role } from '../../access/roles.ts';
import { assert } from '../../base/assert.ts';
import type { Language } from '../../config/config.ts';
import type { Db } from '../open.ts';

export interface AccountRow {
  id: number;
  user_name: string;
  display_name: string;
  role: string;
  disabled: number;
  language: string;
  created_ms: number;
}

const COLUMNS = 'id, user_name, display_name, role, disabled, language, created_ms';

export function createAccountStore(db: Db): AccountStore {
  const all = db.prepare<[], AccountRow>(`SELECT ${COLUMNS} FROM account ORDER BY user_name`);
  const byId = db.prepare<[number], AccountRow>(`SELECT ${COLUMNS} FROM account WHERE id = ?`);
  const byName = db.prepare<[string], AccountRow>(`SELECT ${COLUMNS} FROM account WHERE user_name = ?`);
  const hash = db.prepare<[number], string>('SELECT password_hash FROM account WHERE id = ?').pluck();
  const insert = db.prepare(
    `INSERT INTO account (user_name, display_name, role, password_hash, language, created_ms, changed_ms)
     VALUES (@userName, @displayName, @role, @passwordHash, @language, @atMs, @atMs)`,
  );
  const update = db.prepare(
    `UPDATE account SET role = coalesce(@role, role), disabled = coalesce(@disabled, disabled),
       password_hash = coalesce(@passwordHash, password_hash), changed_ms = @atMs WHERE id = @id`,
  );
  const accountById = (id: number): Account | undefined => accountOf(byId.get(id));
  return {
    all: () => all.all().map(toAccount),
    byId: accountById,
    byName: (userName) => accountOf(byName.get(userName)),
    passwordHash: (id) => hash.get(id),
    insert: (account) => {
      const { lastInsertRowid } = insert.run(account);
      const made = accountById(Number(lastInsertRowid));
      assert(made !== undefined, 'an inserted account can be read');
      return made;
    },
    update: (id, { role, disabled, passwordHash, atMs }) => {
      update.run({
        id,
        role: role ?? null,
        disabled: disabled === undefined ? null : Number(disabled),
        passwordHash: passwordHash ?? null,
        atMs,
      });
    },
  };
}

function accountOf(row: AccountRow | undefined): Account | undefined {
  return row === undefined ? undefined : toAccount(row);
}

export function toAccount(row: AccountRow): Account {
  return {
    id: row.id,
    userName: row.user_name,
    displayName: row.display_name,
    role: row.role as Role,
    disabled: row.disabled === 1,
    language: row.language as Language,
    createdMs: row.created_ms,
  };
}
