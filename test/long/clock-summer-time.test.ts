/** The change to and from summer time with the whole daemon, minute by minute. */
import { afterEach, describe, expect, it } from 'vitest';
import { ClockBox, DAY, exists, whyNot } from '../support/clock-box.ts';
import { HANG_MS } from '../support/hang.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const why = whyNot();

let box: ClockBox;
afterEach(async () => {
  await box.remove();
});

describe.skipIf(why !== undefined)(
  `a daemon in a country with summer time${why === undefined ? '' : ` (${why})`}`,
  { timeout: HANG_MS },
  () => {
    it.each([
      ['into summer time', Date.UTC(2027, 2, 28, 1)],
      ['back from summer time', Date.UTC(2027, 9, 31, 1)],
    ])('goes on from minute to minute when the country goes %s (F-C6)', async (_what, switchMs) => {
      box = new ClockBox({ livesAtMs: switchMs - HOUR, timeZone: 'Europe/Amsterdam' });
      await box.start();
      const due = box.footage(14 * DAY - HOUR + 1000);
      const young = box.footage(14 * DAY - 2 * HOUR);
      await box.sweep();
      box.sleep(switchMs - box.trueMs() - 3000);
      await box.settled();
      expect(exists(due)).toBe(true);
      // Nobody asks: the job of each minute does it, which would stand still or run an hour's worth by local time.
      await box.until(() => Promise.resolve(!exists(due)));
      expect(box.trueMs()).toBeLessThan(switchMs + 10 * MINUTE);
      expect(exists(young)).toBe(true);
      expect((await box.status()).clock.state).toBe('trusted');
    });
  },
);
