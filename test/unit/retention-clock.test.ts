import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, SimulatedClock } from '../../src/base/clock.ts';
import {
  RetentionClock,
  type ClockEvent,
  type ClockPolicy,
  type ClockRow,
} from '../../src/retention/retention-clock.ts';

const T0 = Date.UTC(2026, 10, 1, 12);

function box(policy: Partial<Pick<ClockPolicy, 'trust'>> & { synchronised?: () => boolean } = {}) {
  const clock = new SimulatedClock(T0);
  let row: ClockRow | undefined;
  const events: ClockEvent[] = [];
  const store = {
    load: () => row,
    newestClip: () => b.clips,
    save: (next: ClockRow, told: readonly ClockEvent[]) => {
      row = next;
      events.push(...told);
    },
  };
  const { trust = 'synchronised', synchronised = () => false } = policy;
  const start = (): RetentionClock =>
    new RetentionClock(clock, store, {
      trust,
      checkedBootMs: () => (synchronised() ? clock.bootMs() : null),
    });
  const b = { clock, events, start, clips: 0, r: undefined as unknown as RetentionClock };
  b.r = start();
  return b;
}

/** Time passes as on a real box: a minute at a time, with the clock's job. */
function live(b: { clock: SimulatedClock; r: RetentionClock }, ms: number): void {
  for (let done = 0; done < ms; done += MINUTE_MS) {
    b.clock.advance(MINUTE_MS);
    b.r.tick();
  }
}

