/** The state directory of one life of the daemon, opened as app/state.ts opens it. */
import { createAuditLog, type AuditLog } from '../../src/audit/log.ts';
import { createAuditStore } from '../../src/db/audit.ts';
import { createHoldStore } from '../../src/db/holds.ts';
import { ensureCameras, ensureInstall } from '../../src/db/install.ts';
import type { Db } from '../../src/db/open.ts';
import type { FileCalls } from '../../src/base/file-calls.ts';
import { HoldSet } from '../../src/holds/hold-set.ts';
import { openJournal, type HoldJournal } from '../../src/holds/journal.ts';
import { recoverHolds } from '../../src/holds/recover.ts';
import type { Box } from './box.ts';
import type { Life } from './scheduler.ts';
import { INSTALL_ID, MIRROR_KEY, PATH_KEY, STATE_DIR } from './site.ts';

export interface State {
  readonly db: Db;
  readonly audit: AuditLog;
  readonly journal: HoldJournal;
  readonly holdStore: ReturnType<typeof createHoldStore>;
  readonly holdSet: HoldSet;
}

export function openState(box: Box, life: Life, calls: FileCalls): State {
  const db = box.index.openFor(life);
  ensureInstall(db, { installId: INSTALL_ID, pathKey: PATH_KEY }, box.clock.wallMs());
  ensureCameras(
    db,
    box.site.cameras.map((c) => c.id),
  );
  const audit = createAuditLog(createAuditStore(db), box.clock, () => undefined);
  const journal = openJournal(`${STATE_DIR}/holds.journal`, MIRROR_KEY, calls);
  const holdStore = createHoldStore(db, audit);
  const holdSet = new HoldSet();
  recoverHolds({ journal, store: holdStore, set: holdSet });
  return { db, audit, journal, holdStore, holdSet };
}
