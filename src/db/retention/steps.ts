/** The history of configured retentions, and the due moments that follow from the one in force. */
import type { AuditLog } from '../../audit/log.ts';
import type { RetentionStep } from '../../config/retention-change.ts';
import type { Db } from '../open.ts';

export interface RetentionSteps {
  history(): RetentionStep[];
  add(step: RetentionStep, previousMs: number | undefined): void;
  /** Makes every due moment follow `retentionMs`; nothing is done when they do already. Returns whether they moved. */
  apply(retentionMs: number): boolean;
}

/** Every retention that was configured, oldest first. */
export function readRetentionSteps(db: Db): RetentionStep[] {
  return db
    .prepare<[], { from_ms: number; retention_ms: number }>(
      'SELECT from_ms, retention_ms FROM retention_step ORDER BY from_ms',
    )
    .all()
    .map((r) => ({ fromMs: r.from_ms, retentionMs: r.retention_ms }));
}

export function createRetentionSteps(db: Db, audit: AuditLog): RetentionSteps {
  const insert = db.prepare('INSERT OR REPLACE INTO retention_step (from_ms, retention_ms) VALUES (?, ?)');
  const applied = db.prepare<[], { retention_ms: number }>(
    'SELECT retention_ms FROM retention_applied WHERE id = 1',
  );
  const setApplied = db.prepare(
    `INSERT INTO retention_applied (id, retention_ms) VALUES (1, @now)
     ON CONFLICT (id) DO UPDATE SET retention_ms = excluded.retention_ms`,
  );
  // What is being deleted was due, and stays so.
  const move = db.prepare('UPDATE clip SET due_ms = due_ms + @by WHERE due_ms IS NOT NULL AND state <> 2');
  // A confirmed shorter retention frees many clips at once: that is no reason for the breaker.
  const exempt = db.prepare('UPDATE root SET last_sweep_ms = NULL');
  return {
    history: () => readRetentionSteps(db),
    add: (step, previousMs) => {
      db.transaction(() => {
        insert.run(step.fromMs, step.retentionMs);
        audit.append({
          kind: 'config_changed',
          actor: 'console',
          payload: { key: 'retention.days', from: previousMs ?? null, to: step.retentionMs },
        });
      }).immediate();
    },
    apply: (retentionMs) => {
      const before = applied.get()?.retention_ms;
      if (before === retentionMs) return false;
      db.transaction(() => {
        if (before !== undefined) move.run({ by: retentionMs - before });
        if (before !== undefined && retentionMs < before) exempt.run();
        setApplied.run({ now: retentionMs });
      }).immediate();
      return before !== undefined;
    },
  };
}
