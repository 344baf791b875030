/** Pins and copies of a simulated daemon, joined as app/preservation.ts joins them. */
import { silentLog } from '../../src/base/log.ts';
import type { ClipReader } from '../../src/clips/store.ts';
import { createCopyStore } from '../../src/db/holds/copies.ts';
import type { Db } from '../../src/db/open.ts';
import { createPinStore } from '../../src/db/holds/pins.ts';
import type { CopyDisk } from '../../src/holds/keep/copies.ts';
import type { HoldSet } from '../../src/holds/hold-set.ts';
import { Pinner } from '../../src/holds/keep/pinner.ts';
import type { PinDisk, PinStore } from '../../src/holds/keep/pins.ts';
import { Preserver } from '../../src/holds/keep/preserver.ts';
import type { Parts } from './mutation.ts';

export interface Keeping {
  readonly pins: PinStore;
  readonly pinner: Pinner;
  readonly preserver: Preserver;
}

export interface KeepingParts {
  readonly parts: Parts;
  readonly db: Db;
  readonly holdSet: HoldSet;
  readonly reader: ClipReader;
  readonly client: PinDisk & CopyDisk;
  readonly onlineRoots: () => readonly string[];
  readonly nowMs: () => number;
  readonly breathe: () => Promise<void>;
}

export function joinKeeping({ parts, db, holdSet, reader, client, ...rest }: KeepingParts): Keeping {
  const [pins, copies] = [createPinStore(db), createCopyStore(db)];
  const common = { ...rest, clip: (id: number) => reader.clip(id), log: silentLog };
  const preserver = new Preserver({
    ...common,
    set: holdSet,
    store: copies,
    disk: client,
    covered: (cameraId, window) => pins.covered(cameraId, window),
    vault: () => undefined,
    takeOver: () => Promise.resolve(),
    keepFreeBytes: () => 0,
    onRoom: () => undefined,
  });
  const pinner = new Pinner({ ...common, set: parts.holdsToPin(holdSet), store: pins, disk: client });
  return { pins, pinner, preserver };
}
