/** Whether a configuration goes on from what the state directory knows; asked at the start and by `config check`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DRILL_CAMERA, type Config } from '../config/config.ts';
import { checkContinuity } from '../config/continuity.ts';
import { nextStep, type RetentionStep } from '../config/retention-change.ts';
import { createHoldStore } from '../db/holds/holds.ts';
import { knownFootage } from '../db/install.ts';
import { openIndexReadOnly, type Db } from '../db/open.ts';
import { readRetentionSteps } from '../db/retention/steps.ts';
import { binds, partsOf, type HoldVersion } from '../holds/hold.ts';
import { HoldSet } from '../holds/hold-set.ts';

/** A camera or source that still has clips or holds must stay in the configuration. Throws `config_invalid`. */
export function refuseLoss(config: Config, db: Db, holds: readonly HoldVersion[]): void {
  const known = knownFootage(db);
  // An index that was lost knows neither a camera nor the time; the holds from the journal that nothing has ended do.
  const binding = holds.flatMap(partsOf).filter((h) => binds(h, known.retentionMs ?? Infinity));
  const holdsOf = (cameraId: string): number =>
    new Set(binding.flatMap((h) => (h.terms.cameraIds.includes(cameraId) ? [h.holdId] : []))).size;
  const ids = new Set(known.cameras.map((c) => c.id));
  const unknown = [...new Set(binding.flatMap((h) => h.terms.cameraIds))]
    .filter((id) => !ids.has(id))
    .map((id) => ({ id, clips: 0 }));
  checkContinuity(config, {
    cameras: [...known.cameras.filter((c) => c.id !== DRILL_CAMERA), ...unknown].map((c) => ({
      ...c,
      holds: holdsOf(c.id),
    })),
    roots: known.roots.map((r) => ({ ...r, holds: 0 })),
    vault: known.vault,
  });
}

/**
 * What the daemon would say of this configuration over its state directory, without touching it. Throws
 * `config_invalid`; nothing is said where there is no index yet.
 */
export function checkAgainstState(config: Config): void {
  const path = join(config.stateDir, 'index.db');
  if (!existsSync(path)) return;
  const db = openIndexReadOnly(path);
  try {
    const holds = new HoldSet();
    for (const { version } of createHoldStore(db, { append: () => 0 }).all()) holds.add(version);
    refuseLoss(config, db, holds.all());
    const history: RetentionStep[] = readRetentionSteps(db);
    const { retentionMs } = config.retention;
    nextStep(history, { retentionMs, confirmShorter: false }, history.at(-1)?.fromMs ?? 0);
  } finally {
    db.close();
  }
}
