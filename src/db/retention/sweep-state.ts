/** What the index remembers about sweeping a root: the last one, its breaker, its counts, parked clips. */
import type { AuditLog } from '../../audit/log.ts';
import { BREAKER_MIN_CLIPS } from '../../retention/breaker.ts';
import type { SweepStore } from '../../retention/erasure.ts';
import type { Db } from '../open.ts';

type SweepState = Pick<
  SweepStore,
  'counts' | 'unpark' | 'refusedClips' | 'lastSweepMs' | 'sweepCompleted' | 'breakerSinceMs' | 'setBreaker'
>;

export function createSweepState(db: Db, audit: AuditLog): SweepState {
  const dueCount = db.prepare<[string, number], { n: number }>(
    `SELECT count(*) AS n FROM clip INDEXED BY clip_due
     WHERE root_n = (SELECT n FROM root WHERE id = ?) AND state = 1 AND parked <> 1 AND parked <> 2 AND fail_count = 0 AND due_ms <= ?`,
  );
  // Every live clip that is not parked stands in clip_due, so this counts an index, not the table.
  const allCount = db.prepare<[string], { n: number }>(
    `SELECT count(*) AS n FROM clip INDEXED BY clip_due
     WHERE root_n = (SELECT n FROM root WHERE id = ?) AND state = 1 AND parked <> 1`,
  );
  const unpark = db.prepare(
    'UPDATE clip SET parked = 2 WHERE id IN (SELECT id FROM clip INDEXED BY clip_parked WHERE parked = 1 LIMIT ?)',
  );
  const root = db.prepare<[string], { last_sweep_ms: number | null; breaker_since_ms: number | null }>(
    'SELECT last_sweep_ms, breaker_since_ms FROM root WHERE id = ?',
  );
  const refused = db.prepare<[string], { n: number }>(
    `SELECT count(*) AS n FROM clip INDEXED BY clip_refused
     WHERE root_n = (SELECT n FROM root WHERE id = ?) AND fail_count > 0`,
  );
  const swept = db.prepare('UPDATE root SET last_sweep_ms = ? WHERE id = ?');
  const breaker = db.prepare('UPDATE root SET breaker_since_ms = ? WHERE id = ?');
  return {
    counts: (rootId, nowMs) => {
      const dueClips = dueCount.get(rootId, nowMs)?.n ?? 0;
      // All clips are counted only when the due ones could trip the breaker: on a million rows it takes a while.
      return { dueClips, clips: dueClips <= BREAKER_MIN_CLIPS ? 0 : (allCount.get(rootId)?.n ?? 0) };
    },
    unpark: (limit) => unpark.run(limit).changes,
    refusedClips: (rootId) => refused.get(rootId)?.n ?? 0,
    lastSweepMs: (rootId) => root.get(rootId)?.last_sweep_ms ?? null,
    sweepCompleted: (rootId, nowMs) => {
      swept.run(nowMs, rootId);
    },
    breakerSinceMs: (rootId) => root.get(rootId)?.breaker_since_ms ?? null,
    setBreaker: (rootId, { open, by, nowMs, dueClips }) => {
      db.transaction(() => {
        breaker.run(open ? nowMs : null, rootId);
        // A reset lets this sweep through: it counts as swept until now.
        if (!open) swept.run(null, rootId);
        audit.append({
          kind: open ? 'breaker_tripped' : 'breaker_reset',
          actor: by,
          payload: { root: rootId, dueClips },
        });
      }).immediate();
    },
  };
}
