/** What happens to the box: the daemon is killed, the power goes, somebody shuts it down; and to its clocks. */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/base/clock.ts';
import type { World } from './actor.ts';
import type { End } from './box.ts';
import type { Random } from './random.ts';
import { WORLD } from './scheduler.ts';

/** Ends at any moment, at a sweep, or in the middle of a call that changes a disk. */
export function powerTroubles(world: World, random: Random): void {
  const { scheduler, box, quietMs } = world;
  const times = random.int(0, 3);
  for (let n = 0; n < times; n += 1) {
    const how = random.pick<End>(['kill', 'power_cut', 'power_cut', 'shutdown'])!;
    const offMs = random.chance(0.85) ? random.int(5, 180) * SECOND_MS : random.int(5, 20) * MINUTE_MS;
    const atMs = scheduler.nowMs + random.int(MINUTE_MS, quietMs - scheduler.nowMs - MINUTE_MS);
    const calls = random.int(1, 8);
    const inCall = random.chance(0.5);
    const sweepMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS + 5 * SECOND_MS + random.int(0, 200);
    scheduler.after((random.chance(0.5) ? sweepMs : atMs) - scheduler.nowMs, WORLD, () => {
      if (box.daemon === undefined) return;
      if (!inCall) world.end(how, offMs);
      else
        box.setTrap(calls, how === 'shutdown' ? 'power_cut' : how, (end) => {
          world.ended(end, offMs);
        });
    });
  }
}

const STEPS_MS = [
  -10 * MINUTE_MS,
  -2 * MINUTE_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  HOUR_MS,
  -HOUR_MS,
  15 * DAY_MS,
  -15 * DAY_MS,
  3650 * DAY_MS,
];

/** The wall clock is set wrong, and set right again by a time server or a person. */
export function clockTroubles(world: World, random: Random): void {
  const { scheduler, box, quietMs } = world;
  const times = random.chance(0.4) ? random.int(1, 2) : 0;
  for (let n = 0; n < times; n += 1) {
    scheduler.after(random.int(1, 40) * MINUTE_MS, WORLD, () => {
      if (scheduler.nowMs >= quietMs || !box.powered) return;
      const byMs = random.pick(STEPS_MS)!;
      box.clock.step(byMs);
      scheduler.tell(`the wall clock is set by ${String(byMs / MINUTE_MS)} min`);
      setRight(world, random);
    });
  }
}

/** A time server is found after a while, or a person looks at the clock and says that it is right. */
export function setRight({ scheduler, box }: World, random: Random): void {
  const person = random.chance(0.2);
  scheduler.after(random.int(10, 12 * 60) * SECOND_MS, WORLD, () => {
    const { clock, daemon } = box;
    scheduler.tell(`the clock is set right by ${person ? 'a person' : 'a time server'}`);
    if (!person) clock.synchronise();
    else if (daemon?.serving === true) {
      clock.step(-clock.wrongMs);
      daemon.retention.confirm();
    }
  });
}

/** What the wall clock says after a start: a good battery keeps it, a dead one says something long ago or far ahead. */
export function batteryMs(world: World, random: Random): number {
  if (world.box.site.clockTrust === 'rtc' || random.chance(0.7)) return 0;
  return random.chance(0.5) ? -world.scheduler.nowMs : 3650 * DAY_MS;
}
