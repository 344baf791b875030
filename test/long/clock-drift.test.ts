/** A wall clock that drifts or creeps, with the whole daemon. Each box is new. */
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
  `a daemon on a box whose clock runs wrong${why === undefined ? '' : ` (${why})`}`,
  { timeout: HANG_MS },
  () => {
    it('is led on by no more than a quarter of an hour a day when the wall clock creeps ahead by 14 min an hour (F-C1)', async () => {
      await start();
      await box.vouchedOnce();
      const hours = 5;
      const young = box.footage(14 * DAY - hours * HOUR - 16 * MINUTE);
      await box.sweep();
      const before = await box.settled();
      const began = box.trueMs();
      for (let hour = 1; hour <= hours; hour += 1) {
        box.sleep(HOUR);
        box.setWall(hour * 14 * MINUTE);
        await box.again();
        await box.sweep();
      }
      const after = await box.status();
      const ahead = after.nowMs - before.nowMs - (box.trueMs() - began);
      expect(ahead).toBeLessThanOrEqual(15 * MINUTE);
      expect(ahead).toBeGreaterThan(10 * MINUTE);
      expect(after.clock.state).toBe('suspect');
      expect(exists(young)).toBe(true);
    });

    it('is led on by no more than a quarter of an hour when the wall clock runs fast, and is not held up when it runs slow (F-C1)', async () => {
      await start();
      await box.vouchedOnce();
      await box.stop();
      box.drift(601);
      await box.start();
      const young = box.footage(14 * DAY - 30 * MINUTE);
      const before = await box.status();
      const began = box.trueMs();
      await box.until(async () => (await box.status()).clock.state === 'suspect', 'retention.sweep');
      await box.sweep();
      const after = await box.status();
      expect(after.nowMs - before.nowMs - (box.trueMs() - began)).toBeLessThanOrEqual(15 * MINUTE);
      expect(exists(young)).toBe(true);
      await box.stop();
      box.drift(0.01);
      await box.start();
      const dueMs = box.trueMs() + 5000;
      const due = box.footage(14 * DAY - 5000);
      await box.until(() => Promise.resolve(!exists(due)), 'retention.sweep');
      // By the wall clock it is not due yet.
      expect((await box.status()).wallMs).toBeLessThan(dueMs);
    });
  },
);
