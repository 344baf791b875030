/** The clock's slower cases with the whole daemon: sleep, power-off, drift, creep. Each box is new. */
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

/** As after a minute: the clock is stored, and what the wall clock says is weighed. */
async function again(): Promise<void> {
  await box.stop();
  await box.start();
  await box.settled();
}

/** The clock was set right and checked once; then nobody is there to check it. */
async function vouched(): Promise<void> {
  box.vouch();
  await again();
  expect((await box.status()).clock).toMatchObject({ state: 'trusted', synchronised: true });
  box.unvouch();
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
      const after = await box.settled();
      expect(after.nowMs - before.nowMs).toBeGreaterThanOrEqual(21 * DAY - 1000);
      await box.sweep();
      expect(exists(young)).toBe(false);
      const { clock } = await box.status();
      expect(clock.state).toBe('trusted');
      expect(Math.abs(clock.unacceptedMs)).toBeLessThan(MINUTE);
    });

    it('keeps footage longer, never shorter, when it is off for twelve hours each day and nobody vouches for its clock', async () => {
      await start();
      await vouched();
      const late = box.footage(14 * DAY - 71 * HOUR);
      const early = box.footage(14 * DAY - 34 * HOUR);
      await box.sweep();
      for (let day = 1; day <= 3; day += 1) {
        box.sleep(12 * HOUR);
        await again();
        await box.off(12 * HOUR);
        await box.sweep();
      }
      const { clock } = await box.settled();
      expect(clock.state).toBe('suspect');
      expect(clock.unacceptedMs).toBeGreaterThan(36 * HOUR - 31 * MINUTE);
      expect([early, late].map(exists)).toEqual([false, true]);
      box.vouch();
      await again();
      await box.sweep();
      expect(exists(late)).toBe(false);
    });

    it('deletes on time when it is off for twelve hours each day and has a battery clock that the site trusts', async () => {
      await start({ trust: 'rtc' });
      await vouched();
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

    it('is led on by no more than a quarter of an hour a day when the wall clock creeps ahead by 14 min an hour (F-C1)', async () => {
      await start();
      await vouched();
      const hours = 5;
      const young = box.footage(14 * DAY - hours * HOUR - 16 * MINUTE);
      await box.sweep();
      const before = await box.settled();
      const began = box.trueMs();
      for (let hour = 1; hour <= hours; hour += 1) {
        box.sleep(HOUR);
        box.setWall(hour * 14 * MINUTE);
        await again();
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
      await vouched();
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
