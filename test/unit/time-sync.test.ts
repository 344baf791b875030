import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, SimulatedClock } from '../../src/base/clock.ts';
import { createTimeSync, parseChronyTracking, type TimeSync } from '../../src/observe/time-sync.ts';

const T0 = Date.UTC(2026, 10, 1, 12);

let dir: string;
let clock: SimulatedClock;
let sync: TimeSync;
let tracking: string | undefined;

/** systemd-timesyncd has set or checked the clock. */
function touch(atMs = clock.wallMs()): void {
  const flag = join(dir, 'synchronized');
  writeFileSync(flag, '');
  utimesSync(flag, atMs / 1000, atMs / 1000);
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fortnight-sync-'));
  clock = new SimulatedClock(T0);
  tracking = undefined;
  sync = createTimeSync({
    clock,
    flagFile: join(dir, 'synchronized'),
    chronyTracking: () => Promise.resolve(tracking),
  });
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

describe('systemd-timesyncd', () => {
  it('vouches for the clock once it has set it, and its word stays good while nobody steps the clock (F-C4)', async () => {
    await sync.look();
    expect(sync.checkedBootMs()).toBe(null);
    touch();
    await sync.look();
    expect(sync.checkedBootMs()).toBe(clock.bootMs());
    const heard = clock.bootMs();
    clock.advance(3 * DAY_MS);
    await sync.look();
    expect(sync.checkedBootMs()).toBe(heard);
  });

  it.each([30 * DAY_MS, 10_000, -HOUR_MS])(
    'vouches no more when the clock is stepped by %i ms after its word, until it speaks again (F-C1, F-C3)',
    async (by) => {
      touch();
      await sync.look();
      clock.stepWallTo(clock.wallMs() + by);
      expect(sync.checkedBootMs()).toBe(null);
      await sync.look();
      expect(sync.checkedBootMs()).toBe(null);
      clock.advance(MINUTE_MS);
      touch();
      await sync.look();
      expect(sync.checkedBootMs()).toBe(clock.bootMs());
    },
  );

  it('is not believed for what it said long before we came: the clock may have been set by hand since', async () => {
    touch(T0 - HOUR_MS);
    await sync.look();
    expect(sync.checkedBootMs()).toBe(null);
    touch(T0 + HOUR_MS);
    await sync.look();
    expect(sync.checkedBootMs()).toBe(null);
    touch(T0 - 30 * MINUTE_MS);
    await sync.look();
    expect(sync.checkedBootMs()).toBe(clock.bootMs());
  });

  it('vouches for nothing any more when its flag goes', async () => {
    touch();
    await sync.look();
    rmSync(join(dir, 'synchronized'));
    await sync.look();
    expect(sync.checkedBootMs()).toBe(null);
  });
});

/** As chronyc prints it. */
function line(change: Partial<Record<number, string>> = {}): string {
  const fields = [
    'C0248F97', '192.36.143.151', '2', String(T0 / 1000), '-0.000013', '-0.000012', '0.000065', '-21.9',
    '-0.001', '0.052', '0.0262', '0.0012', '1032.4', 'Normal',
  ]; // prettier-ignore
  for (const [i, value] of Object.entries(change)) fields[Number(i)] = value ?? '';
  return `${fields.join(',')}\n`;
}

describe('chrony', () => {
  it('vouches for the clock with the time of its last correction', async () => {
    expect(parseChronyTracking(line())).toBe(T0);
    tracking = line();
    await sync.look();
    expect(sync.checkedBootMs()).toBe(clock.bootMs());
  });

  it('vouches also while a leap second is announced (F-C12)', () => {
    expect(parseChronyTracking(line({ 13: 'Insert second' }))).toBe(T0);
    expect(parseChronyTracking(line({ 13: 'Delete second' }))).toBe(T0);
  });

  it.each([
    ['is not synchronised', { 13: 'Not synchronised' }],
    ['has no source', { 2: '0' }],
    ['follows only itself', { 0: '7F7F0101', 2: '10' }],
    ['is an hour off and on its way', { 4: '3600.0' }],
    ['is so unsure that it may be a minute off', { 11: '60' }],
    ['never corrected the clock', { 3: '0.000000000' }],
  ])('does not vouch when it %s', (_what, change) => {
    expect(parseChronyTracking(line(change))).toBe(undefined);
  });

  it.each(['', '506 Cannot talk to daemon\n', 'a,b,c', line().slice(0, 60), line({ 4: 'x' })])(
    'does not vouch by what it does not say: %j',
    (said) => {
      expect(parseChronyTracking(said)).toBe(undefined);
    },
  );

  it('does not vouch for a clock that was set by hand since its last correction', async () => {
    tracking = line();
    await sync.look();
    clock.stepWallTo(T0 + 15 * DAY_MS);
    await sync.look();
    expect(sync.checkedBootMs()).toBe(null);
  });
});

it('no time source vouches for nothing', async () => {
  const real = createTimeSync({ clock, flagFile: join(dir, 'none') });
  await real.look();
  expect(real.checkedBootMs()).toBe(null);
});
