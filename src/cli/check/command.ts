/** `fortnight check`: the index, the disk, the holds and the audit against each other. Reads only; the daemon may run. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { everyRecord, verifyChain } from '../../audit/verify.ts';
import { FortnightError } from '../../base/errors.ts';
import { printable } from '../../base/printable.ts';
import type { Config } from '../../config/config.ts';
import { createAuditStore } from '../../db/audit.ts';
import { parseOptions, type Command } from '../command.ts';
import { CONFIG_OPTION, CONFIG_USAGE, openConfig } from '../open-config.ts';
import { checkRoot, type CheckedRoot, type Level } from './disk-checks.ts';
import { Findings, type Finding } from './finding.ts';
import { checkHolds } from './hold-checks.ts';
import { checkIndex } from './index-checks.ts';
import { checkOverdue } from './overdue-checks.ts';

export interface CheckReport {
  readonly ok: boolean;
  readonly total: number;
  readonly findings: readonly Finding[];
  readonly roots: readonly { readonly id: string; readonly files: number | null }[];
  readonly auditRecords: number;
}

/** Checks the state directory and the roots of a configuration. Throws `not_found` when there is no index yet. */
export function checkState(config: Pick<Config, 'stateDir'>, level: Level): CheckReport {
  const db = openForCheck(join(config.stateDir, 'index.db'));
  try {
    const findings = new Findings();
    // One view of the index, however long the daemon writes meanwhile; ended before the walk, so that its log can be emptied.
    db.exec('BEGIN');
    checkIndex(db, findings);
    const verdict = verifyChain(everyRecord(createAuditStore(db)));
    if (!verdict.ok)
      findings.add('I11', `the audit fails at record ${String(verdict.firstBadSeq)}: ${verdict.fault}`);
    checkHolds(db, join(config.stateDir, 'holds.journal'), findings);
    checkOverdue(db, findings);
    db.exec('COMMIT');
    const roots = (db.prepare('SELECT n, id, path FROM root ORDER BY id').all() as CheckedRoot[]).map(
      (root) => ({
        id: root.id,
        files: checkRoot(db, root, { level, findings }) ?? null,
      }),
    );
    const auditRecords = verdict.ok ? verdict.records : 0;
    return { ok: findings.total === 0, total: findings.total, findings: findings.list, roots, auditRecords };
  } finally {
    db.close();
  }
}

export const command: Command = {
  name: 'check',
  summary: 'compare index, disk, holds and audit, and name every promise that does not hold',
  usage: `Usage: fortnight check [--config <file>] [--level presence|size] [--json]

${CONFIG_USAGE}  --level <level>  presence: names only; size (default): also size and inode of every file
  --json           one JSON document

Ends with 0 when every promise holds, with 1 and a line per violation otherwise. Reads only; the daemon may run, but
files that come and go meanwhile can be named. A root that is not there is said and not compared.
`,
  run(args, io) {
    const { values } = parseOptions(args, {
      ...CONFIG_OPTION,
      level: { type: 'string', default: 'size' },
      json: { type: 'boolean', default: false },
    });
    const { level } = values;
    if (level !== 'presence' && level !== 'size') {
      throw new FortnightError('usage', 'the level is presence or size');
    }
    const report = checkState(openConfig(values.config).config, level);
    io.out.write(values.json ? `${JSON.stringify(report)}\n` : inWords(report));
    return Promise.resolve(report.ok ? 0 : 1);
  },
};

function inWords(report: CheckReport): string {
  const roots = report.roots.map((r) =>
    r.files === null
      ? `root ${r.id}: not there, not compared`
      : `root ${r.id}: ${String(r.files)} clips are where the index says`,
  );
  const findings = report.findings.map((f) => `${f.invariant}: ${printable(f.sentence)}`);
  const more = report.total - report.findings.length;
  const end = report.ok ? 'every promise that can be checked holds' : `${String(report.total)} violations`;
  return [
    ...roots,
    `audit: ${String(report.auditRecords)} records verified`,
    ...findings,
    ...(more > 0 ? [`and ${String(more)} more`] : []),
    end,
    '',
  ].join('\n');
}

function openForCheck(path: string): Database.Database {
  try {
    return new Database(path, { readonly: true, fileMustExist: true });
  } catch (error) {
    throw new FortnightError('not_found', 'there is no index in the state directory', {
      hint: 'has the daemon been started with this configuration?',
      cause: error,
    });
  }
}
