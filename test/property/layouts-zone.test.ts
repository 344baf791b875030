import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isZone, localToUtc, utcMsOf, utcToLocal, zoneOf } from '../../src/base/zone.ts';

const ZONES = [
  'Europe/Berlin',
  'Europe/Dublin', // its standard time is summer
  'Australia/Lord_Howe', // changes by half an hour
  'Africa/Casablanca', // changes around Ramadan
  'Africa/Monrovia', // until 1972 off by 44 min 30 s
  'America/St_Johns', // changed at one minute past midnight
  'America/Caracas',
  'Asia/Kathmandu',
  'Asia/Pyongyang',
  'Pacific/Apia', // has no 30 December 2011
  'Antarctica/Troll',
  'UTC',
];
const FROM_MS = Date.UTC(1970, 0, 2);
const TO_MS = Date.UTC(2100, 11, 30);

/** What Intl shows at a moment, as the UTC milliseconds of the same digits. */
function shown(utcMs: number, zone: string): number {
  const two = '2-digit' as const;
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    ...{ year: 'numeric', month: two, day: two, hour: two, minute: two, second: two, hourCycle: 'h23' },
  }).formatToParts(utcMs);
  const get = (type: string): number => Number(parts.find((p) => p.type === type)!.value);
  const seconds = Date.UTC(
    get('year'),
    get('month') - 1,
    get('day'),
    get('hour'),
    get('minute'),
    get('second'),
  );
  return seconds + (((utcMs % 1000) + 1000) % 1000);
}

const zone = fc.constantFrom(...ZONES);
/** Anywhere in the years, and close to the changes of the last and next years, where everything happens. */
const moment = fc.oneof(
  fc.integer({ min: FROM_MS, max: TO_MS }),
  fc
    .tuple(
      fc.integer({ min: 1971, max: 2099 }),
      fc.integer({ min: 0, max: 8783 }),
      fc.integer({ min: -7200, max: 7200 }),
    )
    .map(([year, hour, second]) => Date.UTC(year, 0, 1, hour) + second * 1000),
);

/** Changes of offset of a zone in some years, to the second. */
function changes(zoneName: string, fromYear: number, toYear: number): number[] {
  const found: number[] = [];
  const offset = (ms: number): number => shown(ms, zoneName) - ms;
  for (let at = Date.UTC(fromYear, 0); at < Date.UTC(toYear, 0); at += 86_400_000) {
    let before = at;
    let after = at + 86_400_000;
    if (offset(before) === offset(after)) continue;
    while (after - before > 1000) {
      const middle = Math.floor((before + after) / 2000) * 1000;
      if (offset(middle) === offset(before)) before = middle;
      else after = middle;
    }
    found.push(after);
  }
  return found;
}

describe('local time of a zone', () => {
  test('is what Intl shows, at any moment in any zone', () => {
    fc.assert(
      fc.property(zone, moment, (name, utcMs) => {
        expect(utcMsOf(utcToLocal(utcMs, name))).toBe(shown(utcMs, name));
      }),
      { numRuns: 3000 },
    );
  });

  test('every moment is among the readings of the time its clock shows', () => {
    fc.assert(
      fc.property(zone, moment, (name, utcMs) => {
        const reading = zoneOf(name).toUtc(shown(utcMs, name));
        expect(reading.shifted).toBe(false);
        expect(reading.candidatesMs).toContain(utcMs);
      }),
      { numRuns: 3000 },
    );
  });

  test('every reading shows the time it was read from, unless it was shifted', () => {
    fc.assert(
      fc.property(zone, moment, (name, localMs) => {
        const { candidatesMs, shifted } = zoneOf(name).toUtc(localMs);
        expect(candidatesMs.length).toBeGreaterThan(0);
        expect([...candidatesMs].sort((a, b) => a - b)).toEqual(candidatesMs);
        if (!shifted)
          expect(candidatesMs.map((ms) => shown(ms, name))).toEqual(candidatesMs.map(() => localMs));
        else expect(shown(candidatesMs[0]!, name)).toBeGreaterThan(localMs);
      }),
      { numRuns: 3000 },
    );
  });

  test.each(['Europe/Berlin', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Pacific/Apia', 'Africa/Monrovia'])(
    'around every change in %s both sides of it are read rightly',
    (name) => {
      const years = name === 'Africa/Monrovia' ? [1971, 1974] : [2010, 2030];
      const found = changes(name, years[0]!, years[1]!);
      expect(found.length).toBeGreaterThan(0);
      for (const change of found) {
        const before = shown(change - 1000, name) + 1000;
        const after = shown(change, name);
        const gapMs = after - before;
        const probe = before + Math.trunc(gapMs / 2);
        const { candidatesMs, shifted } = zoneOf(name).toUtc(probe);
        if (gapMs > 0) {
          expect(shifted).toBe(true);
          expect(candidatesMs).toEqual([change + (probe - before)]);
        } else {
          expect(shifted).toBe(false);
          expect(candidatesMs).toHaveLength(2);
          expect(candidatesMs[1]! - candidatesMs[0]!).toBe(-gapMs);
        }
      }
    },
  );

  test('a zone answers alike whatever was asked before', () => {
    fc.assert(
      fc.property(
        zone,
        fc.array(moment, { minLength: 1, maxLength: 20 }),
        moment,
        (name, before, localMs) => {
          const fresh = zoneOf(name).toUtc(localMs);
          for (const ms of before) zoneOf(name).toUtc(ms);
          expect(zoneOf(name).toUtc(localMs)).toEqual(fresh);
        },
      ),
    );
  });
});

describe('the hours everybody asks about', () => {
  const at = (hour: number, minute: number) => ({ hour, minute, second: 0, milli: 0 });

  test('F-C6: 02:30 on the night of autumn comes twice in Berlin', () => {
    const reading = localToUtc({ year: 2026, month: 10, day: 25, ...at(2, 30) }, 'Europe/Berlin');
    expect(reading.candidatesMs.map((ms) => new Date(ms).toISOString())).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
    ]);
  });

  test('02:30 on the night of spring is shifted to 03:30 in Berlin', () => {
    const reading = localToUtc({ year: 2026, month: 3, day: 29, ...at(2, 30) }, 'Europe/Berlin');
    expect(reading.shifted).toBe(true);
    expect(new Date(reading.candidatesMs[0]!).toISOString()).toBe('2026-03-29T01:30:00.000Z');
  });

  test('F-C6: Lord Howe repeats only half an hour', () => {
    const fold = localToUtc({ year: 2026, month: 4, day: 5, ...at(1, 45) }, 'Australia/Lord_Howe');
    expect(fold.candidatesMs[1]! - fold.candidatesMs[0]!).toBe(30 * 60_000);
  });

  test('a second of 60 is the first of the next minute', () => {
    const leap = { year: 2016, month: 12, day: 31, hour: 23, minute: 59, second: 60, milli: 0 };
    expect(localToUtc(leap, 'UTC').candidatesMs).toEqual([Date.UTC(2017, 0, 1)]);
  });

  test('zones are known by their names only', () => {
    expect(isZone('Europe/Amsterdam')).toBe(true);
    expect(isZone('Europe/Amsterdum')).toBe(false);
    expect(isZone('')).toBe(false);
  });
});
