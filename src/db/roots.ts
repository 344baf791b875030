/** Roots in the index: who was enrolled when, in which state, and what a person confirmed. Throws when the disk is full. */
import type { AuditLog } from '../audit/log.ts';
import { VAULT } from '../config/config.ts';
import type { RootState } from '../roots/root.ts';
import type { DiskReplacement, RootStore } from '../roots/contract.ts';
import type { Failing, RootRecord } from '../roots/state.ts';
import { NOTHING_THERE } from './holds/copies.ts';
import { DISK_REPLACED, GOING } from './holds/kept-rows.ts';
import type { Db } from './open.ts';

interface Row {
  readonly id: string;
  readonly path: string;
  readonly root_uuid: string | null;
  readonly state: RootState;
  readonly state_since_ms: number;
  readonly adoption_since_ms: number | null;
  readonly adoption_confirmed: number;
  readonly trust_names: number;
  readonly failing: string | null;
  readonly recovery_seq: number | null;
  readonly recovery_confirmed: number;
}

/** Gives every configured source a root, unseen yet; notes the paths of this start. `nowMs`: retention clock. */
export function ensureRoots(
  db: Db,
  sources: readonly { readonly id: string; readonly root: string }[],
  nowMs: number,
): void {
  const put = db.prepare(
    `INSERT INTO root (id, path, state, state_since_ms) VALUES (?, ?, 'offline', ?)
     ON CONFLICT (id) DO UPDATE SET path = excluded.path`,
  );
  db.transaction(() => {
    for (const { id, root } of sources) put.run(id, root, nowMs);
  }).immediate();
}

/**
 * Follows the configured vault. One that is configured no more, or elsewhere, was empty (config/continuity.ts): what was
 * known of its disk says nothing of the next.
 */
export function followVault(db: Db, path: string | undefined, nowMs: number): void {
  const leave = db.prepare(
    `UPDATE root SET path = '', root_uuid = NULL, enrolled_ms = NULL, state = 'offline', state_since_ms = @nowMs, failing = NULL,
       recovery_seq = NULL, recovery_confirmed = 0, self_test = NULL, breaker_since_ms = NULL
     WHERE id = @id AND path <> @path`,
  );
  leave.run({ id: VAULT, path: path ?? '', nowMs });
  if (path !== undefined) ensureRoots(db, [{ id: VAULT, root: path }], nowMs);
}

export function createRootStore(db: Db, audit: AuditLog): RootStore {
  const all = db.prepare<[], Row>(
    `SELECT id, path, root_uuid, state, state_since_ms, adoption_since_ms, adoption_confirmed, trust_names, failing,
       recovery_seq, recovery_confirmed
     FROM root WHERE path <> '' ORDER BY n`,
  );
  const enrolled = db.prepare(
    'UPDATE root SET root_uuid = @rootUuid, enrolled_ms = @nowMs, adoption_since_ms = @adoptionMs WHERE id = @id',
  );
  const changed = db.prepare(
    `UPDATE root SET state_since_ms = iif(state = @state, state_since_ms, @nowMs), state = @state, failing = @failing,
       recovery_seq = @recoverySeq, recovery_confirmed = @recoveryConfirmed WHERE id = @id`,
  );
  const adopted = db.prepare('UPDATE root SET adoption_confirmed = 1, trust_names = ? WHERE id = ?');
  const holdsConfirmed = db.prepare('UPDATE root SET recovery_seq = ?, recovery_confirmed = 1 WHERE id = ?');
  const replaced = createReplacing(db);
  const tested = db.prepare('UPDATE root SET self_test = ? WHERE id = ?');
  return {
    all: () => all.all().map(toRecord),
    enrolled: (id, { rootUuid, nowMs, adopting }) => {
      enrolled.run({ id, rootUuid, nowMs, adoptionMs: adopting ? nowMs : null });
    },
    changed: (id, { state, why, nowMs, failing, recovery }) => {
      db.transaction(() => {
        changed.run({
          id,
          state,
          nowMs,
          failing: failing === null ? null : JSON.stringify(failing),
          recoverySeq: recovery?.rootSeq ?? null,
          recoveryConfirmed: recovery?.confirmed === true ? 1 : 0,
        });
        const payload = { root: id, state, why, since: nowMs };
        audit.append({ kind: 'root_state', actor: 'system', payload });
      }).immediate();
      return true;
    },
    adopted: (id, { actor, trustNames }) => {
      db.transaction(() => {
        adopted.run(trustNames ? 1 : 0, id);
        audit.append({ kind: 'root_adopted', actor, payload: { root: id, trustNames } });
      }).immediate();
    },
    holdsConfirmed: (id, { actor, listSeq, standing, rootSeq }) => {
      db.transaction(() => {
        holdsConfirmed.run(rootSeq, id);
        const payload = { root: id, holds: standing, list: listSeq, rootKnew: rootSeq };
        audit.append({ kind: 'holds_confirmed', actor, payload });
      }).immediate();
    },
    diskReplaced: (id, by) => {
      db.transaction(() => {
        const { actor, why } = by;
        const payload = { root: id, why, ...replaced(id, by) };
        audit.append({ kind: 'disk_replaced', actor, payload });
      }).immediate();
    },
    selfTested: (id, test) => {
      tested.run(JSON.stringify(test), id);
    },
  };
}

