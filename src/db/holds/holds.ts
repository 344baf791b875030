/** Hold versions in the index, each with its audit record. */
import type { AuditKind } from '../../audit/entry.ts';
import type { AuditLog } from '../../audit/log.ts';
import { canonicalJson, type Json } from '../../base/canonical-json.ts';
import { FortnightError } from '../../base/errors.ts';
import type { HoldAct, HoldVersion } from '../../holds/hold.ts';
import type { HoldStore } from '../../holds/hold-store.ts';
import { parseVersion } from '../../holds/version-json.ts';
import type { Db } from '../open.ts';

interface Row {
  readonly seq: number;
  readonly hold_id: string;
  readonly body: string;
}

const KINDS: Readonly<Record<HoldAct, AuditKind>> = {
  placed: 'hold_placed',
  confirmed: 'hold_confirmed',
  widened: 'hold_widened',
  asked: 'hold_asked',
  refused: 'hold_refused',
  withdrawn: 'hold_withdrawn',
  narrowed: 'hold_narrowed',
  reviewed: 'hold_reviewed',
  case_changed: 'case_changed',
  released: 'hold_released',
};

export function createHoldStore(db: Db, audit: AuditLog): HoldStore {
  const insert = db.prepare(
    `INSERT INTO hold_version (hold_id, version, seq, act, by_user, at_ms, body)
     VALUES (@holdId, @version, @seq, @act, @by, @atMs, @body)
     ON CONFLICT (hold_id, version) DO UPDATE SET seq = excluded.seq, body = excluded.body`,
  );
  const all = db.prepare<[], Row>('SELECT seq, hold_id, body FROM hold_version ORDER BY seq');
  const history = db.prepare<[string], Row>(
    'SELECT seq, hold_id, body FROM hold_version WHERE hold_id = ? ORDER BY version',
  );
  const remove = db.prepare('DELETE FROM hold_version WHERE hold_id = ? AND version = ?');
  return {
    insert: (seq, version, { recovered }) => {
      const { holdId, version: number, act, by, atMs } = version;
      const body = canonicalJson(version as unknown as Json);
      db.transaction(() => {
        insert.run({ holdId, version: number, seq, act, by, atMs, body });
        audit.append({
          kind: recovered ? 'hold_recovered' : KINDS[act],
          actor: recovered ? 'system' : by,
          payload: recordOf(seq, version),
        });
      }).immediate();
    },
    all: () => all.all().map((row) => ({ seq: row.seq, version: toVersion(row) })),
    history: (holdId) => history.all(holdId).map(toVersion),
    withdraw: ({ holdId, version, act }) => {
      db.transaction(() => {
        remove.run(holdId, version);
        const why = `${act}: not in the journal`;
        audit.append({
          kind: 'hold_recovered',
          actor: 'system',
          payload: { hold: holdId, withdrawn: version, why },
        });
      }).immediate();
    },
  };
}

function recordOf(seq: number, v: HoldVersion): Record<string, Json> {
  const { terms, pending } = v;
  return {
    hold: v.holdId,
    version: v.version,
    journal: seq,
    case: terms.caseRef,
    caseId: v.case.id,
    cameras: [...terms.cameraIds],
    from: terms.window.fromMs,
    to: terms.window.toMs,
    by: v.by,
    reason: v.why,
    ends: v.endsMs,
    ...(pending === null ? {} : { asked: pending.what }),
    ...(v.act === 'placed' || v.act === 'case_changed' ? { viewers: [...terms.viewers] } : {}),
    ...(v.askedBy === null ? {} : { askedBy: v.askedBy }),
  };
}

/** Throws `storage_failed` for a row that is none of ours: the start refuses, and the journal has the truth. */
function toVersion(row: Row): HoldVersion {
  const version = parseVersion(JSON.parse(row.body));
  if (version === undefined) {
    throw new FortnightError('storage_failed', `the index has a damaged version of hold ${row.hold_id}`, {
      hint: 'run: fortnight check',
    });
  }
  return version;
}
