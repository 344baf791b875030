/** Joins the holds: their service, with the pins, mirrors and sweep that answer for it. */
import { breathe, delay } from '../base/delay.ts';
import type { Pinner } from '../holds/keep/pinner.ts';
import type { PinStore } from '../holds/keep/pins.ts';
import { createHolds, type HoldService } from '../holds/service.ts';
import type { Mirrors } from './mirrors.ts';
import type { Rooms } from './rooms.ts';
import type { Sweeping } from './sweeping.ts';

type Base = Pick<Rooms, 'config' | 'state' | 'retention' | 'reader'>;

/** Settling a batch for a placement's answer may take so long; a disk that hangs must not hold the answer back. */
const SETTLE_LIMIT_MS = 1000;
const UNPARK_SLICE = 2000;
/** A placement's answer waits so long for its pins: what is many goes on after it. */
const PIN_LIMIT_MS = 300;

export function joinHolds(
  base: Base,
  {
    sweeping,
    mirrors,
    pinner,
    pins,
  }: { sweeping: Sweeping; mirrors: Mirrors; pinner: Pinner; pins: Pick<PinStore, 'made'> },
): HoldService {
  const { state, config, retention } = base;
  return createHolds({
    store: state.holdStore,
    journal: state.journal,
    set: state.holdSet,
    gate: sweeping.gate,
    reader: base.reader,
    nowMs: () => retention.nowMs(),
    rules: config.holds,
    cameraIds: new Set(config.cameras.map((c) => c.id)),
    pin: async (hold) => {
      await Promise.race([pinner.pin(hold), delay(PIN_LIMIT_MS)]);
      return pins.made(hold.holdId);
    },
    pinned: (holdId) => pins.made(holdId),
    mirror: (entry) => mirrors.write(entry),
    settle: async (rootIds) => {
      const settled = Promise.all(rootIds.map((id) => sweeping.protocol.settle(id)));
      await Promise.race([settled, delay(SETTLE_LIMIT_MS)]);
    },
    unpark: async () => {
      void pinner.run();
      await unparkInSlices(sweeping);
    },
  });
}

async function unparkInSlices({ store }: Sweeping): Promise<void> {
  while (store.unpark(UNPARK_SLICE) > 0) await breathe();
}
