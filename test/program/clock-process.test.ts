/** The clock's cases with the whole daemon under faketime; those that wait for minutes to pass are in test/long. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClockBox, DAY, exists, whyNot } from '../support/clock-box.ts';

const HOUR = 3_600_000;
const why = whyNot();
const JUMPS: [string, number][] = [
  ['fifteen days forward (F-C1)', 15 * DAY],
  ['ten years forward', 3653 * DAY],
  ['fifteen days back (F-C3)', -15 * DAY],
  ['back to 1970', -Date.now() + DAY],
];

describe.skipIf(why !== undefined)(
  `a daemon on a box with a wrong clock${why === undefined ? '' : ` (${why})`}`,
  () => {
    let box: ClockBox;
    let young: string;
    beforeAll(async () => {
      box = new ClockBox();
      await box.start();
      box.vouch();
      young = box.footage(13 * DAY + 23 * HOUR);
      await box.call('reconcile');
    });
    afterAll(async () => {
      await box.remove();
    });

    it.each(JUMPS)('deletes what is due and nothing early when the clock is set %s', async (_what, by) => {
      const due = box.footage(14 * DAY - 1000);
      await box.call('reconcile');
      const before = await box.status();
      const began = performance.now();
      box.setWall(by);
      const after = await box.settled();
      expect(Math.abs(after.nowMs - before.nowMs - (performance.now() - began))).toBeLessThan(3000);
      while (exists(due)) await box.call('retention.sweep');
      expect(exists(young)).toBe(true);
      box.setWall(0);
      await box.settled();
    });

    it('is not led on by a battery clock that comes back in 2037 (F-C2)', async () => {
      await box.reboot(11 * 365 * DAY);
      expect((await box.settled()).clock.state).toBe('suspect');
      await box.call('retention.sweep');
      expect(exists(young)).toBe(true);
    });

    it('comes back in doubt after three weeks off, deletes nothing early, and catches up when the clock is synchronised (F-C4)', async () => {
      await box.reboot(21 * DAY);
      const doubt = await box.settled();
      expect(doubt.clock).toMatchObject({ state: 'suspect', synchronised: false });
      await box.call('retention.sweep');
      expect(exists(young)).toBe(true);
      box.vouch();
      await box.stop();
      await box.start();
      expect((await box.settled()).clock).toMatchObject({ state: 'trusted', synchronised: true });
      await box.call('retention.sweep');
      expect(exists(young)).toBe(false);
    });
  },
);
