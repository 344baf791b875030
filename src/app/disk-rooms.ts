/** Joins what works on the disks: roots, sweep, mirrors, holds, footage, ingest. */
import { Worker } from 'node:worker_threads';
import { breathe, delay } from '../base/delay.ts';
import type { IndexWriter } from '../clips/index-writer.ts';
import { VAULT, type SourceConfig } from '../config/config.ts';
import { createFileState } from '../db/file-state.ts';
import { createIndexWriter } from '../db/ingest/store.ts';
import { createProbeClient } from '../disk/probe-client.ts';
import { binds, covers } from '../holds/hold.ts';
import { createIngest } from '../ingest/ingest.ts';
import type { Ingest, ScannableRoot } from '../ingest/contract.ts';
import { rulesOf } from '../ingest/rules.ts';
import { watchRoot } from '../ingest/watch.ts';
import type { Roots, RootView } from '../roots/contract.ts';
import { OWN_DIR, isVault } from '../roots/root.ts';
import { startScanThread } from '../scan-thread.ts';
import { auditTrail, createCheckpoints } from './checkpoints.ts';
import { joinFootage } from './footage.ts';
import { goThroughHeld } from './held-round.ts';
import { ingestEvents } from './ingest-events.ts';
import { joinHolds } from './holds.ts';
import { createMirrors } from './mirrors.ts';
import { joinPreservation } from './preservation.ts';
import type { Overrides } from './parts.ts';
import type { Rooms } from './rooms.ts';
import { joinRoots } from './roots.ts';
import { addressOf, entryPoint, joinSweeping } from './sweeping.ts';
import { joinVault } from './vault.ts';
import { Watchdog } from './watchdog.ts';

export type Base = Pick<
  Rooms,
  'config' | 'clock' | 'log' | 'events' | 'state' | 'retention' | 'inForce' | 'reader' | 'alarms' | 'access'
>;
type DiskRooms = Pick<
  Rooms,
  | 'probes'
  | 'roots'
  | 'sweeping'
  | 'mirrors'
  | 'checkpoints'
  | 'pinner'
  | 'preservation'
  | 'holds'
  | 'footage'
  | 'ingest'
  | 'watchdog'
>;

/** `late` gives the rooms once all are joined: events only come after the start. */
export function joinDisk(base: Base, late: () => Rooms, { tools }: Pick<Overrides, 'tools'>): DiskRooms {
  const { log, state, retention } = base;
  const nowMs = (): number => retention.nowMs();
  const probes = createProbeClient({ spawn: () => new Worker(entryPoint('probe-worker')), delay });
  const { auditStore, mirrorKey: key } = state;
  const trail = auditTrail({ audit: auditStore, key, storedMs: () => retention.storedMs });
  const roots = joinRoots(base, { disk: probes, trail, late });
  const sweeping = joinSweeping(sweepingParts(base, roots, late));
  const onlineRoots = (): string[] =>
    roots.list().flatMap((r) => (roots.verify(r.id) === undefined ? [] : [r.id]));
  const { client } = sweeping;
  const mirrors = createMirrors({ state, client, onlineRoots, nowMs, alarms: () => base.alarms, log });
  const checkpoints = createCheckpoints({ trail, audit: auditStore, client, onlineRoots, log });
  const preservation = joinPreservation(base, {
    client,
    onlineRoots,
    media: () => late().footage.media,
    vault: joinVault(base, roots),
    strays: () => late().strays,
  });
  const { pins, pinner } = preservation;
  const holds = joinHolds(base, { sweeping, mirrors, pinner, pins });
  const index = createIndexWriter({ db: state.db, audit: state.audit });
  const footage = joinFootage({
    state,
    log,
    nowMs,
    reader: base.reader,
    client: () => client,
    held: preservation,
    index,
    access: () => base.access,
    onJob: () => undefined,
    findTools: tools,
  });
  const ingest = joinIngest(base, { roots, index, late });
  const watchdog = joinWatchdog(base, roots, async (rootId, paths) => {
    if (paths.some((path) => path.startsWith(`${OWN_DIR}/`))) void goThroughHeld(late());
    await ingest.lookNow(
      rootId,
      paths.filter((path) => !path.startsWith(`${OWN_DIR}/`)),
    );
  });
  return {
    probes,
    roots,
    sweeping,
    mirrors,
    checkpoints,
    pinner,
    preservation,
    holds,
    footage,
    ingest,
    watchdog,
  };
}

