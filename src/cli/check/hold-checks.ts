/** Holds: journal against index, and no footage deleted under one. */
import type { Findings } from './finding.ts';
import type { CheckDb } from './index-file.ts';
import type { Entry, Version } from './journal.ts';

/** Doubt about a clip's times is resolved in favour of the hold by this much (I1). */
const MARGIN_MS = 60_000;

interface Row {
  readonly hold_id: string;
  readonly version: number;
  readonly body: string;
}

const nameOf = (v: { holdId: string; version: number }): string =>
  `hold ${v.holdId} version ${String(v.version)}`;

/** I10: journal and index have the same versions. I1: no clip was deleted while a hold covered it. */
export function checkHolds(db: CheckDb, journal: readonly Entry[], findings: Findings): void {
  const indexed = new Map(
    (db.prepare('SELECT hold_id, version, body FROM hold_version').all() as Row[]).map((row) => [
      nameOf({ holdId: row.hold_id, version: row.version }),
      row,
    ]),
  );
  const journaled = new Set<string>();
  for (const { version, text } of journal) {
    const name = nameOf(version);
    journaled.add(name);
    const row = indexed.get(name);
    if (row === undefined) findings.add('hold_not_indexed', `${name} is in the journal but not in the index`);
    else if (row.body !== text) findings.add('hold_differs', `${name} differs between journal and index`);
  }
  for (const name of indexed.keys())
    if (!journaled.has(name))
      findings.add('hold_not_journaled', `${name} is in the index but not in the journal`);
  for (const hold of newest(journal)) {
    const sinceVersion = boundSince(journal.map((e) => e.version).filter((v) => v.holdId === hold.holdId));
    checkHeld(db, { ...hold, sinceVersion }, findings);
  }
}

/** The highest version of each hold. */
export function newest(journal: readonly Entry[]): Version[] {
  const highest = new Map<string, Version>();
  for (const { version } of journal)
    if ((highest.get(version.holdId)?.version ?? 0) < version.version) highest.set(version.holdId, version);
  return [...highest.values()];
}

/** The first version from which on the hold has bound all it binds now; `versions` in the order of the journal. */
function boundSince(versions: readonly Version[]): number {
  const last = versions.at(-1);
  let since = last;
  for (const version of versions.toReversed()) {
    if (last === undefined || !binds(version, last)) break;
    since = version;
  }
  return since?.version ?? 1;
}

function binds({ terms }: Version, all: Version): boolean {
  const { window, cameraIds } = all.terms;
  const spans = terms.window.fromMs <= window.fromMs && window.toMs <= terms.window.toMs;
  return spans && cameraIds.every((id) => terms.cameraIds.includes(id));
}

/**
 * Intents recorded after the hold was, for clips it covers, that ended with the file gone before the hold did. One that
 * goes on from an earlier intent only asks what became of a clip that was unlinked before.
 */
function checkHeld(db: CheckDb, hold: Version & { readonly sinceVersion: number }, findings: Findings): void {
  const { window, cameraIds } = hold.terms;
  const gone = db
    .prepare(
      `SELECT count(*) FROM receipt r JOIN camera ON camera.n = r.camera_n
       WHERE camera.id IN (SELECT value FROM json_each(@cameras)) AND r.start_ms < @to + @margin AND r.end_ms > @from - @margin
         AND r.outcome IN ('deleted', 'deleted_recovered', 'already_gone') AND (@ends IS NULL OR r.at_ms < @ends)
         AND r.intent_seq > (SELECT min(seq) FROM audit
           WHERE (kind GLOB 'hold_*' OR kind = 'case_changed') AND json_extract(payload, '$.hold') = @hold
             AND json_extract(payload, '$.version') >= @since)
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
      since: hold.sinceVersion,
    }) as number;
  if (gone > 0)
    findings.add(
      'deleted_under_hold',
      `${String(gone)} clips were deleted while hold ${hold.holdId} covered them`,
    );
}
