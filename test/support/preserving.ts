/** Copies of held clips over a real index and a real root, whose thread is the same code called in place. */
import { breathe } from '../../src/base/delay.ts';
import { systemFiles } from '../../src/base/file-calls.ts';
import { silentLog } from '../../src/base/log.ts';
import { createClipReader } from '../../src/db/clips/clips.ts';
import { createCoverage } from '../../src/db/clips/coverage.ts';
import { createCopyStore } from '../../src/db/holds/copies.ts';
import { createPinStore } from '../../src/db/holds/pins.ts';
import { HoldSet } from '../../src/holds/hold-set.ts';
import { Preserver, type PreserverDeps } from '../../src/holds/keep/preserver.ts';
import { copyDiskOn } from './copy-disk.ts';
import type { Footage } from './footage.ts';

/** Of the root 'nvr', without a vault, with all the room there is. */
export function preserverOn(f: Footage, deps: Partial<PreserverDeps> = {}): Preserver {
  const reader = createClipReader(f.db, createCoverage(f.db));
  return new Preserver({
    store: createCopyStore(f.db),
    disk: copyDiskOn(f, () => systemFiles),
    covered: (cameraId, window) => createPinStore(f.db).covered(cameraId, window),
    set: new HoldSet(),
    clip: (id) => reader.clip(id),
    onlineRoots: () => ['nvr'],
    vault: () => undefined,
    takeOver: () => Promise.resolve(),
    keepFreeBytes: () => 0,
    onRoom: () => undefined,
    nowMs: () => f.clock.wallMs(),
    breathe,
    log: silentLog,
    ...deps,
  });
}
