/** The backlog of each root, told to the log once a minute while there is one. */
import { MINUTE_MS, type Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { BacklogMeter, type Backlog } from '../retention/backlog.ts';
import type { Rooms } from './rooms.ts';

export interface Backlogs {
  begin(rootId: string, due: number): void;
  gone(rootId: string, clips: number): void;
  of(rootId: string): Backlog | null;
}

export function createBacklogs(clock: Pick<Clock, 'bootMs'>, log: Log): Backlogs {
  const meter = new BacklogMeter();
  const toldMs = new Map<string, number>();
  const tell = (rootId: string): void => {
    const now = clock.bootMs();
    const backlog = meter.of(rootId, now);
    if (backlog === null || now - (toldMs.get(rootId) ?? -Infinity) < MINUTE_MS) return;
    toldMs.set(rootId, now);
    log.info('backlog', { rootId, ...backlog, perSecond: Math.round(backlog.perSecond) });
  };
  return {
    begin: (rootId, due) => {
      meter.begin(rootId, due, clock.bootMs());
      tell(rootId);
    },
    gone: (rootId, clips) => {
      meter.gone(rootId, clips, clock.bootMs());
      tell(rootId);
    },
    of: (rootId) => meter.of(rootId, clock.bootMs()),
  };
}

/** Before a sweep: what waits for a person is no backlog that is worked off. */
export function noteBacklogs({ roots, sweeping, retention, backlogs }: Rooms): void {
  const nowMs = retention.nowMs();
  for (const { id } of roots.list()) {
    const waits = roots.blocked(id).length > 0 || sweeping.store.breakerSinceMs(id) !== null;
    backlogs.begin(id, waits ? 0 : sweeping.store.counts(id, nowMs).dueClips);
  }
}
