/** Joins what keeps held footage from its recorder: pins at once, copies in the background, which are looked through. */
import type { Standing } from '../alarms/alarms.ts';
import { breathe } from '../base/delay.ts';
import { localMinute } from '../base/zone.ts';
import { VAULT } from '../config/config.ts';
import { createCopyStore } from '../db/holds/copies.ts';
import { createInspectionStore } from '../db/holds/inspections.ts';
import { createPinStore } from '../db/holds/pins.ts';
import { createPreservedStore } from '../db/holds/preserved.ts';
import { createReadingStore } from '../db/holds/readings.ts';
import { createStrayStore } from '../db/holds/strays.ts';
import type { RootClient } from '../disk/root-client.ts';
import type { CopyStore } from '../holds/keep/copies.ts';
import type { HoldVersion } from '../holds/hold.ts';
import { Inspector } from '../holds/keep/inspector.ts';
import { Pinner } from '../holds/keep/pinner.ts';
import type { PinStore } from '../holds/keep/pins.ts';
import { reportPreserved, type PreservedReport, type PreservedStore } from '../holds/keep/preserved.ts';
import { Preserver } from '../holds/keep/preserver.ts';
import type { Strays } from '../holds/keep/stray-run.ts';
import { takeOver } from '../holds/keep/take-over.ts';
import { Verifier } from '../holds/keep/verifier.ts';
import type { Media } from '../media/media.ts';
import { isVault } from '../roots/root.ts';
import { openAsKnown } from './open-as-known.ts';
import type { Rooms } from './rooms.ts';
import { recordedInTwoDays, type VaultDesk } from './vault.ts';

type Base = Pick<Rooms, 'config' | 'state' | 'reader' | 'retention' | 'alarms' | 'log'>;

export interface Preservation {
  readonly pins: PinStore;
  readonly pinner: Pinner;
  readonly copies: CopyStore;
  readonly preserver: Preserver;
  readonly inspector: Inspector;
  readonly verifier: Verifier;
  readonly preserved: (hold: HoldVersion) => Promise<PreservedReport>;
  readonly vault: VaultDesk;
}

export interface PreservationParts {
  readonly client: RootClient;
  /** Roots that may be written to now. */
  readonly onlineRoots: () => readonly string[];
  readonly media: () => Pick<Media, 'decode' | 'tools'>;
  readonly vault: VaultDesk;
  readonly strays: () => Pick<Strays, 'unclaimed'>;
}

export function joinPreservation(base: Base, parts: PreservationParts): Preservation {
  const { config, state, reader, retention, alarms, log } = base;
  const { client, onlineRoots, vault } = parts;
  const [pins, copies] = [createPinStore(state.db), createCopyStore(state.db)];
  const common = {
    set: state.holdSet,
    clip: (id: number) => reader.clip(id),
    onlineRoots,
    nowMs: () => retention.nowMs(),
    breathe,
    log,
  };
  const taking = {
    strays: createStrayStore(state.db, state.audit),
    store: copies,
    disk: client,
    unclaimed: (placeId: string) => parts.strays().unclaimed(placeId),
    location: (id: number) => reader.location(id),
  };
  const covered: PinStore['covered'] = (cameraId, window) => pins.covered(cameraId, window);
  const preserver = new Preserver({
    ...common,
    store: copies,
    disk: client,
    covered,
    vault: () => onlineRoots().find(isVault),
    takeOver: (during, stopping) => takeOver({ ...common, ...taking }, during, stopping),
    keepFreeBytes: (placeId) =>
      isVault(placeId) ? vault.keepFreeBytes() : recordedInTwoDays(reader, config.sources, placeId),
    onRoom: (subject, missing) => {
      if (subject === VAULT) vault.onRoom(missing);
      else if (missing.clips === 0) alarms.end('copies_stopped', subject);
      else alarms.raise({ code: 'copies_stopped', subject, detail: { ...missing } });
    },
  });
  const store = createPreservedStore(state.db);
  const onFound = (): void => {
    alarms.replace(['held_copy_damaged'], damageAlarms(store, config.site.timeZone));
  };
  return {
    pins,
    pinner: new Pinner({ ...common, store: pins, disk: client }),
    copies,
    preserver,
    inspector: joinInspector(base, parts, onFound),
    verifier: new Verifier({
      store: createReadingStore(state.db),
      disk: client,
      roots: onlineRoots,
      onFound,
      nowMs: common.nowMs,
      log,
    }),
    preserved: (hold) => reportPreserved({ store, covered, breathe }, hold),
    vault,
  };
}

function joinInspector(
  { state, retention, log }: Base,
  { client, media }: PreservationParts,
  onFound: () => void,
): Inspector {
  return new Inspector({
    store: createInspectionStore(state.db),
    open: (at) => openAsKnown(client, at),
    decode: (fd, signal) => media().decode(fd, { signal }),
    canDecode: async () => (await media().tools()).ffmpeg !== undefined,
    onFound,
    nowMs: () => retention.nowMs(),
    log,
  });
}

/** One per camera, with the moments of the first clips. */
function damageAlarms(store: PreservedStore, zone: string): Standing[] {
  return store.damaged().map(({ cameraId, clips, firstMs }) => {
    const at = firstMs.map((ms) => localMinute(ms, zone)).join(', ');
    return { code: 'held_copy_damaged', subject: cameraId, detail: { clips, at } };
  });
}