function joinIngest(
  base: Base,
  { roots, index, late }: { roots: Roots; index: IndexWriter; late: () => Rooms },
): Ingest {
  const { config, clock, log, state, retention } = base;
  const nowMs = (): number => retention.nowMs();
  return createIngest({
    clock,
    log,
    index,
    rules: rulesOf(config.sources),
    roots: () => roots.list().flatMap((r) => scannable(roots, r, config.sources)),
    retention: () => ({
      nowMs: retention.latestMs(),
      retentionMs: base.inForce.ms(),
      timesBelievable: retention.timesBelievable(),
    }),
    heldAmong: (clips) =>
      clips.flatMap((c) => {
        const holding = state.holdSet.ofCamera(c.cameraId);
        return holding.some((h) => binds(h, nowMs()) && covers(h.terms, c)) ? [c.id] : [];
      }),
    spawn: () =>
      startScanThread(entryPoint('scan-worker'), {
        indexPath: `${config.stateDir}/index.db`,
        sources: config.sources,
      }),
    watch: watchRoot,
    events: ingestEvents(base, late),
    breathe,
  });
}

function joinWatchdog(
  base: Base,
  roots: Roots,
  lookAgain: (rootId: string, paths: readonly string[]) => Promise<void>,
): Watchdog {
  const { clock, log, retention, state, config } = base;
  return new Watchdog({
    clock,
    log,
    retention,
    retentionMs: () => base.inForce.ms(),
    roots,
    sources: config.sources,
    holds: () => state.holdSet.inForce(),
    indexSays: createFileState(state.db),
    lookAgain,
  });
}

/** Whether its file system tells of changes is seen by its type, unless the configuration knows better. */
function scannable(roots: Roots, view: RootView, sources: readonly SourceConfig[]): ScannableRoot[] {
  const at = roots.readable(view.id);
  if (at === undefined || isVault(view.id)) return [];
  const { id: rootId, trustNames } = view;
  const events = sources.find((s) => s.id === rootId)?.events ?? 'auto';
  const eventless = events === 'auto' ? view.eventless : events === 'no';
  return [{ rootId, address: addressOf(at), trustNames, eventless }];
}

function sweepingParts(base: Base, roots: Roots, late: () => Rooms): Parameters<typeof joinSweeping>[0] {
  const { config, state, clock, events, log } = base;
  const nowMs = (): number => base.retention.nowMs();
  return {
    state,
    retentionMs: () => base.inForce.ms(),
    clockTrusted: () => !base.retention.suspect,
    nowMs,
    monotonicMs: () => clock.bootMs(),
    rootIds: [...config.sources.map((s) => s.id), ...(config.holds.vault === undefined ? [] : [VAULT])],
    away: () => {
      if (config.holds.vault === undefined) return [];
      return roots.list().flatMap((r) => (roots.verify(r.id) === undefined ? [r.id] : []));
    },
    address: (rootId, how) => {
      const at = how === 'act' ? roots.verify(rootId) : roots.readable(rootId);
      return at && addressOf(at);
    },
    blocked: (rootId) => (state.reserve.gone ? ['audit_reserve_gone'] : roots.blocked(rootId)),
    doubt: (rootId, why) => {
      log.warn('root_doubt', { rootId, why });
      void roots.check();
    },
    failing: (rootId, why) => {
      roots.markFailing(rootId, why, 'not_durable');
    },
    refused: (rootId, clips, errno) => {
      log.warn('unlink_refused', { rootId, clips, errno });
      void roots.check();
    },
    relook: (rootId, clips) => {
      const paths = clips.flatMap((c) => {
        const at = base.reader.location(c.id);
        return at === undefined ? [] : [at.dir === '' ? at.name : `${at.dir}/${at.name}`];
      });
      void late().ingest.lookNow(rootId, paths);
    },
    closeClips: (ids, files) => late().footage.close(ids, files),
    onOutcomes: (rootId, outcomes) => {
      const ended = outcomes.map((o) => ({
        outcome: o.outcome,
        reason: o.reason,
        dueMs: o.clip.dueMs ?? 0,
        atMs: nowMs(),
      }));
      events.deletionEnded({ rootId, ended });
      late().backlogs.gone(rootId, outcomes.length);
    },
    onBreaker: (rootId, open, dueClips) => {
      log.warn('breaker', { rootId, open, dueClips });
      if (open) events.deletionBlocked({ rootId, reason: 'breaker' });
    },
  };
}
