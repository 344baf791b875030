/** The clock's slower cases with the whole daemon: sleep and power-off. Each box is new. */
import { afterEach, describe, expect, it } from 'vitest';
import { ClockBox, DAY, exists, whyNot, type BoxOptions } from '../support/clock-box.ts';
import { HANG_MS } from '../support/hang.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const why = whyNot();

let box: ClockBox;
afterEach(async () => {
  await box.remove();
});

async function start(options: BoxOptions = {}): Promise<void> {
  box = new ClockBox(options);
  await box.start();
}

describe.skipIf(why !== undefined)(
  `a daemon on a box that lives on${why === undefined ? '' : ` (${why})`}`,
  { timeout: HANG_MS },
  () => {
    it('counts the three weeks a box was suspended for as time, without a doubt (F-C14)', async () => {
      await start();
      const young = box.footage(HOUR);
      await box.sweep();
      expect(exists(young)).toBe(true);
      const before = await box.status();
      box.sleep(21 * DAY);
      // The daemon looks at its boot clock once a second: a wall clock seen first is a moment of doubt and no more.
      await box.until(async () => (await box.status()).nowMs - before.nowMs >= 21 * DAY - 1000);
      await box.settled();
      await box.sweep();
      expect(exists(young)).toBe(false);
      const { clock } = await box.status();
      expect(clock.state).toBe('trusted');
      expect(Math.abs(clock.unacceptedMs)).toBeLessThan(MINUTE);
    });

    it('keeps footage longer, never shorter, when it is off for twelve hours each day and nobody vouches for its clock', async () => {
      await start();
      await box.vouchedOnce();
      const late = box.footage(14 * DAY - 71 * HOUR);
      const early = box.footage(14 * DAY - 34 * HOUR);
      await box.sweep();
      for (let day = 1; day <= 3; day += 1) {
        box.sleep(12 * HOUR);
        await box.again();
        await box.off(12 * HOUR);
        await box.sweep();
      }
      const { clock } = await box.settled();
      expect(clock.state).toBe('suspect');
      expect(clock.unacceptedMs).toBeGreaterThan(36 * HOUR - 31 * MINUTE);
      expect([early, late].map(exists)).toEqual([false, true]);
      box.vouch();
      await box.again();
      await box.sweep();
      expect(exists(late)).toBe(false);
    });

    it('deletes on time when it is off for twelve hours each day and has a battery clock that the site trusts', async () => {
      await start({ trust: 'rtc' });
      await box.vouchedOnce();
      const due = box.footage(14 * DAY - 71 * HOUR);
      const young = box.footage(14 * DAY - 73 * HOUR);
      await box.sweep();
      for (let day = 1; day <= 3; day += 1) {
        box.sleep(12 * HOUR);
        await box.off(12 * HOUR);
      }
      await box.sweep();
      expect((await box.settled()).clock.state).toBe('trusted');
      expect([due, young].map(exists)).toEqual([false, true]);
    });
  },
);
