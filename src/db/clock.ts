/** The retention clock's row, and the move of provisional times when a gap is accepted. */
import type { AuditLog } from '../audit/log.ts';
import type { ClockEvent, ClockRow, ClockStore } from '../retention/retention-clock.ts';
import { FLAG_BITS } from './clip-row.ts';
import type { Db } from './open.ts';

interface Row {
  r_ms: number;
  boot_id: string;
  boot_ms: number;
  wall_ms: number;
  budget_from_ms: number;
  budget_used_ms: number;
  suspect_since_ms: number | null;
  anchored: number;
}

export function createClockStore(db: Db, audit: AuditLog, onEvent: (event: ClockEvent) => void): ClockStore {
  const load = db.prepare<[], Row>('SELECT * FROM retention_clock WHERE id = 1');
  const save = db.prepare(
    `INSERT INTO retention_clock VALUES (1, @rMs, @bootId, @bootMs, @wallMs, @budgetFromMs, @budgetUsedMs, @suspectSinceMs, @anchored)
     ON CONFLICT (id) DO UPDATE SET r_ms = excluded.r_ms, boot_id = excluded.boot_id, boot_ms = excluded.boot_ms,
       wall_ms = excluded.wall_ms, budget_from_ms = excluded.budget_from_ms, budget_used_ms = excluded.budget_used_ms,
       suspect_since_ms = excluded.suspect_since_ms, anchored = excluded.anchored`,
  );
  // Times taken while the clock was in doubt are the clock's, so they move with it; what they covered stays covered.
  const moveProvisional = db.prepare<{ by: number; flag: number }>(
    `UPDATE clip INDEXED BY clip_provisional SET start_ms = start_ms + @by, end_ms = end_ms + @by, first_seen_ms = first_seen_ms + @by,
       finished_ms = finished_ms + @by, due_ms = due_ms + @by, cover_to_ms = cover_to_ms + @by, cover_class = 2, intervals = NULL,
       flags = flags & ~@flag
     WHERE flags & 64 <> 0`,
  );
  // The doubt is over: what was not moved by an accepted gap was right, and a later gap is none of its business.
  const settleProvisional = db.prepare<{ flag: number }>(
    'UPDATE clip INDEXED BY clip_provisional SET flags = flags & ~@flag WHERE flags & 64 <> 0',
  );
  const apply = (event: ClockEvent): void => {
    if (event.kind === 'doubt_ended') settleProvisional.run({ flag: FLAG_BITS.provisional_time });
    if (event.kind !== 'accepted') {
      audit.append({ kind: 'clock_step', actor: 'system', payload: { ...event } });
      return;
    }
    const moved = moveProvisional.run({
      by: Math.round(event.byMs),
      flag: FLAG_BITS.provisional_time,
    }).changes;
    audit.append({ kind: 'clock_step', actor: 'system', payload: { ...event, clipsMoved: moved } });
  };
  return {
    load: () => {
      const row = load.get();
      return row && toClockRow(row);
    },
    save: (row, events) => {
      db.transaction(() => {
        save.run({ ...row, anchored: row.anchored ? 1 : 0 });
        events.forEach(apply);
      }).immediate();
      events.forEach(onEvent);
    },
  };
}

function toClockRow(row: Row): ClockRow {
  return {
    rMs: row.r_ms,
    bootId: row.boot_id,
    bootMs: row.boot_ms,
    wallMs: row.wall_ms,
    budgetFromMs: row.budget_from_ms,
    budgetUsedMs: row.budget_used_ms,
    suspectSinceMs: row.suspect_since_ms,
    anchored: row.anchored === 1,
  };
}
