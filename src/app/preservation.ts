/** Joins what keeps held footage from its recorder: pins at once, copies in the background. */
import { DAY_MS, HOUR_MS } from '../base/clock.ts';
import { breathe } from '../base/delay.ts';
import type { ClipReader } from '../clips/store.ts';
import type { SourceConfig } from '../config/config.ts';
import { createCopyStore } from '../db/copies.ts';
import { createPinStore } from '../db/pins.ts';
import type { CopyDisk, CopyStore } from '../holds/copies.ts';
import { Pinner } from '../holds/pinner.ts';
import type { PinDisk, PinStore } from '../holds/pins.ts';
import { Preserver } from '../holds/preserver.ts';
import type { Rooms } from './rooms.ts';

type Base = Pick<Rooms, 'config' | 'state' | 'reader' | 'retention' | 'alarms' | 'log'>;

export interface Preservation {
  readonly pins: PinStore;
  readonly pinner: Pinner;
  readonly copies: CopyStore;
  readonly preserver: Preserver;
}

/** `onlineRoots`: those that may be written to now. */
export function joinPreservation(
  base: Base,
  { client, onlineRoots }: { client: PinDisk & CopyDisk; onlineRoots: () => readonly string[] },
): Preservation {
  const { config, state, reader, retention, alarms, log } = base;
  const [pins, copies] = [createPinStore(state.db), createCopyStore(state.db)];
  const common = {
    set: state.holdSet,
    clip: (id: number) => reader.clip(id),
    onlineRoots,
    nowMs: () => retention.nowMs(),
    breathe,
    log,
  };
  const preserver = new Preserver({
    ...common,
    store: copies,
    disk: client,
    covered: (cameraId, window) => pins.covered(cameraId, window),
    keepFreeBytes: (rootId) => recordedInTwoDays(reader, config.sources, rootId),
    onRoom: (subject, missing) => {
      if (missing.clips === 0) alarms.end('copies_stopped', subject);
      else alarms.raise({ code: 'copies_stopped', subject, detail: { ...missing } });
    },
  });
  return { pins, pinner: new Pinner({ ...common, store: pins, disk: client }), copies, preserver };
}

/** What the cameras of a root record in two days, by what there is of them. Held footage makes it more, never less. */
export function recordedInTwoDays(
  reader: Pick<ClipReader, 'totals' | 'nextLive'>,
  sources: readonly Pick<SourceConfig, 'id' | 'cameras'>[],
  rootId: string,
): number {
  const cameras = new Set(Object.values(sources.find((s) => s.id === rootId)?.cameras ?? {}));
  const bytes = reader
    .totals()
    .filter((t) => cameras.has(t.cameraId))
    .map(({ cameraId, bytes, lastEndMs }) => {
      const firstEndMs = reader.nextLive(cameraId, 0)?.endMs;
      if (firstEndMs === undefined || lastEndMs === null) return 0;
      return (bytes / Math.max(HOUR_MS, lastEndMs - firstEndMs)) * 2 * DAY_MS;
    });
  return Math.ceil(bytes.reduce((sum, each) => sum + each, 0));
}
