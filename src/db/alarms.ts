/** Alarms that stand. */
import type { Alarm, AlarmCode, AlarmStore } from '../alarms/alarms.ts';
import type { Db } from './open.ts';

export function createAlarmStore(db: Db): AlarmStore {
  const all = db.prepare<[], { code: string; subject: string; since_ms: number; detail: string }>(
    'SELECT code, subject, since_ms, detail FROM alarm ORDER BY since_ms, code, subject',
  );
  const put = db.prepare(
    `INSERT INTO alarm (code, subject, since_ms, detail) VALUES (@code, @subject, @sinceMs, @detail)
     ON CONFLICT (code, subject) DO UPDATE SET detail = excluded.detail`,
  );
  const remove = db.prepare('DELETE FROM alarm WHERE code = ? AND subject = ?');
  return {
    all: () =>
      all.all().map((row) => ({
        code: row.code as AlarmCode,
        subject: row.subject,
        sinceMs: row.since_ms,
        detail: JSON.parse(row.detail) as Alarm['detail'],
      })),
    put: (alarm) => {
      put.run({ ...alarm, detail: JSON.stringify(alarm.detail) });
    },
    remove: (code, subject) => {
      remove.run(code, subject);
    },
  };
}
