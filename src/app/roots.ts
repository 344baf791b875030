/** Joins the roots: what they need of the index, the disks and the clock, and what hears of a person's word about them. */
import { delay } from '../base/delay.ts';
import { FortnightError } from '../base/errors.ts';
import type { RootDisk, Roots } from '../roots/contract.ts';
import { createRoots } from '../roots/roots.ts';
import type { AuditTrail } from '../roots/state.ts';
import { holdListOf } from './mirrors.ts';
import { lockRoot } from './root-lock.ts';
import { reservedRootStore } from './root-store.ts';
import type { Rooms } from './rooms.ts';

/** A stream or a call that hangs holds a batch back; whoever asks for the new disk is told. */
const GIVE_UP_LIMIT_MS = 10_000;

type Base = Pick<Rooms, 'clock' | 'log' | 'state' | 'retention'>;

export function joinRoots(
  base: Base,
  { disk, trail, late }: { disk: RootDisk; trail: AuditTrail; late: () => Rooms },
): Roots {
  const { clock, log, state, retention } = base;
  return createRoots({
    store: reservedRootStore(state),
    disk,
    clock,
    log,
    installId: state.install.installId,
    nowMs: () => retention.nowMs(),
    holds: holdListOf(state),
    trail,
    lock: lockRoot,
    onTrustNames: (rootId) => {
      void late().ingest.reckonAgain(rootId);
    },
    onReplacing: async (rootId) => {
      const { sweeping, unownedSweep, strays } = late();
      const tooLong = delay(GIVE_UP_LIMIT_MS).then(() => {
        throw new FortnightError('busy', 'a deletion on the disk before has not ended', {
          hint: 'try again; if it stays so, restart the service',
        });
      });
      const protocols = [sweeping.protocol, unownedSweep, strays];
      await Promise.race([Promise.all(protocols.map((p) => p.giveUp(rootId))), tooLong]);
    },
    onReplaced: (rootId) => late().ingest.lost(rootId),
  });
}
