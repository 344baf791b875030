/**
 * Alarms that stand. What a full disk does not take stands in memory until there is room: an alarm about that very disk
 * must be seen, and nobody who raises one has to fail for it.
 */
import type { Alarm, AlarmCode, AlarmStore } from '../alarms/alarms.ts';
import type { Db } from './open.ts';
import { isFull } from './reserve.ts';

interface Row {
  readonly code: string;
  readonly subject: string;
  readonly since_ms: number;
  readonly detail: string;
}

/** A change the disk has not taken yet; without an alarm: it has ended. */
interface Unwritten {
  readonly code: AlarmCode;
  readonly subject: string;
  readonly alarm: Alarm | undefined;
}

export function createAlarmStore(db: Db): AlarmStore {
  const all = db.prepare<[], Row>('SELECT code, subject, since_ms, detail FROM alarm');
  const put = db.prepare(
    `INSERT INTO alarm (code, subject, since_ms, detail) VALUES (@code, @subject, @sinceMs, @detail)
     ON CONFLICT (code, subject) DO UPDATE SET detail = excluded.detail`,
  );
  const remove = db.prepare('DELETE FROM alarm WHERE code = ? AND subject = ?');
  const unwritten = new Map<string, Unwritten>();
  const write = ({ code, subject, alarm }: Unwritten): void => {
    if (alarm === undefined) remove.run(code, subject);
    else put.run({ ...alarm, detail: JSON.stringify(alarm.detail) });
  };
  const change = (to: Unwritten): void => {
    unwritten.set(keyOf(to), to);
    try {
      for (const [key, each] of unwritten) {
        write(each);
        unwritten.delete(key);
      }
    } catch (error) {
      if (!isFull(error)) throw error;
    }
  };
  return {
    all: () => {
      const written = all.all().map(toAlarm);
      const inMemory = [...unwritten.values()].flatMap(({ alarm }) => alarm ?? []);
      return [...written.filter((alarm) => !unwritten.has(keyOf(alarm))), ...inMemory].sort(inOrder);
    },
    put: (alarm) => {
      change({ code: alarm.code, subject: alarm.subject, alarm });
    },
    remove: (code, subject) => {
      change({ code, subject, alarm: undefined });
    },
  };
}

function keyOf({ code, subject }: Pick<Alarm, 'code' | 'subject'>): string {
  return `${code} ${subject}`;
}

function toAlarm({ code, subject, since_ms: sinceMs, detail }: Row): Alarm {
  return { code: code as AlarmCode, subject, sinceMs, detail: JSON.parse(detail) as Alarm['detail'] };
}

/** The oldest first. */
function inOrder(a: Alarm, b: Alarm): number {
  return a.sinceMs - b.sinceMs || (keyOf(a) < keyOf(b) ? -1 : 1);
}
