import { describe, expect, it } from 'vitest';
import { Alarms, type Alarm, type AlarmStore } from '../../src/alarms/alarms.ts';
import { causeHasEnded, type Causes } from '../../src/app/alarms.ts';

function memory(): AlarmStore {
  const rows = new Map<string, Alarm>();
  const key = (code: string, subject: string): string => `${code} ${subject}`;
  return {
    all: () => [...rows.values()],
    put: (alarm) => void rows.set(key(alarm.code, alarm.subject), alarm),
    remove: (code, subject) => void rows.delete(key(code, subject)),
  };
}

function desk() {
  const told: string[] = [];
  let now = 1000;
  const events = {
    alarmRaised: ({ code, subject }: { code: string; subject: string }) =>
      void told.push(`raised ${code} ${subject}`),
    alarmEnded: ({ code, subject }: { code: string; subject: string }) =>
      void told.push(`ended ${code} ${subject}`),
  };
  return { told, alarms: new Alarms(memory(), events, () => (now += 1)) };
}

describe('an alarm', () => {
  it('is told once, keeps its beginning while it stands, and is told when it ends', () => {
    const { told, alarms } = desk();
    alarms.raise({ code: 'overdue', subject: '', detail: { clips: 1 } });
    alarms.raise({ code: 'overdue', subject: '', detail: { clips: 5 } });
    expect(alarms.all()).toEqual([{ code: 'overdue', subject: '', detail: { clips: 5 }, sinceMs: 1001 }]);
    alarms.end('overdue', '');
    alarms.end('overdue', '');
    expect(told).toEqual(['raised overdue ', 'ended overdue ']);
  });

  it('ends when the replacement of its kind does not name it; other kinds stay', () => {
    const { told, alarms } = desk();
    alarms.raise({ code: 'clip_returned', subject: 'nvr', detail: {} });
    alarms.replace(['root_offline', 'overdue'], [{ code: 'root_offline', subject: 'nvr', detail: {} }]);
    alarms.replace(['root_offline', 'overdue'], [{ code: 'root_offline', subject: 'hall', detail: {} }]);
    expect(told).toEqual([
      'raised clip_returned nvr',
      'raised root_offline nvr',
      'ended root_offline nvr',
      'raised root_offline hall',
    ]);
  });
});

describe('an alarm raised by an event', () => {
  const causes: Causes = {
    heldCameras: new Set(['hall']),
    overlongCameras: new Set(['hall']),
    waitingClips: (root) => (root === 'nvr' ? 1 : 0),
    hasVault: true,
  };
  const alarm = (code: Alarm['code'], subject: string): Alarm => ({ code, subject, sinceMs: 0, detail: {} });

  it.each<[Alarm['code'], string, string]>([
    ['held_content_changed', 'hall', 'entrance'],
    ['held_content_gone', 'hall', 'entrance'],
    ['clip_overlong', 'hall', 'entrance'],
    ['clip_returned', 'nvr', 'media'],
  ])('%s stands as long as its cause does', (code, standing, ended) => {
    expect(causeHasEnded(alarm(code, standing), causes)).toBe(false);
    expect(causeHasEnded(alarm(code, ended), causes)).toBe(true);
  });
});
