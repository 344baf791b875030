/** Hold versions and idempotency keys in the index. */
import type { AuditLog } from '../audit/log.ts';
import type { CaseKind, HoldVersion, LegalGround } from '../holds/hold.ts';
import type { HoldStore } from '../holds/hold-store.ts';
import type { Db } from './open.ts';

interface Row {
  hold_id: string;
  version: number;
  seq: number;
  case_ref: string;
  title: string;
  kind: string;
  ground: string;
  reason: string;
  cameras: string;
  from_ms: number;
  to_ms: number;
  review_ms: number;
  by_user: string;
  at_ms: number;
  released_ms: number | null;
  release_reason: string | null;
  ends_ms: number | null;
}

export function createHoldStore(db: Db, audit: AuditLog): HoldStore {
  const insert = db.prepare(
    `INSERT INTO hold_version (hold_id, version, seq, case_ref, title, kind, ground, reason, cameras, from_ms, to_ms,
       review_ms, by_user, at_ms, released_ms, release_reason, ends_ms)
     VALUES (@holdId, @version, @seq, @caseRef, @title, @kind, @ground, @reason, @cameras, @fromMs, @toMs, @reviewMs,
       @by, @atMs, @releasedMs, @releaseReason, @endsMs)
     ON CONFLICT (hold_id, version) DO UPDATE SET seq = excluded.seq`,
  );
  const all = db.prepare<[], Row>('SELECT * FROM hold_version ORDER BY seq');
  const history = db.prepare<[string], Row>('SELECT * FROM hold_version WHERE hold_id = ? ORDER BY version');
  const remove = db.prepare('DELETE FROM hold_version WHERE hold_id = ? AND version = ?');
  const recordOf = (seq: number, v: HoldVersion, recovered: boolean): number =>
    audit.append({
      kind: recovered ? 'hold_recovered' : v.releasedMs === null ? 'hold_placed' : 'hold_released',
      actor: recovered ? 'system' : v.by,
      payload: {
        hold: v.holdId,
        version: v.version,
        journal: seq,
        case: v.terms.caseRef,
        cameras: v.terms.cameraIds,
        from: v.terms.window.fromMs,
        to: v.terms.window.toMs,
        by: v.by,
        reason: v.releaseReason ?? v.terms.reason,
        ends: v.endsMs,
      },
    });
  return {
    insert: (seq, version, options) => {
      db.transaction(() => {
        insert.run(toParams(seq, version));
        recordOf(seq, version, options.recovered);
      }).immediate();
    },
    all: () => all.all().map((r) => ({ seq: r.seq, version: toVersion(r) })),
    history: (holdId) => history.all(holdId).map(toVersion),
    withdraw: (version) => {
      db.transaction(() => {
        remove.run(version.holdId, version.version);
        audit.append({
          kind: 'hold_recovered',
          actor: 'system',
          payload: {
            hold: version.holdId,
            withdrawn: version.version,
            why: 'the release is not in the journal',
          },
        });
      }).immediate();
    },
  };
}

function toParams(seq: number, v: HoldVersion): Record<string, string | number | null> {
  const { terms } = v;
  return {
    holdId: v.holdId,
    version: v.version,
    seq,
    caseRef: terms.caseRef,
    title: terms.title,
    kind: terms.kind,
    ground: terms.ground,
    reason: terms.reason,
    cameras: JSON.stringify(terms.cameraIds),
    fromMs: terms.window.fromMs,
    toMs: terms.window.toMs,
    reviewMs: terms.reviewMs,
    by: v.by,
    atMs: v.atMs,
    releasedMs: v.releasedMs,
    releaseReason: v.releaseReason,
    endsMs: v.endsMs,
  };
}

function toVersion(row: Row): HoldVersion {
  return {
    holdId: row.hold_id,
    version: row.version,
    terms: {
      caseRef: row.case_ref,
      title: row.title,
      kind: row.kind as CaseKind,
      ground: row.ground as LegalGround,
      reason: row.reason,
      cameraIds: JSON.parse(row.cameras) as string[],
      window: { fromMs: row.from_ms, toMs: row.to_ms },
      reviewMs: row.review_ms,
    },
    by: row.by_user,
    atMs: row.at_ms,
    releasedMs: row.released_ms,
    releaseReason: row.release_reason,
    endsMs: row.ends_ms,
  };
}
