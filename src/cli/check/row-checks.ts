/** The index against itself. Own SQL on purpose: a checker that shares the daemon's statements shares its mistakes. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from '../../base/errors.ts';
import type { Findings } from './finding.ts';
import type { CheckDb } from './index-file.ts';

const GRACE_MS = 5 * 60_000;
const OVERLONG = 128;
/** Lengths that bound the search of a hold, by cover_class. */
const CLASS_MS = [2 * 3_600_000, 49 * 3_600_000, Number.MAX_SAFE_INTEGER];

/** False when the file is damaged: then nothing else that it says counts. */
export function checkFile(db: CheckDb, findings: Findings): boolean {
  const [integrity] = db.pragma('quick_check(1)') as [{ quick_check: string }];
  if (integrity.quick_check === 'ok') return true;
  findings.add('index_damaged', `the index is damaged: ${integrity.quick_check}`);
  return false;
}

export function checkRows(db: CheckDb, findings: Findings): void {
  checkReferences(db, findings);
  checkTotals(db, findings);
  checkStates(db, findings);
  checkCovers(db, findings);
  checkDues(db, findings);
  checkOverdue(db, findings);
  checkDirectories(db, findings);
}

function checkReferences(db: CheckDb, findings: Findings): void {
  const broken = db.pragma('foreign_key_check') as { table: string; parent: string }[];
  for (const { table, parent } of broken)
    findings.add('reference_broken', `a row of ${table} refers to a ${parent} that is not there`);
  const astray = count(
    db,
    'SELECT count(*) FROM clip JOIN dir ON dir.id = clip.dir_id WHERE dir.root_n <> clip.root_n',
  );
  if (astray > 0)
    findings.add('reference_broken', `${String(astray)} clips stand in a directory of another root`);
}

function checkTotals(db: CheckDb, findings: Findings): void {
  const wrong = db
    .prepare(
      `SELECT c.id, coalesce(t.clips, 0) AS said, count(clip.id) AS there FROM camera c
         LEFT JOIN camera_total t ON t.camera_n = c.n LEFT JOIN clip ON clip.camera_n = c.n
       GROUP BY c.n HAVING said <> there OR coalesce(t.bytes, 0) <> coalesce(sum(clip.size_bytes), 0)`,
    )
    .all() as { id: string; said: number; there: number }[];
  for (const { id, said, there } of wrong)
    findings.add(
      'totals_wrong',
      `camera ${id}: the totals say ${String(said)} clips, ${String(there)} rows are there, or their bytes differ`,
    );
}

function checkStates(db: CheckDb, findings: Findings): void {
  const wrong = count(
    db,
    `SELECT count(*) FROM clip WHERE (state IN (1, 2) AND (due_ms IS NULL OR finished_ms IS NULL))
       OR (state = 2) <> (intent_seq IS NOT NULL)`,
  );
  if (wrong > 0)
    findings.add(
      'clip_state_wrong',
      `${String(wrong)} clips lack what their state asks: a due moment or an intent`,
    );
}

/** A hold finds clips by these columns: one too narrow, and the hold would pass its clip by. */
function checkCovers(db: CheckDb, findings: Findings): void {
  const wrong = db
    .prepare(
      `SELECT count(*) FROM clip WHERE cover_from_ms > start_ms OR cover_to_ms < end_ms
         OR cover_to_ms - cover_from_ms > CASE cover_class WHEN 0 THEN ? WHEN 1 THEN ? ELSE ? END
         OR (intervals IS NOT NULL AND (json_extract(intervals, '$[0][0]') <> cover_from_ms
           OR json_extract(intervals, '$[#-1][1]') <> cover_to_ms))`,
    )
    .pluck()
    .get(...CLASS_MS) as number;
  if (wrong > 0)
    findings.add('cover_wrong', `${String(wrong)} clips could be passed by by a hold that covers them`);
}

/**
 * Due = min(end, first seen finished) + retention; earlier only for what came back after its deletion, or grew for a
 * day, and for what the drill planted. A clip that was withdrawn from a deletion keeps the moment it had, also when the
 * retention changed meanwhile.
 */
function checkDues(db: CheckDb, findings: Findings): void {
  const retentionMs = db.prepare('SELECT retention_ms FROM retention_applied').pluck().get() as
    number | undefined;
  if (retentionMs === undefined) return;
  const late = db
    .prepare(
      `SELECT count(*) FROM clip WHERE state = 1 AND due_ms > min(end_ms, finished_ms) + ?
         AND NOT EXISTS (SELECT 1 FROM receipt WHERE receipt.clip_id = clip.id)`,
    )
    .pluck()
    .get(retentionMs) as number;
  if (late > 0) findings.add('kept_too_long', `${String(late)} clips are due later than the retention says`);
  const rows = db.prepare(
    `SELECT root.id AS root, dir.path AS dir, clip.name, clip.size_bytes FROM clip JOIN dir ON dir.id = clip.dir_id
       JOIN root ON root.n = clip.root_n
     WHERE clip.state = 1 AND dir.path <> '.fortnight/drill' AND due_ms < min(end_ms, finished_ms) + ? AND flags & ? = 0
       AND NOT EXISTS (SELECT 1 FROM receipt WHERE receipt.clip_id = clip.id)`,
  );
  const came = returned(db);
  let early = 0;
  for (const row of rows.iterate(retentionMs, OVERLONG) as Iterable<Early>) if (!came(row)) early += 1;
  if (early > 0)
    findings.add('due_too_early', `${String(early)} clips are due before their retention is over`);
}

