/**
 * Compares index, disk, holds and audit, and names every promise that does not hold. Reads only, and shares nothing
 * with the daemon but the formats: it is the oracle of the crash tests.
 */
import { systemClock } from '../../base/clock.ts';
import { checkAudit } from './audit-checks.ts';
import { checkDeletions } from './deletion-checks.ts';
import { checkDerived } from './derived-checks.ts';
import { compareRoot, type Level } from './disk-checks.ts';
import { Findings, type Finding } from './finding.ts';
import { checkHolds } from './hold-checks.ts';
import { daemonRuns, isDamage, openForCheck, type CheckDb } from './index-file.ts';
import { mirrorKey, readJournal } from './journal.ts';
import { checkPins } from './pin-checks.ts';
import { checkHead, checkLeftovers, checkMirrors, enrolledMarker, type CheckedRoot } from './root-checks.ts';
import { checkFile, checkKeys, checkRows } from './row-checks.ts';

export interface CheckReport {
  /** No violation was found; roots that were not there were not compared. */
  readonly ok: boolean;
  /** Every root was there and is the one enrolled. */
  readonly complete: boolean;
  readonly level: Level;
  readonly total: number;
  /** At most 200 of them. */
  readonly findings: readonly Finding[];
  readonly roots: readonly {
    readonly id: string;
    /** Clips that are where the index says; null: not there, not compared. */
    readonly files: number | null;
    /** Files the running daemon need not know yet. */
    readonly fresh: number;
  }[];
  readonly auditRecords: number;
}

interface Check {
  readonly stateDir: string;
  readonly level: Level;
  readonly running: boolean;
  readonly findings: Findings;
}

/** Checks the state directory and the roots its index knows. Throws `not_found` when there is no index yet. */
export function checkState({ stateDir }: { readonly stateDir: string }, level: Level): CheckReport {
  const db = openForCheck(stateDir);
  const findings = new Findings();
  const check: Check = { stateDir, level, running: daemonRuns(stateDir), findings };
  let rest: Pick<CheckReport, 'roots' | 'auditRecords'> = { roots: [], auditRecords: 0 };
  try {
    rest = checkOpen(db, check);
  } catch (error) {
    if (!isDamage(error)) throw error;
    findings.add('index_damaged', `the index is damaged: ${error instanceof Error ? error.message : ''}`);
  } finally {
    db.close();
  }
  const complete = rest.roots.every((r) => r.files !== null);
  const { total, list } = findings;
  return { ok: total === 0, complete, level, total, findings: list, ...rest };
}

function checkOpen(db: CheckDb, check: Check): Pick<CheckReport, 'roots' | 'auditRecords'> {
  const { findings, stateDir } = check;
  if (!checkFile(db, findings)) return { roots: [], auditRecords: 0 };
  // One view of the index, however long the daemon writes meanwhile; ended before the walk, so that its log can be emptied.
  db.exec('BEGIN');
  const journal = readJournal(stateDir, findings);
  const auditRecords = checkAudit(db, findings);
  checkRows(db, findings);
  checkDeletions(db, findings);
  checkHolds(db, journal, findings);
  checkKeys(db, stateDir, findings);
  db.exec('COMMIT');
  checkDerived(db, check, findings);
  const installId = db.prepare('SELECT install_id FROM install').pluck().get() as string | undefined;
  const key = mirrorKey(stateDir);
  const roots = db
    .prepare("SELECT n, id, path, root_uuid FROM root WHERE path <> '' ORDER BY id")
    .all() as CheckedRoot[];
  const compared = roots.map((root) => {
    const marker = enrolledMarker(root, installId);
    if (marker === undefined) return { id: root.id, files: null, fresh: 0 };
    checkMirrors(root, { marker, journal, key }, findings);
    checkHead(db, root, { key, findings });
    checkLeftovers(db, root, check);
    checkPins(db, root, { journal, findings });
    const runningAtMs = check.running ? systemClock.wallMs() : undefined;
    return { id: root.id, ...compareRoot(db, root, { level: check.level, findings, runningAtMs }) };
  });
  return { roots: compared, auditRecords };
}