/** Enrols another disk; answers what lay on the one before. */
function createReplacing(
  db: Db,
): (id: string, by: DiskReplacement) => { clips: number; pins: number; copies: number } {
  const THERE = 'root_n = (SELECT n FROM root WHERE id = ?)';
  const counts = db.prepare<[string, string, string], { clips: number; pins: number; copies: number }>(
    `SELECT (SELECT count(*) FROM clip WHERE ${THERE}) AS clips, (SELECT count(*) FROM pin WHERE ${THERE}) AS pins,
       (SELECT count(*) FROM copy WHERE ${THERE} AND state NOT IN ${NOTHING_THERE}) AS copies`,
  );
  const root = db.prepare(
    `UPDATE root SET root_uuid = @rootUuid, enrolled_ms = @nowMs, adoption_since_ms = @adoptionMs, adoption_confirmed = 0,
       trust_names = 0, failing = NULL, recovery_seq = @recoverySeq, recovery_confirmed = 0, self_test = NULL,
       breaker_since_ms = NULL, last_reconcile_ms = NULL WHERE id = @id`,
  );
  const pins = db.prepare(`DELETE FROM pin WHERE ${THERE}`);
  // Nothing is claimed of them: they stay belongings, and go with their clip should the disk come back.
  const copies = db.prepare(
    `UPDATE copy SET state = ${String(GOING)}, why = '${DISK_REPLACED}' WHERE ${THERE} AND state NOT IN ${NOTHING_THERE}`,
  );
  const dirs = db.prepare(`UPDATE dir SET scan_mtime_ns = NULL WHERE ${THERE}`);
  return (id, { rootUuid, nowMs, adopting, recoverySeq }) => {
    const lay = counts.get(id, id, id) ?? { clips: 0, pins: 0, copies: 0 };
    root.run({ id, rootUuid, nowMs, adoptionMs: adopting ? nowMs : null, recoverySeq });
    for (const statement of [pins, copies, dirs]) statement.run(id);
    return lay;
  };
}

function toRecord(row: Row): RootRecord {
  return {
    id: row.id,
    path: row.path,
    rootUuid: row.root_uuid,
    state: row.state,
    stateSinceMs: row.state_since_ms,
    adoptionSinceMs: row.adoption_since_ms,
    adoptionConfirmed: row.adoption_confirmed === 1,
    trustNames: row.trust_names === 1,
    failing: row.failing === null ? null : (JSON.parse(row.failing) as Failing),
    recovery:
      row.recovery_seq === null
        ? null
        : { rootSeq: row.recovery_seq, confirmed: row.recovery_confirmed === 1 },
  };
}
