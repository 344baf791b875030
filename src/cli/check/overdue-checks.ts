/** I2: what should be gone and is not, judged by the rows and the retention clock as last saved. */
import type Database from 'better-sqlite3';
import type { Findings } from './finding.ts';

const GRACE_MS = 5 * 60_000;

export function checkOverdue(db: Database.Database, findings: Findings): void {
  const nowMs = db.prepare('SELECT r_ms FROM retention_clock').pluck().get() as number | undefined;
  if (nowMs === undefined) return;
  const rows = db
    .prepare(
      `SELECT root.id, count(*) AS clips FROM clip JOIN root ON root.n = clip.root_n JOIN camera ON camera.n = clip.camera_n
       WHERE clip.state = 1 AND due_ms < @late AND clip.fail_count = 0 AND root.state = 'online' AND root.state_since_ms < @late
         AND root.breaker_since_ms IS NULL AND NOT EXISTS (
           SELECT 1 FROM hold_version h, json_each(h.cameras) c
           WHERE c.value = camera.id AND h.from_ms - 60000 < clip.cover_to_ms AND clip.cover_from_ms < h.to_ms + 60000
             AND NOT EXISTS (SELECT 1 FROM hold_version e WHERE e.hold_id = h.hold_id AND e.ends_ms <= @now))
       GROUP BY root.n`,
    )
    .all({ late: nowMs - GRACE_MS, now: nowMs }) as { id: string; clips: number }[];
  for (const r of rows)
    findings.add('I2', `root ${r.id}: ${String(r.clips)} clips are overdue and nothing names why`);
}
