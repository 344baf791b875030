/** The retention clock's row, and the move of what was recorded in doubt when a gap is accepted. */
import type { AuditLog } from '../../audit/log.ts';
import type { ClockEvent, ClockRow, ClockStore } from '../../retention/retention-clock.ts';
import { FLAG_BITS } from '../clips/clip-row.ts';
import type { Db } from '../open.ts';

interface Row {
  r_ms: number;
  boot_id: string;
  boot_ms: number;
  wall_ms: number;
  budget_from_ms: number;
  budget_used_ms: number;
  suspect_since_ms: number | null;
  anchored: number;
  vouched: number;
  sure_from_ms: number;
  sure_clip_id: number;
  sure_behind_ms: number;
}

export function createClockStore(db: Db, audit: AuditLog, onEvent: (event: ClockEvent) => void): ClockStore {
  const load = db.prepare<[], Row>('SELECT * FROM retention_clock WHERE id = 1');
  const save = db.prepare(
    `INSERT INTO retention_clock (id, r_ms, boot_id, boot_ms, wall_ms, budget_from_ms, budget_used_ms, suspect_since_ms,
       anchored, vouched, sure_from_ms, sure_clip_id, sure_behind_ms)
     VALUES (1, @rMs, @bootId, @bootMs, @wallMs, @budgetFromMs, @budgetUsedMs, @suspectSinceMs, @anchored, @vouched,
       @sureFromMs, @sureClipId, @sureBehindMs)
     ON CONFLICT (id) DO UPDATE SET r_ms = excluded.r_ms, boot_id = excluded.boot_id, boot_ms = excluded.boot_ms,
       wall_ms = excluded.wall_ms, budget_from_ms = excluded.budget_from_ms, budget_used_ms = excluded.budget_used_ms,
       suspect_since_ms = excluded.suspect_since_ms, anchored = excluded.anchored, vouched = excluded.vouched,
       sure_from_ms = excluded.sure_from_ms, sure_clip_id = excluded.sure_clip_id,
       sure_behind_ms = excluded.sure_behind_ms`,
  );
  // Times taken while the clock was in doubt are the clock's, so they move with it; what they covered stays covered.
  const move = db.prepare<{ by: number; flag: number; after: number; from: number }>(
    `UPDATE clip SET start_ms = start_ms + @by, end_ms = end_ms + @by, first_seen_ms = first_seen_ms + @by,
       finished_ms = finished_ms + @by, due_ms = due_ms + @by, cover_from_ms = cover_from_ms + min(@by, 0),
       cover_to_ms = cover_to_ms + max(@by, 0), cover_class = 2, intervals = NULL, flags = flags & ~@flag
     WHERE id > @after AND end_ms >= @from`,
  );
  const newest = db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM clip').pluck();
  // The doubt is over: what was not moved by an accepted gap was right.
  const settleProvisional = db.prepare<{ flag: number }>(
    'UPDATE clip INDEXED BY clip_provisional SET flags = flags & ~@flag WHERE flags & 64 <> 0',
  );
  const flag = FLAG_BITS.provisional_time;
  const moveSince = ({ byMs, since }: Extract<ClockEvent, { kind: 'accepted' }>): number =>
    since === null
      ? 0
      : move.run({ by: Math.round(byMs + since.behindMs), flag, after: since.clipId, from: since.fromMs })
          .changes;
  const apply = (event: ClockEvent): void => {
    if (event.kind === 'doubt_ended') settleProvisional.run({ flag });
    if (event.kind !== 'accepted') {
      audit.append({ kind: 'clock_step', actor: 'system', payload: { ...event } });
      return;
    }
    const { kind, byMs, rule } = event;
    audit.append({
      kind: 'clock_step',
      actor: 'system',
      payload: { kind, byMs, rule, clipsMoved: moveSince(event) },
    });
  };
  return {
    load: () => {
      const row = load.get();
      return row && toClockRow(row);
    },
    newestClip: () => newest.get() ?? 0,
    save: ({ sure, anchored, vouched, ...row }, events) => {
      const flags = { anchored: anchored ? 1 : 0, vouched: vouched ? 1 : 0 };
      db.transaction(() => {
        save.run({
          ...row,
          ...flags,
          sureFromMs: sure.fromMs,
          sureClipId: sure.clipId,
          sureBehindMs: Math.round(sure.behindMs),
        });
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
    vouched: row.vouched === 1,
    sure: { fromMs: row.sure_from_ms, clipId: row.sure_clip_id, behindMs: row.sure_behind_ms },
  };
}
