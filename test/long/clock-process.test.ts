/** What runs by itself goes on each minute whatever happens to the wall clock; minutes of real time pass here. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClockBox, DAY, exists, whyNot } from '../support/clock-box.ts';

const why = whyNot();

describe.skipIf(why !== undefined)(
  `the jobs of a daemon on a box with a wrong clock${why === undefined ? '' : ` (${why})`}`,
  () => {
    let box: ClockBox;
    beforeEach(async () => {
      box = new ClockBox();
      await box.start();
    });
    afterEach(async () => {
      await box.remove();
    });

    it.each([
      ['an hour forward', 3_600_000],
      ['an hour back', -3_600_000],
      ['thirty days forward (F-C1)', 30 * DAY],
      ['ten years forward', 3653 * DAY],
      ['fifteen days back (F-C3)', -15 * DAY],
      ['back to 1970', -Date.now() + DAY],
    ])('delete what falls due, and say that the clock is in doubt, when it is set %s', async (_what, by) => {
      const due = box.footage(14 * DAY - 20_000);
      await box.call('reconcile');
      box.setWall(by);
      const began = performance.now();
      while (exists(due)) await new Promise((resolve) => setTimeout(resolve, 500));
      expect(performance.now() - began).toBeLessThan(100_000);
      let status = await box.status();
      while (!status.alarms.some((a) => a.code === 'clock_suspect')) {
        await new Promise((resolve) => setTimeout(resolve, 500));
        status = await box.status();
      }
      expect(performance.now() - began).toBeLessThan(180_000);
    });
  },
);
