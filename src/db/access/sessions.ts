/** Sessions in the index: a restart signs nobody out. */
import type { Purpose, PurposeKind } from '../../access/purpose.ts';
import { purposeKey } from '../../access/purpose.ts';
import type { SessionStore } from '../../access/session.ts';
import { toAccount, type AccountRow } from './accounts.ts';
import type { Db } from '../open.ts';

interface SessionRow extends AccountRow {
  token_hash: Buffer;
  session_id: string;
  csrf: string;
  session_created_ms: number;
  used_ms: number;
  peer: string;
  purpose: string | null;
  purpose_ms: number | null;
}

export function createSessionStore(db: Db): SessionStore {
  const all = db.prepare<[], SessionRow>(
    `SELECT s.token_hash, s.id AS session_id, s.csrf, s.created_ms AS session_created_ms, s.used_ms, s.peer,
            s.purpose, s.purpose_ms, a.id, a.user_name, a.display_name, a.role, a.disabled, a.language, a.created_ms
     FROM session s JOIN account a ON a.id = s.account_id WHERE a.disabled = 0`,
  );
  const insert = db.prepare(
    `INSERT INTO session (token_hash, id, account_id, csrf, created_ms, used_ms, peer, purpose, purpose_ms)
     VALUES (@tokenHash, @id, @accountId, @csrf, @createdMs, @usedMs, @peer, NULL, NULL)`,
  );
  const update = db.prepare(
    'UPDATE session SET used_ms = @usedMs, purpose = @purpose, purpose_ms = @purposeMs WHERE id = @id',
  );
  const remove = db.prepare('DELETE FROM session WHERE id = ?');
  return {
    all: () =>
      all.all().map((row) => ({
        tokenHash: row.token_hash,
        session: {
          id: row.session_id,
          account: toAccount(row),
          csrf: row.csrf,
          createdMs: row.session_created_ms,
          peer: row.peer,
          usedMs: row.used_ms,
          purpose: row.purpose === null ? undefined : toPurpose(row.purpose),
          purposeMs: row.purpose_ms ?? row.used_ms,
        },
      })),
    insert: (tokenHash, { id, account, csrf, createdMs, usedMs, peer }) => {
      insert.run({ tokenHash, id, accountId: account.id, csrf, createdMs, usedMs, peer });
    },
    update: ({ id, usedMs, purpose, purposeMs }) => {
      const stated = purpose === undefined ? null : purposeKey(purpose);
      update.run({ id, usedMs, purpose: stated, purposeMs: stated === null ? null : purposeMs });
    },
    remove: (id) => {
      remove.run(id);
    },
  };
}

function toPurpose(json: string): Purpose {
  const { kind, note, caseRef } = JSON.parse(json) as { kind: PurposeKind; note: string; caseRef?: string };
  return { kind, note, caseRef };
}
