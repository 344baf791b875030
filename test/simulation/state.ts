/** The state directory of one life of a daemon, opened as app/state.ts opens it. */
import { createAuditLog, type AuditLog } from '../../src/audit/log.ts';
import type { Clock } from '../../src/base/clock.ts';
import type { FileCalls } from '../../src/base/file-calls.ts';
import { createAuditStore } from '../../src/db/audit.ts';
import { createHoldStore } from '../../src/db/holds/holds.ts';
import { ensureCameras, ensureInstall } from '../../src/db/install.ts';
import type { Db } from '../../src/db/open.ts';
import { HoldSet } from '../../src/holds/hold-set.ts';
import { openJournal, type HoldJournal } from '../../src/holds/journal.ts';
import { recoverHolds } from '../../src/holds/recover.ts';
import type { IndexFile } from './index-file.ts';
import type { Parts } from './mutation.ts';
import type { Life } from './scheduler.ts';
import { INSTALL_ID, MIRROR_KEY, PATH_KEY, STATE_DIR } from './site.ts';

export interface State {
  readonly db: Db;
  readonly audit: AuditLog;
  readonly journal: HoldJournal;
  readonly holdStore: ReturnType<typeof createHoldStore>;
  readonly holdSet: HoldSet;
}

export interface StateParts {
  readonly index: IndexFile;
  readonly clock: Clock;
  readonly parts: Parts;
  readonly cameraIds: readonly string[];
}

export function openState(
  { index, clock, parts, cameraIds }: StateParts,
  life: Life,
  calls: FileCalls,
): State {
  const db = index.openFor(life);
  ensureInstall(db, { installId: INSTALL_ID, pathKey: PATH_KEY }, clock.wallMs());
  ensureCameras(db, cameraIds);
  const audit = createAuditLog(createAuditStore(db), clock, () => undefined);
  const journal = parts.journal(
    openJournal(`${STATE_DIR}/holds.journal`, MIRROR_KEY, parts.stateFiles(calls)),
  );
  const holdStore = createHoldStore(db, audit);
  const holdSet = new HoldSet();
  recoverHolds({ journal, store: holdStore, set: holdSet });
  return { db, audit, journal, holdStore, holdSet };
}
