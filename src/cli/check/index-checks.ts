/** The index against itself. Own SQL on purpose: a checker that shares the daemon's statements shares its mistakes. */
import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { Findings } from './finding.ts';

export function checkIndex(db: Database.Database, findings: Findings): void {
  const [integrity] = db.pragma('quick_check(1)') as [{ quick_check: string }];
  if (integrity.quick_check !== 'ok') findings.add('I12', `the index is damaged: ${integrity.quick_check}`);
  checkTotals(db, findings);
  checkIntents(db, findings);
  checkReceipts(db, findings);
  checkNames(db, findings);
}

function checkTotals(db: Database.Database, findings: Findings): void {
  const wrong = db
    .prepare(
      `SELECT c.id, coalesce(t.clips, 0) AS said, count(clip.id) AS there FROM camera c
         LEFT JOIN camera_total t ON t.camera_n = c.n LEFT JOIN clip ON clip.camera_n = c.n
       GROUP BY c.n HAVING said <> there OR coalesce(t.bytes, 0) <> coalesce(sum(clip.size_bytes), 0)`,
    )
    .all() as { id: string; said: number; there: number }[];
  for (const w of wrong) {
    findings.add(
      'I12',
      `camera ${w.id}: the totals say ${String(w.said)} clips, ${String(w.there)} rows are there`,
    );
  }
}

/** Every intent has its terminal record, or clips that still stand as deleting; never both, never neither. */
function checkIntents(db: Database.Database, findings: Findings): void {
  const intents = db
    .prepare("SELECT seq FROM audit WHERE kind = 'deletion_intent'")
    .pluck()
    .all() as number[];
  const done = db
    .prepare("SELECT payload FROM audit WHERE kind = 'deletion_done' AND payload IS NOT NULL")
    .pluck();
  const terminals = new Map<number, number>();
  for (const payload of done.iterate() as Iterable<string>) {
    const { intent } = JSON.parse(payload) as { intent: number };
    terminals.set(intent, (terminals.get(intent) ?? 0) + 1);
  }
  const open = new Set(
    db.prepare('SELECT DISTINCT intent_seq FROM clip WHERE state = 2').pluck().all() as number[],
  );
  for (const seq of intents) {
    const count = terminals.get(seq) ?? 0;
    if (count > 1) findings.add('I4', `intent ${String(seq)} has ${String(count)} terminal records`);
    if (count === 1 && open.has(seq))
      findings.add('I4', `intent ${String(seq)} is ended, but clips of it are still deleting`);
    if (count === 0 && !open.has(seq))
      findings.add('I4', `intent ${String(seq)} has no terminal record and no clips`);
    open.delete(seq);
  }
  for (const seq of open)
    findings.add('I4', `clips are deleting under record ${String(seq)}, which is no intent`);
}

interface ReceiptRow {
  clip_id: number;
  start_ms: number;
  end_ms: number;
  size_bytes: number;
  outcome: string;
  path_hash: Buffer;
}

/** The terminal record binds its receipts by their hash: none can be changed or taken away unseen. */
function checkReceipts(db: Database.Database, findings: Findings): void {
  const receipts = db.prepare(
    'SELECT clip_id, start_ms, end_ms, size_bytes, outcome, path_hash FROM receipt WHERE terminal_seq = ? ORDER BY clip_id',
  );
  const terminals = db.prepare(
    "SELECT seq, payload FROM audit WHERE kind = 'deletion_done' AND payload IS NOT NULL",
  );
  for (const { seq, payload } of terminals.iterate() as Iterable<{ seq: number; payload: string }>) {
    const said = (JSON.parse(payload) as { receipts: string }).receipts;
    const rows = (receipts.all(seq) as ReceiptRow[]).map((r) => [
      r.clip_id,
      r.start_ms,
      r.end_ms,
      r.size_bytes,
      r.outcome,
      r.path_hash.toString('hex'),
    ]);
    const hash = createHash('sha256').update(JSON.stringify(rows), 'utf8').digest('hex');
    if (hash !== said)
      findings.add('I4', `the receipts of record ${String(seq)} are not those it was written with`);
  }
  const both = db
    .prepare(
      "SELECT count(*) FROM receipt JOIN clip ON clip.id = receipt.clip_id WHERE outcome LIKE 'deleted%' OR outcome = 'already_gone'",
    )
    .pluck()
    .get() as number;
  if (both > 0) findings.add('I4', `${String(both)} clips have a receipt of their deletion and a row`);
}

/** No directory stays in the index when no clip of it is left: its path would be the trace of deleted ones. */
function checkNames(db: Database.Database, findings: Findings): void {
  const empty = db
    .prepare(
      `SELECT count(*) FROM dir WHERE scan_mtime_ns IS NULL AND NOT EXISTS (SELECT 1 FROM clip WHERE dir_id = dir.id)
         AND NOT EXISTS (SELECT 1 FROM sidecar WHERE dir_id = dir.id)`,
    )
    .pluck()
    .get() as number;
  if (empty > 0) findings.add('I4', `${String(empty)} directories without clips are still in the index`);
}
