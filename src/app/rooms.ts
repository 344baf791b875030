/** Joins the rooms, from the bottom up. Constructors only; nothing runs before `app.ts` starts it. */
import { createAccess, type Access } from '../access/access.ts';
import { Alarms } from '../alarms/alarms.ts';
import { breathe } from '../base/delay.ts';
import { DAY_MS, systemClock, type Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { ClipReader } from '../clips/store.ts';
import { DRILL_CAMERA, type Config } from '../config/config.ts';
import { createAccessLedger } from '../db/access/ledger.ts';
import { createAccountStore } from '../db/access/accounts.ts';
import { createAlarmStore } from '../db/alarms.ts';
import { createCameraFacts, type CameraFacts } from '../db/clips/cameras-api.ts';
import { createClipReader } from '../db/clips/clips.ts';
import { createClockStore } from '../db/retention/clock.ts';
import { createCoverage, type CoverageIndex } from '../db/clips/coverage.ts';
import { createHeldFigures } from '../db/holds/held-figures.ts';
import { ensureRoots, followVault } from '../db/roots.ts';
import { createSessionStore } from '../db/access/sessions.ts';
import { createStatusFigures, type StatusFigures } from '../db/clips/status.ts';
import { createUnownedList, type UnownedList } from '../db/retention/unowned-list.ts';
import { createUnownedRules, type UnownedRules } from '../db/retention/unowned.ts';
import { createViewStore } from '../db/access/views.ts';
import type { ProbeClient } from '../disk/probe-client.ts';
import type { Pinner } from '../holds/keep/pinner.ts';
import type { HoldService } from '../holds/service.ts';
import type { Strays } from '../holds/keep/stray-run.ts';
import type { Ingest } from '../ingest/contract.ts';
import { createEvents, type Events } from '../observe/events.ts';
import { createLog } from '../observe/log.ts';
import { createMetrics, type Metrics } from '../observe/metrics.ts';
import { createTimeSync, type TimeSync } from '../observe/time-sync.ts';
import { RetentionClock } from '../retention/retention-clock.ts';
import type { SweepReport } from '../retention/sweeper.ts';
import type { UnownedSweep } from '../retention/unowned-sweep.ts';
import type { Roots } from '../roots/contract.ts';
import type { Checkpoints } from './checkpoints.ts';
import { refuseLoss } from './continuity.ts';
import { createDrill, type Drill } from './drill.ts';
import { joinDisk } from './disk-rooms.ts';
import { HeldDesk } from './held-figures.ts';
import { HeldLosses } from './held-losses.ts';
import type { JoinedFootage } from './footage.ts';
import type { Mirrors } from './mirrors.ts';
import type { Overrides } from './parts.ts';
import { retentionInForce, type RetentionInForce } from './retention.ts';
import { createBacklogs, type Backlogs } from './backlog.ts';
import type { Preservation } from './preservation.ts';
import { openState, type State } from './state.ts';
import { createStatusDesk, type StatusDesk } from './status.ts';
import { blockedReasons, rootFacts } from './root-facts.ts';
import { Scans } from './scans.ts';
import type { Sweeping } from './sweeping.ts';
import type { Watchdog } from './watchdog.ts';
import { joinStrays } from './strays.ts';
import { joinUnownedSweep } from './unowned.ts';

export interface Rooms {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly events: Events;
  readonly timeSync: TimeSync;
  readonly state: State;
  readonly retention: RetentionClock;
  readonly inForce: RetentionInForce;
  readonly reader: ClipReader;
  readonly cameras: CameraFacts;
  readonly coverage: CoverageIndex;
  readonly figures: StatusFigures;
  readonly alarms: Alarms;
  readonly access: Access;
  readonly probes: ProbeClient;
  readonly roots: Roots;
  readonly sweeping: Sweeping;
  readonly mirrors: Mirrors;
  readonly checkpoints: Checkpoints;
  readonly pinner: Pinner;
  readonly preservation: Preservation;
  readonly holds: HoldService;
  readonly footage: JoinedFootage;
  readonly ingest: Ingest;
  readonly scans: Scans;
  readonly watchdog: Watchdog;
  readonly backlogs: Backlogs;
  readonly unowned: UnownedList;
  readonly unownedRules: UnownedRules;
  readonly unownedSweep: UnownedSweep;
  readonly strays: Strays;
  readonly heldLosses: HeldLosses;
  readonly heldDesk: HeldDesk;
  readonly desk: StatusDesk;
  readonly drill: Drill;
  lastSweep: SweepReport | undefined;
}

/** Throws what `openState` throws, and `config_invalid` for a configuration that drops what still has clips. */
export function joinRooms(config: Config, overrides: Overrides): Rooms {
  const clock = overrides.clock ?? systemClock;
  const log = overrides.log ?? createLog({ level: config.log.level, clock });
  const metrics = createMetrics();
  const events = createEvents(log, metrics.counters);
  const state = openState({
    dir: config.stateDir,
    clock,
    cameraIds: [...config.cameras.map((c) => c.id), DRILL_CAMERA],
    onAudit: (kind) => {
      events.auditWritten({ kind });
    },
    onFailure: (error) => overrides.onFatal?.(error),
  });
  try {
    return joinOver(state, { config, clock, log, metrics, events, overrides });
  } catch (error) {
    state.close();
    metrics.stop();
    throw error;
  }
}

interface Ground {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly events: Events;
  readonly overrides: Overrides;
}

function joinOver(state: State, ground: Ground): Rooms {
  const { config, clock, log, events, overrides } = ground;
  const { db, audit } = state;
  refuseLoss(config, db, state.holdSet.all());
  const timeSync = overrides.timeSync ?? createTimeSync({ clock });
  const clockStore = createClockStore(db, audit, (event) => {
    log.warn('clock_event', { ...event });
  });
  const policy = { trust: config.clock.trust, checkedBootMs: () => timeSync.checkedBootMs() };
  const retention = new RetentionClock(clock, clockStore, policy);
  const nowMs = (): number => retention.nowMs();
  const inForce = retentionInForce(state, config, {
    nowMs: nowMs(),
    confirmShorter: overrides.confirmShorter ?? false,
  });
  ensureRoots(db, config.sources, nowMs());
  followVault(db, config.holds.vault, nowMs());
  const coverage = createCoverage(db);
  const reader = createClipReader(db, coverage);
  const alarms = new Alarms(createAlarmStore(db), events, nowMs);
  const access = createAccess({
    accounts: createAccountStore(db),
    sessions: createSessionStore(db),
    views: createViewStore(db),
    ledger: createAccessLedger(db, audit),
    events,
    nowMs,
    knownNames: [config.site.name, config.site.city, config.site.controller],
    ...(overrides.passwords && { passwords: overrides.passwords }),
  });
  const base = { ...ground, state, retention, inForce, timeSync, coverage, reader, alarms, access };
  const disk = joinDisk(base, () => rooms, overrides);
  const scans = new Scans();
  const rooms: Rooms = Object.assign(base, {
    cameras: createCameraFacts(db),
    figures: createStatusFigures(db),
    backlogs: createBacklogs(clock, log),
    ...disk,
    scans,
    unowned: createUnownedList(db),
    unownedRules: followedRules(state, config, nowMs()),
    unownedSweep: joinUnownedSweep({ ...base, ...disk }),
    heldLosses: new HeldLosses({
      alarms,
      location: (id) => reader.location(id),
      ...disk.preservation,
      zone: config.site.timeZone,
    }),
    heldDesk: new HeldDesk(
      {
        store: createHeldFigures(db),
        covered: (cameraId, window) => disk.preservation.pins.covered(cameraId, window),
        set: state.holdSet,
        nowMs,
        breathe,
      },
      alarms,
    ),
    strays: joinStrays({ ...base, ...disk, scans }),
    desk: joinDesk(() => rooms),
    drill: createDrill(() => rooms),
    lastSweep: undefined,
  });
  return rooms;
}

function followedRules(state: State, config: Config, nowMs: number): UnownedRules {
  const rules = createUnownedRules(state.db, state.audit);
  rules.follow(config.sources, nowMs);
  return rules;
}

function joinDesk(late: () => Rooms): StatusDesk {
  return {
    status: () => deskOf(late()).status(),
    snapshot: () => deskOf(late()).snapshot(),
  };
}

function deskOf(rooms: Rooms): StatusDesk {
  const { clock, retention, reader, alarms, config, roots, sweeping, ingest, cameras, state } = rooms;
  const views = roots.list();
  return createStatusDesk({
    clock,
    retention,
    retentionDays: () => rooms.inForce.ms() / DAY_MS,
    reader,
    figures: rooms.figures,
    unowned: rooms.unowned,
    unownedRule: (rootId) => rooms.unownedRules.rule(rootId),
    holds: state.holdSet,
    alarms,
    cameraIds: config.cameras.map((c) => c.id),
    recording: () => cameras.recording(clock.wallMs()),
    roots: () => views.map((view) => rootFacts(view, rooms.scans.of(view.id), config)),
    blocked: () =>
      views.flatMap((v) =>
        blockedReasons(v, {
          breaker: sweeping.store.breakerSinceMs(v.id) !== null,
          reserveGone: state.reserve.gone,
          refused: sweeping.store.refusedClips(v.id) > 0,
          elsewhere: sweeping.store.waitingElsewhere(v.id, retention.nowMs()) > 0,
          waiting: () => rooms.figures.waiting(v.id, retention.nowMs()) > 0,
        }),
      ),
    vault: () => ({
      copies: rooms.heldDesk.last()?.vault.copies ?? null,
      copyBytes: rooms.heldDesk.last()?.vault.bytes ?? null,
      keepFreeBytes: rooms.preservation.vault.keepFreeBytes(),
    }),
    breakerSinceMs: (rootId) => sweeping.store.breakerSinceMs(rootId),
    disk: (rootId) => rooms.watchdog.seen(rootId) ?? null,
    backlog: (rootId) => rooms.backlogs.of(rootId),
    lastSweep: () => rooms.lastSweep,
    drill: () => rooms.drill.last(),
    held: () => rooms.heldDesk.last(),
    ingest: () => ({ lagMs: ingest.lagMs(), queue: ingest.queueDepth() }),
  });
}
