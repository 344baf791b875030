/** What runs by itself, and when. */
import { breathe } from '../base/delay.ts';
import { binds } from '../holds/hold.ts';
import type { Job } from '../jobs.ts';
import { removableDirs } from '../roots/removable.ts';
import { rulesOf } from '../ingest/rules.ts';
import { causeHasEnded, DAILY_ALARMS, STATE_ALARMS, standingAlarms, type Causes } from './alarms.ts';
import { noteBacklogs } from './backlog.ts';
import { goThroughHeld } from './held-round.ts';
import type { Rooms } from './rooms.ts';

/** Hour rows written without letting anything else run: a few milliseconds. */
const WARM_SLICE = 4;

export interface JobParts {
  readonly rooms: Rooms;
  readonly verifyAudit: () => Promise<unknown>;
  readonly certificateEndsMs: () => number | undefined;
  readonly drillNow: () => Promise<unknown>;
}

/** Cron expressions have seconds. The sweep runs each minute: twelve times within the five that are promised. */
export function jobTable({ rooms, verifyAudit, certificateEndsMs, drillNow }: JobParts): Job[] {
  const { retention, timeSync, holds, roots, inForce, sweeping, alarms } = rooms;
  return [
    {
      name: 'clock',
      at: '0 * * * * *',
      run: async () => {
        await timeSync.look();
        retention.tick();
        rooms.state.reserve.remake();
        inForce.follow(retention.nowMs());
        await holds.tick();
        await rooms.mirrors.complete();
      },
    },
    {
      name: 'sweep',
      at: '5 * * * * *',
      run: async () => {
        noteBacklogs(rooms);
        const report = await sweeping.sweeper.sweep();
        rooms.lastSweep = report;
        rooms.events.swept(report);
      },
    },
    { name: 'unowned', at: '35 10 * * * *', run: () => sweepUnowned(rooms) },
    { name: 'alarms', at: '15 * * * * *', run: () => renewAlarms(rooms, certificateEndsMs()) },
    {
      name: 'reminders',
      at: '0 0 7 * * *',
      run: () => {
        alarms.remind(DAILY_ALARMS);
        return Promise.resolve();
      },
    },
    {
      name: 'roots',
      at: '*/15 * * * * *',
      run: () => {
        void roots.check();
        return Promise.resolve();
      },
    },
    {
      name: 'coverage',
      at: '*/10 * * * * *',
      run: async () => {
        // What is being scanned changes the very hours that would be filled.
        while (rooms.ingest.queueDepth() === 0 && rooms.coverage.warm(WARM_SLICE) > 0) await breathe();
      },
    },
    { name: 'drill', at: '0 10 * * * *', run: async () => rooms.drill.isOwed() && drillNow() },
    { name: 'checkpoint', at: '25 */15 * * * *', run: () => rooms.checkpoints.make() },
    { name: 'held', at: '50 */5 * * * *', run: () => rooms.heldDesk.renew() },
    { name: 'pins', at: '0 50 * * * *', run: () => goThroughHeld(rooms) },
    {
      name: 'copies',
      at: '40 */5 * * * *',
      run: () => {
        // Not waited for: the end of the program would wait for a copy, which may take its time.
        const { preserver, inspector, verifier } = rooms.preservation;
        for (const each of [preserver, inspector, verifier]) void each.run();
        return Promise.resolve();
      },
    },
    { name: 'derived', at: '0 30 * * * *', run: () => rooms.footage.posters.tidy() },
    // Often enough that what went wrong shows within a quarter of an hour (I13).
    { name: 'watchdog', at: '45 */10 * * * *', run: () => rooms.watchdog.run() },
    { name: 'audit', at: '0 20 3 * * *', run: verifyAudit },
    { name: 'directories', at: '0 40 3 * * *', run: () => pruneDirectories(rooms) },
  ];
}

/** Those that stand by the state of the rooms are replaced; those that events raised end with their cause. */
async function renewAlarms(rooms: Rooms, certificateEndsMs: number | undefined): Promise<void> {
  const { alarms, desk, footage, state } = rooms;
  const { missing } = await footage.media.tools();
  const missingTools = missing.map((tool) => tool.name);
  const box = { certificateEndsMs, reserveGone: state.reserve.gone, missingTools };
  alarms.replace(STATE_ALARMS, standingAlarms(desk.status(), box));
  const causes = causesOf(rooms);
  for (const alarm of alarms.all()) if (causeHasEnded(alarm, causes)) alarms.end(alarm.code, alarm.subject);
}

/** Names of files that went are in the log of the index until it is emptied. */
async function sweepUnowned({ config, unownedSweep, sweeping }: Rooms): Promise<void> {
  for (const { id } of config.sources) await unownedSweep.sweep(id);
  sweeping.store.truncateLog();
}

function causesOf({ state, retention, figures, config }: Rooms): Causes {
  const nowMs = retention.nowMs();
  const binding = state.holdSet.inForce().filter((h) => binds(h, nowMs));
  return {
    heldCameras: new Set(binding.flatMap((h) => h.terms.cameraIds)),
    overlongCameras: new Set(figures.overlong().map((clip) => clip.cameraId)),
    waitingClips: (rootId) => figures.waiting(rootId, nowMs),
    hasVault: config.holds.vault !== undefined,
  };
}

/** Empty date directories older than the retention and a day. */
async function pruneDirectories({ config, roots, sweeping, retention, inForce }: Rooms): Promise<void> {
  const rules = rulesOf(config.sources);
  for (const { id } of roots.list()) {
    const layout = rules.get(id)?.layout;
    if (layout === undefined || roots.verify(id) === undefined) continue;
    const empty = await sweeping.client.emptyDirs(id);
    const dirs = empty.map((path) => ({ path, closesMs: layout.closesMs(path) }));
    const removable = removableDirs(dirs, { nowMs: retention.nowMs(), retentionMs: inForce.ms() });
    if (removable.length > 0) await sweeping.client.removeDirs(id, removable);
  }
}
