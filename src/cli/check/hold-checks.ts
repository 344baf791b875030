/** Holds: journal against index, and no footage deleted under one. */
import type { Findings } from './finding.ts';
import type { CheckDb } from './index-file.ts';
import type { Entry, Version } from './journal.ts';

/** Doubt about a clip's times is resolved in favour of the hold by this much (I1). */
const MARGIN_MS = 60_000;

interface Row {
  readonly hold_id: string;
  readonly version: number;
  readonly case_ref: string;
  readonly title: string;
  readonly kind: string;
  readonly ground: string;
  readonly reason: string;
  readonly cameras: string;
  readonly from_ms: number;
  readonly to_ms: number;
  readonly review_ms: number;
  readonly by_user: string;
  readonly at_ms: number;
  readonly released_ms: number | null;
  readonly release_reason: string | null;
  readonly ends_ms: number | null;
}

const nameOf = (v: { holdId: string; version: number }): string =>
  `hold ${v.holdId} version ${String(v.version)}`;

/** I10: journal and index have the same versions. I1: no clip was deleted while a hold covered it. */
export function checkHolds(db: CheckDb, journal: readonly Entry[], findings: Findings): void {
  const indexed = new Map(
    (db.prepare('SELECT * FROM hold_version').all() as Row[]).map((row) => [
      nameOf({ holdId: row.hold_id, version: row.version }),
      row,
    ]),
  );
  const journaled = new Set<string>();
  for (const { version } of journal) {
    const name = nameOf(version);
    journaled.add(name);
    const row = indexed.get(name);
    if (row === undefined) findings.add('hold_not_indexed', `${name} is in the journal but not in the index`);
    else if (!isSame(row, version)) findings.add('hold_differs', `${name} differs between journal and index`);
  }
  for (const name of indexed.keys())
    if (!journaled.has(name))
      findings.add('hold_not_journaled', `${name} is in the index but not in the journal`);
  for (const hold of newest(journal)) checkHeld(db, hold, findings);
}

/** The highest version of each hold. */
export function newest(journal: readonly Entry[]): Version[] {
  const highest = new Map<string, Version>();
  for (const { version } of journal)
    if ((highest.get(version.holdId)?.version ?? 0) < version.version) highest.set(version.holdId, version);
  return [...highest.values()];
}

function isSame(row: Row, v: Version): boolean {
  const { terms } = v;
  const pairs: readonly (readonly [unknown, unknown])[] = [
    [row.case_ref, terms.caseRef],
    [row.title, terms.title],
    [row.kind, terms.kind],
    [row.ground, terms.ground],
    [row.reason, terms.reason],
    [row.cameras, JSON.stringify(terms.cameraIds)],
    [row.from_ms, terms.window.fromMs],
    [row.to_ms, terms.window.toMs],
    [row.review_ms, terms.reviewMs],
    [row.by_user, v.by],
    [row.at_ms, v.atMs],
    [row.released_ms, v.releasedMs],
    [row.release_reason, v.releaseReason],
    [row.ends_ms, v.endsMs],
  ];
  return pairs.every(([a, b]) => a === b);
}

/**
 * Intents recorded after the hold was, for clips it covers, that ended with the file gone before the hold did. One that
 * goes on from an earlier intent only asks what became of a clip that was unlinked before.
 */
function checkHeld(db: CheckDb, hold: Version, findings: Findings): void {
  const { window, cameraIds } = hold.terms;
  const gone = db
    .prepare(
      `SELECT count(*) FROM receipt r JOIN camera ON camera.n = r.camera_n
       WHERE camera.id IN (SELECT value FROM json_each(@cameras)) AND r.start_ms < @to + @margin AND r.end_ms > @from - @margin
         AND r.outcome IN ('deleted', 'deleted_recovered', 'already_gone') AND (@ends IS NULL OR r.at_ms < @ends)
         AND r.intent_seq > (SELECT min(seq) FROM audit
           WHERE kind IN ('hold_placed', 'hold_recovered') AND json_extract(payload, '$.hold') = @hold)
         AND NOT EXISTS (SELECT 1 FROM audit WHERE seq = r.intent_seq AND json_extract(payload, '$.after') IS NOT NULL)`,
    )
    .pluck()
    .get({
      cameras: JSON.stringify(cameraIds),
      from: window.fromMs,
      to: window.toMs,
      margin: MARGIN_MS,
      ends: hold.endsMs,
      hold: hold.holdId,
    }) as number;
  if (gone > 0)
    findings.add(
      'deleted_under_hold',
      `${String(gone)} clips were deleted while hold ${hold.holdId} covered them`,
    );
}