describe('the retention clock', () => {
  it('starts with the wall clock and advances with the boot clock', () => {
    const b = box();
    expect(b.r.nowMs()).toBe(T0);
    b.clock.advance(5000);
    expect(b.r.nowMs()).toBe(T0 + 5000);
    expect(b.r.suspect).toBe(false);
  });

  it.each([
    ['an hour', HOUR_MS],
    ['fifteen days', 15 * DAY_MS],
    ['ten years', 3653 * DAY_MS],
  ])('does not follow an unsynchronised wall clock that jumps forward by %s (F-C1)', (_what, by) => {
    const b = box();
    b.clock.stepWallTo(T0 + by);
    b.r.tick();
    expect(b.r.nowMs()).toBe(T0);
    expect(b.r.suspect).toBe(true);
    expect(b.r.timesBelievable()).toBe(false);
    live(b, HOUR_MS);
    expect(b.r.nowMs()).toBe(T0 + HOUR_MS);
  });

  it.each([
    ['an hour', HOUR_MS],
    ['fifteen days', 15 * DAY_MS],
    ['ten years', 3653 * DAY_MS],
    ['to 1970', T0],
  ])('goes on unmoved when the wall clock falls back by %s (F-C3)', (_what, by) => {
    const b = box();
    b.clock.stepWallTo(T0 - by);
    live(b, MINUTE_MS);
    expect(b.r.nowMs()).toBe(T0 + MINUTE_MS);
    expect(b.r.suspect).toBe(true);
  });

  it('follows at once when the system says that its clock is synchronised (F-C4)', () => {
    let synchronised = false;
    const b = box({ synchronised: () => synchronised });
    b.clock.stepWallTo(T0 + 3 * DAY_MS);
    b.r.tick();
    expect(b.r.nowMs()).toBe(T0);
    synchronised = true;
    b.r.tick();
    expect(b.r.nowMs()).toBe(T0 + 3 * DAY_MS);
    expect(b.r.suspect).toBe(false);
    expect(b.events.map((e) => e.kind)).toEqual(['doubt_began', 'accepted', 'doubt_ended']);
  });

  it('follows when a person confirms', () => {
    const b = box();
    b.clock.stepWallTo(T0 + DAY_MS);
    b.r.tick();
    expect(b.r.confirm()).toBe(DAY_MS);
    expect(b.r.nowMs()).toBe(T0 + DAY_MS);
    expect(b.events.at(-2)).toMatchObject({ kind: 'accepted', byMs: DAY_MS, rule: 'confirmed' });
  });

  it('never goes back once it was synchronised or confirmed', () => {
    const b = box();
    b.r.confirm();
    b.clock.stepWallTo(T0 - DAY_MS);
    expect(b.r.confirm()).toBe(0);
    expect(b.r.nowMs()).toBe(T0);
  });

  it('is set right, once, when the first start had guessed too late a time', () => {
    let synchronised = false;
    const b = box({ synchronised: () => synchronised });
    b.clock.stepWallTo(T0 - HOUR_MS);
    synchronised = true;
    b.r.tick();
    expect(b.r.nowMs()).toBe(T0 - HOUR_MS);
    b.clock.stepWallTo(T0 - 2 * HOUR_MS);
    b.r.tick();
    expect(b.r.nowMs()).toBe(T0 - HOUR_MS);
  });

  it('does not advance in memory when it could not be saved', () => {
    let synchronised = false;
    let full = false;
    const clock = new SimulatedClock(T0);
    const store = {
      load: () => undefined,
      newestClip: () => 0,
      save: () => {
        if (full) throw new Error('disk full');
      },
    };
    const r = new RetentionClock(clock, store, {
      trust: 'synchronised',
      checkedBootMs: () => (synchronised ? clock.bootMs() : null),
    });
    clock.stepWallTo(T0 + DAY_MS);
    synchronised = true;
    full = true;
    expect(() => {
      r.tick();
    }).toThrow('disk full');
    expect(r.nowMs()).toBe(T0);
  });

  it('counts a gap that is not accepted yet for what is seen first, while it is too small to be a doubt', () => {
    const b = box();
    b.clock.stepWallTo(T0 + 10 * MINUTE_MS);
    expect(b.r.latestMs()).toBe(T0 + 10 * MINUTE_MS);
    b.clock.stepWallTo(T0 + DAY_MS);
    expect(b.r.latestMs()).toBe(T0 + 15 * MINUTE_MS);
    b.clock.stepWallTo(T0 - DAY_MS);
    expect(b.r.latestMs()).toBe(T0);
  });

  it('follows a trusted battery clock up to 60 days and no further', () => {
    const near = box({ trust: 'rtc' });
    near.clock.reboot(60 * DAY_MS - HOUR_MS);
    near.r = near.start();
    expect(near.r.nowMs()).toBe(near.clock.wallMs());
    const far = box({ trust: 'rtc' });
    far.clock.reboot(61 * DAY_MS);
    far.r = far.start();
    expect(far.r.suspect).toBe(true);
  });

  it('does not believe a battery clock that jumps within a boot', () => {
    const b = box({ trust: 'rtc' });
    b.clock.stepWallTo(T0 + 30 * DAY_MS);
    live(b, HOUR_MS);
    expect(b.r.nowMs()).toBe(T0 + HOUR_MS);
    expect(b.r.suspect).toBe(true);
  });

  it('keeps footage longer when a box without time source was switched off, by as long as it was off', () => {
    const b = box();
    b.clock.reboot(21 * DAY_MS, 20_000);
    b.r = b.start();
    expect(b.r.nowMs()).toBe(T0 + 20_000);
    expect(b.r.gapMs()).toBe(21 * DAY_MS);
  });

  it('loses nothing by a crash within a boot', () => {
    const b = box();
    b.clock.advance(50_000);
    b.r = b.start();
    expect(b.r.nowMs()).toBe(T0 + 50_000);
  });

  it('counts a suspend of three weeks, since the boot clock does (F-C14)', () => {
    const b = box();
    b.clock.advance(21 * DAY_MS);
    b.r.tick();
    expect(b.r.nowMs()).toBe(T0 + 21 * DAY_MS);
    expect(b.events).toEqual([]);
  });

  it('accepts small gaps without a source, but in 24 hours no more than 15 minutes', () => {
    const b = box();
    for (let hour = 0; hour < 48; hour += 1) {
      b.clock.stepWallTo(b.clock.wallMs() + 14 * MINUTE_MS); // creep of 14 min an hour
      live(b, HOUR_MS);
    }
    const passed = 48 * HOUR_MS;
    expect(b.r.nowMs() - T0 - passed).toBeLessThanOrEqual(3 * 15 * MINUTE_MS);
    expect(b.r.nowMs() - T0 - passed).toBeGreaterThan(0);
    // Inside the error that is allowed: no footage is dated anew for it.
    expect(b.events.filter((e) => e.kind === 'accepted' && e.since !== null)).toEqual([]);
  });

  it('follows a drifting clock that is slewed, without a word', () => {
    const b = box({ synchronised: () => true });
    for (let minute = 0; minute < 600; minute += 1) {
      b.clock.advance(MINUTE_MS);
      b.clock.stepWallTo(b.clock.wallMs() + 3); // 50 ppm
      b.r.tick();
    }
    expect(b.r.gapMs()).toBe(0);
    expect(b.events).toEqual([]);
  });

  it('catches up when a box that is off 12 hours each day is synchronised two days late', () => {
    let synchronised = false;
    const b = box({ synchronised: () => synchronised });
    for (let day = 0; day < 2; day += 1) {
      live(b, 12 * HOUR_MS);
      b.clock.reboot(12 * HOUR_MS);
      b.r = b.start();
    }
    expect(b.r.gapMs()).toBeGreaterThan(23 * HOUR_MS);
    synchronised = true;
    b.r.tick();
    expect(b.r.gapMs()).toBe(0);
  });

  it('does not follow a dead battery clock that comes back in 2037, or in 1970 (F-C2)', () => {
    for (const trust of ['synchronised', 'rtc'] as const) {
      for (const wallMs of [Date.UTC(2037, 0, 1), 0]) {
        const b = box({ trust });
        b.clock.reboot(HOUR_MS, 20_000);
        b.clock.stepWallTo(wallMs);
        b.r = b.start();
        live(b, HOUR_MS);
        expect(b.r.nowMs()).toBe(T0 + 20_000 + HOUR_MS);
        expect(b.r.suspect).toBe(true);
      }
    }
  });

  it.each([
    ['in spring', Date.UTC(2027, 2, 28, 0, 30)],
    ['in autumn', Date.UTC(2026, 9, 25, 0, 30)],
  ])('knows nothing of summer time, %s (F-C6)', (_what, fromMs) => {
    const b = box();
    b.clock.stepWallTo(fromMs);
    b.r.confirm();
    live(b, 3 * HOUR_MS);
    expect(b.r.nowMs()).toBe(fromMs + 3 * HOUR_MS);
    expect(b.r.suspect).toBe(false);
  });

  it('goes on through a leap second and through 2038 (F-C12)', () => {
    const b = box();
    b.clock.stepWallTo(Date.UTC(2038, 0, 19, 3, 14, 0));
    b.r.confirm();
    live(b, HOUR_MS);
    b.clock.stepWallTo(b.clock.wallMs() - 1000);
    live(b, HOUR_MS);
    expect(b.r.nowMs()).toBe(Date.UTC(2038, 0, 19, 5, 14, 0));
    expect(b.r.suspect).toBe(false);
  });

  it('gives the record of what was recorded in doubt, from the start of a boot nobody vouched for', () => {
    let synchronised = true;
    const b = box({ synchronised: () => synchronised });
    live(b, HOUR_MS);
    synchronised = false;
    b.clips = 7;
    const off = b.clock.wallMs();
    b.clock.reboot(21 * DAY_MS);
    b.clock.stepWallTo(off); // restored from a file: no doubt shows
    b.r = b.start();
    expect(b.r.suspect).toBe(false);
    const back = b.r.nowMs();
    live(b, 2 * DAY_MS); // the time source comes two days late
    b.clips = 99;
    b.clock.stepWallTo(b.clock.wallMs() + 21 * DAY_MS);
    synchronised = true;
    b.r.tick();
    expect(b.r.gapMs()).toBe(0);
    const accepted = b.events.find((e) => e.kind === 'accepted');
    expect(accepted).toMatchObject({
      rule: 'synchronised',
      since: { fromMs: back - 15 * MINUTE_MS, clipId: 7 },
    });
  });
});
