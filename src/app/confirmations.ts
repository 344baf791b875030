/** What people confirm, each with its own record. */
import { FortnightError } from '../base/errors.ts';
import { stands } from '../holds/hold.ts';
import type { Confirmations } from '../http/deps.ts';
import type { Jobs } from '../jobs.ts';
import type { Rooms } from './rooms.ts';

/** With `jobs` the sweep begins at once; without, it does within the minute. */
export function confirmationsOf(rooms: Rooms, jobs: Pick<Jobs, 'run'> | undefined): Confirmations {
  const { roots, sweeping, retention, state } = rooms;
  const known = (rootId: string): void => {
    if (!roots.list().some((r) => r.id === rootId))
      throw new FortnightError('not_found', 'there is no such source');
  };
  const sweepSoon = (): void => {
    void jobs?.run('sweep');
  };
  return {
    adopt: (rootId, { by, trustNames }) => {
      known(rootId);
      roots.confirmAdoption(rootId, { actor: by, trustNames });
      sweepSoon();
      return Promise.resolve();
    },
    confirmHolds: (rootId, by) => {
      known(rootId);
      const standing = state.holdSet.all().filter((h) => stands(h, retention.nowMs())).length;
      roots.confirmHolds(rootId, { actor: by, standing });
      return Promise.resolve();
    },
    replaceDisk: async (rootId, actor) => {
      known(rootId);
      await roots.replaceDisk(rootId, { actor });
      sweepSoon();
    },
    resetBreaker: (rootId, by) => {
      known(rootId);
      if (sweeping.store.breakerSinceMs(rootId) === null) {
        throw new FortnightError('conflict', 'the breaker of this source is closed');
      }
      const nowMs = retention.nowMs();
      const { dueClips } = sweeping.store.counts(rootId, nowMs);
      sweeping.store.setBreaker(rootId, { open: false, by, nowMs, dueClips });
      sweepSoon();
      return Promise.resolve();
    },
    confirmUnowned: (rootId, user) => {
      known(rootId);
      rooms.unownedRules.confirm(rootId, { user, nowMs: retention.nowMs() });
      void jobs?.run('unowned');
      return Promise.resolve();
    },
    confirmClock: (by) => {
      const byMs = retention.confirm();
      state.audit.append({ kind: 'clock_confirmed', actor: by, payload: { byMs } });
      sweepSoon();
      return Promise.resolve();
    },
  };
}