interface Early {
  readonly root: string;
  readonly dir: string;
  readonly name: string;
  readonly size_bytes: number;
}

/** Whether a receipt says that this file was deleted before. */
function returned(db: CheckDb): (file: Early) => boolean {
  const key = db.prepare('SELECT path_key FROM install').pluck().get() as Buffer | undefined;
  const find = db.prepare('SELECT 1 FROM receipt WHERE path_hash = ? AND size_bytes = ?').pluck();
  return ({ root, dir, name, size_bytes: size }) => {
    if (key === undefined) return false;
    return find.get(hashOfPath(key, root, dir === '' ? name : `${dir}/${name}`), size) !== undefined;
  };
}

/** Under this a receipt remembers a path: 16 bytes of HMAC-SHA-256(key, root NUL path). */
export function hashOfPath(key: Buffer, rootId: string, path: string): Buffer {
  const mac = createHmac('sha256', key).update(`${rootId}\0`, 'utf8').update(path, 'latin1');
  return mac.digest().subarray(0, 16);
}

/** What should be gone and is not, by the rows and the retention clock as last saved; parked clips too. */
function checkOverdue(db: CheckDb, findings: Findings): void {
  const nowMs = db.prepare('SELECT r_ms FROM retention_clock').pluck().get() as number | undefined;
  if (nowMs === undefined) return;
  const rows = db
    .prepare(
      `SELECT root.id, count(*) AS clips FROM clip JOIN root ON root.n = clip.root_n JOIN camera ON camera.n = clip.camera_n
       WHERE clip.state = 1 AND due_ms < @late AND clip.fail_count = 0 AND root.state = 'online' AND root.state_since_ms < @late
         AND root.breaker_since_ms IS NULL AND NOT EXISTS (
           SELECT 1 FROM hold_version h, json_each(json_insert(h.body, '$.leaving[#]', json_object(
               'cameraIds', json_extract(h.body, '$.terms.cameraIds'), 'window', json_extract(h.body, '$.terms.window'),
               'endsMs', json_extract(h.body, '$.endsMs'))), '$.leaving') s, json_each(s.value, '$.cameraIds') c,
             json_each(coalesce(clip.intervals, json_array(json_array(clip.cover_from_ms, clip.cover_to_ms)))) i
           WHERE h.version = (SELECT max(version) FROM hold_version WHERE hold_id = h.hold_id) AND c.value = camera.id
             AND json_extract(s.value, '$.window.fromMs') - 60000 < json_extract(i.value, '$[1]')
             AND json_extract(i.value, '$[0]') < json_extract(s.value, '$.window.toMs') + 60000
             AND coalesce(json_extract(s.value, '$.endsMs') > @ended, 1))
       GROUP BY root.n`,
    )
    .all({ late: nowMs - GRACE_MS, ended: nowMs - GRACE_MS }) as { id: string; clips: number }[];
  for (const r of rows)
    findings.add('overdue', `root ${r.id}: ${String(r.clips)} clips are overdue and nothing names why`);
}

/** No directory stays in the index when no clip of it is left: its path would be the trace of deleted ones. */
function checkDirectories(db: CheckDb, findings: Findings): void {
  const left = count(
    db,
    `SELECT count(*) FROM dir WHERE scan_mtime_ns IS NULL AND NOT EXISTS (SELECT 1 FROM clip WHERE dir_id = dir.id)
       AND NOT EXISTS (SELECT 1 FROM sidecar WHERE dir_id = dir.id)`,
  );
  if (left > 0)
    findings.add('directory_left', `${String(left)} directories without clips are still in the index`);
}

/** What the index was made with lies beside it, so that a new index can take it up; the two must agree. */
export function checkKeys(db: CheckDb, stateDir: string, findings: Findings): void {
  const row = db.prepare('SELECT install_id, path_key FROM install').get() as
    { install_id: string; path_key: Buffer } | undefined;
  if (row === undefined) return;
  const differs = (name: string, inIndex: Buffer): void => {
    const onDisk = read(join(stateDir, 'keys', name));
    if (onDisk?.equals(inIndex) !== true)
      findings.add('key_differs', `keys/${name} is missing or not the one the index was made with`);
  };
  differs('path.key', row.path_key);
  differs('install.id', Buffer.from(row.install_id, 'utf8'));
}

function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

function count(db: CheckDb, sql: string): number {
  return db.prepare(sql).pluck().get() as number;
}
