/** Figures of the status page that come from the index; each bounded by an index. */
import { HOUR_MS, MINUTE_MS } from '../../base/clock.ts';
import type { Clip } from '../../clips/clip.ts';
import { CLIP_COLUMNS, FLAG_BITS, rowToClip, type ClipRow } from './clip-row.ts';
import { HAS_UNHEARD_COPY } from '../holds/kept-rows.ts';
import { MAX_UNOWNED } from '../ingest/limits.ts';
import type { Db } from '../open.ts';
import { GONE } from '../retention/receipts.ts';

/** A deletion within this of its due moment is on time (I2). */
export const GRACE_MS = 5 * MINUTE_MS;
export const HISTORY_HOURS = 48;
/** Counts end here: whether 100,000 clips are late or more changes nothing in what is to be done. */
export const COUNT_LIMIT = 100_000;
/** Where each is looked at by itself. */
const LIST_LIMIT = 10_000;

export interface OddClips {
  readonly empty: number;
  readonly undatable: number;
}

export interface StatusFigures {
  /** Earliest due moment of a clip no hold has parked; null when there is none. */
  nextDueMs(): number | null;
  /** Finished clips past their due moment and its grace, parked ones left out, by camera. */
  overdue(nowMs: number): ReadonlyMap<string, number>;
  /** Files that have been growing for more than a day; their `dueMs` is that of what they begin with. */
  overlong(): Clip[];
  /** Clips that were given up and are late, while a copy of them may lie on a disk that is away; LIST_LIMIT at most. */
  perhapsCopied(nowMs: number): Clip[];
  /** Clips of a root that are due now. */
  waiting(rootId: string, nowMs: number): number;
  /** What the last full reconcile found: files that are nobody's; when (wall clock; null: none yet). */
  scanned(rootId: string): { readonly unowned: number; readonly lastReconcileMs: number | null };
  /** Clips of a root without content, and without a believable time; COUNT_LIMIT at most are looked at. */
  odd(rootId: string): OddClips;
  /** Clips deleted in each of the last HISTORY_HOURS hours, oldest first; the last one is the current hour. */
  deletedPerHour(nowMs: number): number[];
}

