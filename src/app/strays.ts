/** Joins what goes through the strays of the roots (holds/keep/strays.ts). */
import { breathe } from '../base/delay.ts';
import { createPinStore } from '../db/holds/pins.ts';
import { createStrayStore } from '../db/holds/strays.ts';
import { Strays } from '../holds/keep/stray-run.ts';
import type { StrayStore } from '../holds/keep/strays.ts';
import { rulesOf } from '../ingest/rules.ts';
import { isVault } from '../roots/root.ts';
import type { Rooms } from './rooms.ts';

type Base = Pick<
  Rooms,
  'state' | 'roots' | 'sweeping' | 'retention' | 'inForce' | 'config' | 'reader' | 'scans' | 'alarms' | 'log'
>;

export function joinStrays(rooms: Base): Strays {
  const { state, roots, sweeping, retention, inForce, config, reader, scans, alarms, log } = rooms;
  const rules = rulesOf(config.sources);
  const { client, gate } = sweeping;
  return new Strays({
    store: withReserve(createStrayStore(state.db, state.audit), state.reserve),
    pins: createPinStore(state.db),
    disk: client,
    eraser: client,
    gate,
    sights: (rootId, paths) => client.sights(rootId, paths),
    set: state.holdSet,
    versions: (holdId) =>
      state.journal.entries.flatMap(({ version }) => (version.holdId === holdId ? [version] : [])),
    clip: (id) => reader.clip(id),
    location: (id) => reader.location(id),
    layout: (placeId) => {
      // In the vault lie clips of all of them.
      const all = isVault(placeId) ? [...rules.values()] : [rules.get(placeId)];
      const longest = all.map((r) => r?.layout.maxClipMs ?? null);
      return {
        cameraIds: new Set(all.flatMap((r) => [...(r?.cameras.values() ?? [])])),
        maxClipMs: longest.every((ms) => ms !== null) ? Math.max(...longest) : null,
      };
    },
    onlineRoots: () => roots.list().flatMap((r) => (roots.verify(r.id) === undefined ? [] : [r.id])),
    reconciled: (placeId) => {
      const sources = isVault(placeId) ? config.sources.map((s) => s.id) : [placeId];
      return sources.every((id) => scans.of(id).lastScan === 'done');
    },
    blocked: (rootId) => [
      ...(state.reserve.gone ? (['audit_reserve_gone'] as const) : []),
      ...roots.blocked(rootId),
      ...(sweeping.store.breakerSinceMs(rootId) === null ? [] : (['breaker'] as const)),
    ],
    nowMs: () => retention.nowMs(),
    retentionMs: () => inForce.ms(),
    onKept: (subject, { files, bytes }) => {
      if (files === 0) alarms.end('kept_without_clip', subject);
      else alarms.raise({ code: 'kept_without_clip', subject, detail: { files, bytes } });
    },
    onEnd: (rootId, ends) => {
      log.info('strays_ended', { rootId, files: ends.length });
    },
    failing: (rootId, why) => {
      roots.markFailing(rootId, why, 'not_durable');
    },
    doubt: (rootId, why) => {
      log.warn('root_doubt', { rootId, why });
      void roots.check();
    },
    breathe,
    log,
  });
}

/** A deletion is recorded also on a full disk, as long as the reserve lasts. */
function withReserve(store: StrayStore, reserve: Rooms['state']['reserve']): StrayStore {
  return {
    ...store,
    begin: (rootId, paths, judge) => reserve.use(() => store.begin(rootId, paths, judge)),
    finish: (...args) => {
      reserve.use(() => {
        store.finish(...args);
      });
    },
  };
}
