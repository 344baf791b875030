/** I8: files made from clips (posters) and the rows that know them, one to one. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from '../../base/errors.ts';
import type { Findings } from './finding.ts';
import type { CheckDb } from './index-file.ts';

/** A row comes before its file, which may take so long to be made. */
const MAKING_MS = 60_000;

/** `running`: a row written a moment ago may still wait for its file. */
export function checkDerived(
  db: CheckDb,
  at: { readonly stateDir: string; readonly running: boolean },
  findings: Findings,
): void {
  const files = new Set(list(join(at.stateDir, 'derived')));
  const nowMs = (db.prepare('SELECT r_ms FROM retention_clock').pluck().get() as number | undefined) ?? 0;
  const rows = db.prepare('SELECT file, made_ms FROM derived').all() as { file: string; made_ms: number }[];
  for (const { file, made_ms: madeMs } of rows) {
    const there = files.delete(file);
    const beingMade = at.running && nowMs - madeMs < MAKING_MS;
    if (!there && !beingMade)
      findings.add('derived_without_file', `a picture that the index knows is not there: ${file}`);
  }
  const find = db.prepare('SELECT 1 FROM derived WHERE file = ?').pluck();
  for (const file of files) {
    // Made since the rows were read, or gone by now: that is no trace of a deleted clip.
    if (find.get(file) !== undefined || !list(join(at.stateDir, 'derived')).includes(file)) continue;
    findings.add('derived_without_row', `a picture of no clip that the index knows: ${file}`);
  }
}

function list(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return [];
  }
}
