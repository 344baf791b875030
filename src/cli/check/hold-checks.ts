/** Holds: journal against index, and no footage deleted under one. */
import { existsSync, readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import type { Findings } from './finding.ts';

interface Version {
  readonly holdId: string;
  readonly version: number;
  readonly releasedMs: number | null;
  readonly endsMs: number | null;
  readonly atMs: number;
  readonly terms: {
    readonly cameraIds: readonly string[];
    readonly window: { readonly fromMs: number; readonly toMs: number };
  };
}

const MARGIN_MS = 60_000;

/** I10: what the journal says stands in the index too. I1: no receipt of a deletion while a hold covered the clip. */
export function checkHolds(db: Database.Database, journalPath: string, findings: Findings): void {
  const versions = readJournal(journalPath, findings);
  const indexed = new Set(
    (
      db.prepare('SELECT hold_id, version FROM hold_version').all() as { hold_id: string; version: number }[]
    ).map((r) => `${r.hold_id} ${String(r.version)}`),
  );
  for (const v of versions) {
    if (!indexed.has(`${v.holdId} ${String(v.version)}`)) {
      findings.add(
        'I10',
        `hold ${v.holdId} version ${String(v.version)} is in the journal but not in the index`,
      );
    }
  }
  if (indexed.size > versions.length) {
    findings.add(
      'I10',
      `the index knows ${String(indexed.size)} hold versions, the journal ${String(versions.length)}`,
    );
  }
  const current = new Map<string, Version>();
  for (const v of versions) if ((current.get(v.holdId)?.version ?? 0) < v.version) current.set(v.holdId, v);
  for (const hold of current.values())
    checkHeld(db, { hold, placedMs: placedAt(versions, hold.holdId) }, findings);
}

function checkHeld(db: Database.Database, at: { hold: Version; placedMs: number }, findings: Findings): void {
  const { hold } = at;
  const { window, cameraIds } = hold.terms;
  const count = db
    .prepare(
      `SELECT count(*) FROM receipt JOIN camera ON camera.n = receipt.camera_n
       WHERE camera.id IN (SELECT value FROM json_each(@cameras)) AND start_ms < @to + @margin AND end_ms > @from - @margin
         AND outcome IN ('deleted') AND at_ms > @placed AND (@ends IS NULL OR at_ms < @ends)
         AND intent_seq > (SELECT coalesce(min(seq), 0) FROM audit WHERE kind = 'hold_placed' AND payload LIKE '%' || @hold || '%')`,
    )
    .pluck()
    .get({
      cameras: JSON.stringify(cameraIds),
      from: window.fromMs,
      to: window.toMs,
      margin: MARGIN_MS,
      placed: at.placedMs,
      ends: hold.endsMs,
      hold: hold.holdId,
    }) as number;
  if (count > 0)
    findings.add('I1', `${String(count)} clips were deleted while hold ${hold.holdId} covered them`);
}

function placedAt(versions: readonly Version[], holdId: string): number {
  return Math.min(...versions.filter((v) => v.holdId === holdId).map((v) => v.atMs));
}

function readJournal(path: string, findings: Findings): Version[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  if (lines.pop() !== '') findings.add('I10', 'the last line of the hold journal is torn');
  return lines.flatMap((line, i) => {
    try {
      const { version } = JSON.parse(line) as { version: string };
      return [(JSON.parse(version) as { version: Version }).version];
    } catch {
      findings.add('I10', `line ${String(i + 1)} of the hold journal cannot be read`);
      return [];
    }
  });
}