export function createStatusFigures(db: Db): StatusFigures {
  const nextDue = db.prepare<[number], { due_ms: number | null }>(
    'SELECT min(due_ms) AS due_ms FROM clip INDEXED BY clip_due WHERE root_n = ? AND state = 1 AND parked <> 1',
  );
  const roots = db.prepare<[], { n: number; id: string; state_since_ms: number }>(
    'SELECT n, id, state_since_ms FROM root',
  );
  const overdue = db.prepare<[number, number], { id: string; clips: number }>(
    `SELECT camera.id, count(*) AS clips FROM (
       SELECT camera_n FROM clip INDEXED BY clip_due
       WHERE root_n = ? AND state = 1 AND parked <> 1 AND due_ms < ? LIMIT ${String(COUNT_LIMIT)}
     ) late JOIN camera ON camera.n = late.camera_n GROUP BY camera.id`,
  );
  const overlong = db.prepare<[number], ClipRow>(
    `SELECT ${CLIP_COLUMNS} FROM clip INDEXED BY clip_recording JOIN root ON root.n = clip.root_n
       JOIN camera ON camera.n = clip.camera_n WHERE clip.state = 0 AND clip.flags & ? <> 0`,
  );
  const perhapsCopied = db.prepare<[number, number], ClipRow>(
    `SELECT ${CLIP_COLUMNS} FROM clip INDEXED BY clip_gone JOIN root ON root.n = clip.root_n
       JOIN camera ON camera.n = clip.camera_n
     WHERE clip.root_n = ? AND clip.state = 3 AND clip.due_ms < ? AND ${HAS_UNHEARD_COPY} LIMIT ${String(LIST_LIMIT)}`,
  );
  const waiting = db.prepare<[number, number], { clips: number }>(
    `SELECT count(*) AS clips FROM (SELECT 1 FROM clip INDEXED BY clip_due
       WHERE root_n = ? AND state = 1 AND parked <> 1 AND due_ms <= ? LIMIT ${String(COUNT_LIMIT)})`,
  );
  // The list knows at once what came and went; what goes beyond it only the last full reconcile has counted.
  const scanned = db.prepare<[string], { unowned: number; last_reconcile_ms: number | null }>(
    `SELECT iif(listed < ${String(MAX_UNOWNED)}, listed, max(listed, unowned_files)) AS unowned, last_reconcile_ms
     FROM (SELECT unowned_files, last_reconcile_ms, (SELECT count(*) FROM unowned WHERE root_n = n) AS listed
           FROM root WHERE id = ?)`,
  );
  const undatable = `flags & ${String(FLAG_BITS.undatable)} <> 0`;
  const odd = db.prepare<[string], OddClips>(
    `SELECT coalesce(sum(size_bytes = 0), 0) AS empty, coalesce(sum(${undatable}), 0) AS undatable FROM (
       SELECT size_bytes, flags FROM clip INDEXED BY clip_odd
       WHERE (size_bytes = 0 OR ${undatable}) AND root_n = (SELECT n FROM root WHERE id = ?)
       LIMIT ${String(COUNT_LIMIT)})`,
  );
  return {
    nextDueMs: () => {
      const dues = roots.all().flatMap(({ n }) => nextDue.get(n)?.due_ms ?? []);
      return dues.length === 0 ? null : Math.min(...dues);
    },
    overdue: (nowMs) => {
      const sum = new Map<string, number>();
      for (const { n, state_since_ms: sinceMs } of roots.all()) {
        // A root that came online, or was adopted, a moment ago has its own five minutes.
        if (sinceMs > nowMs - GRACE_MS) continue;
        for (const { id, clips } of overdue.all(n, nowMs - GRACE_MS)) sum.set(id, (sum.get(id) ?? 0) + clips);
      }
      return sum;
    },
    overlong: () => overlong.all(FLAG_BITS.overlong).map(rowToClip),
    perhapsCopied: (nowMs) =>
      roots.all().flatMap(({ n }) => perhapsCopied.all(n, nowMs - GRACE_MS).map(rowToClip)),
    waiting: (rootId, nowMs) => {
      const root = roots.all().find((r) => r.id === rootId);
      return root === undefined ? 0 : (waiting.get(root.n, nowMs)?.clips ?? 0);
    },
    scanned: (rootId) => {
      const row = scanned.get(rootId);
      return { unowned: row?.unowned ?? 0, lastReconcileMs: row?.last_reconcile_ms ?? null };
    },
    odd: (rootId) => odd.get(rootId) ?? { empty: 0, undatable: 0 },
    deletedPerHour: createDeletedPerHour(db),
  };
}

/**
 * Receipts are only ever added, by a clock that never goes back: each is counted once and its count kept. After a
 * backlog there are half a million of two days, and to count them anew would hold up everybody at each look.
 */
function createDeletedPerHour(db: Db): (nowMs: number) => number[] {
  const firstSince = db
    .prepare<[number], number>(
      'SELECT id FROM receipt INDEXED BY receipt_at WHERE at_ms >= ? ORDER BY at_ms LIMIT 1',
    )
    .pluck();
  const newest = db.prepare<[], number | null>('SELECT max(id) FROM receipt').pluck();
  const added = db.prepare<[number, number], { hour: number; clips: number }>(
    `SELECT at_ms / ${String(HOUR_MS)} AS hour, count(*) AS clips FROM receipt
     WHERE id > ? AND id <= ? AND outcome IN ${GONE} GROUP BY hour`,
  );
  const counts = new Map<number, number>();
  let countedTo: number | undefined;
  return (nowMs) => {
    const firstHour = Math.floor(nowMs / HOUR_MS) - HISTORY_HOURS + 1;
    const to = newest.get() ?? 0;
    countedTo ??= (firstSince.get(firstHour * HOUR_MS) ?? to + 1) - 1;
    for (const { hour, clips } of added.all(countedTo, to)) counts.set(hour, (counts.get(hour) ?? 0) + clips);
    countedTo = to;
    for (const hour of counts.keys()) if (hour < firstHour) counts.delete(hour);
    return Array.from({ length: HISTORY_HOURS }, (_, i) => counts.get(firstHour + i) ?? 0);
  };
}
