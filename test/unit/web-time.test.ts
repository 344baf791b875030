/** Times on the page are the site's, whatever the browser's zone; in three languages. */
import { describe, expect, test } from 'vitest';
import { createTimeFormat, formatBytes } from '../../src/web/time/format.ts';
import { parseMoment, parseTime } from '../../src/web/time/parse.ts';
import { addDays, createZone, DAY_MS, HOUR_MS, MINUTE_MS, startOfDay } from '../../src/web/time/zone.ts';

const amsterdam = createZone('Europe/Amsterdam');
const en = createTimeFormat('en', amsterdam);
const nl = createTimeFormat('nl', amsterdam);
const fr = createTimeFormat('fr', amsterdam);
/** Tuesday 17 November 2026, 14:32:07.120 in Amsterdam. */
const tuesday = Date.UTC(2026, 10, 17, 13, 32, 7, 120);

describe('the zone of the site', () => {
  test('local and UTC go forth and back over a year of quarter hours', () => {
    for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 7 * 15 * MINUTE_MS) {
      const back = amsterdam.toUtc(amsterdam.toLocal(at));
      const secondTime = at - back === HOUR_MS && new Date(at).getUTCMonth() === 9;
      expect(back === at || secondTime).toBe(true);
    }
  });
  test('the hour that comes twice means the first one', () => {
    expect(amsterdam.toUtc(Date.UTC(2026, 9, 25, 2, 30))).toBe(Date.UTC(2026, 9, 25, 0, 30));
  });
  test('the hour that does not come shifts forward', () => {
    const at = amsterdam.toUtc(Date.UTC(2026, 2, 29, 2, 30));
    expect(new Date(amsterdam.toLocal(at)).getUTCHours()).toBe(3);
  });
  test('days of 23 and 25 hours count as one day', () => {
    const spring = startOfDay(amsterdam, Date.UTC(2026, 2, 29, 12));
    const autumn = startOfDay(amsterdam, Date.UTC(2026, 9, 25, 12));
    expect(addDays(amsterdam, spring, 1) - spring).toBe(23 * HOUR_MS);
    expect(addDays(amsterdam, autumn, 1) - autumn).toBe(25 * HOUR_MS);
    expect(addDays(amsterdam, autumn, -14)).toBe(startOfDay(amsterdam, autumn - 14 * DAY_MS + 3 * HOUR_MS));
  });
});

describe('a moment in words', () => {
  test('reads in each language as people there write it', () => {
    expect(en.moment(tuesday)).toBe('Tue 17 Nov, 14:32');
    expect(nl.longDay(tuesday)).toBe('dinsdag 17 nov 2026');
    expect(fr.day(tuesday)).toBe('mar. 17 nov.');
    expect(`${en.second(tuesday)}.${en.hundredths(tuesday)}`).toBe('14:32:07.12');
  });
  test.each([
    [42_000, '42 s'],
    [13 * MINUTE_MS + 30_000, '13 min 30 s'],
    [42 * MINUTE_MS + 10_000, '42 min'],
    [4 * HOUR_MS + 10 * MINUTE_MS, '4 h 10 min'],
    [2 * DAY_MS + 2 * HOUR_MS, '2 d 2 h'],
    [14 * DAY_MS, '14 d'],
  ])('a length of %i ms is %s', (ms, text) => {
    expect(en.span(ms)).toBe(text);
  });
  test('an age is told to the minute, and hours have their own word in Dutch', () => {
    const age = 13 * DAY_MS + 23 * HOUR_MS + 59 * MINUTE_MS;
    expect(en.age(age)).toBe('13 d 23 h 59 min');
    expect(nl.age(age)).toBe('13 d 23 u 59 min');
  });
  test('bytes are decimal, as disks are sold', () => {
    expect([formatBytes(999, 'en'), formatBytes(1_500_000_000, 'en'), formatBytes(2e12, 'nl')]).toEqual([
      '999 B',
      '1.5 GB',
      '2,0 TB',
    ]);
  });
});

describe('a typed time', () => {
  const now = { atMs: tuesday, nowMs: Date.UTC(2026, 10, 20, 13, 5) };
  test.each([
    ['14:40', Date.UTC(2026, 10, 17, 13, 40)],
    ['14.40.05', Date.UTC(2026, 10, 17, 13, 40, 5)],
    ['-5m', tuesday - 5 * MINUTE_MS],
    ['+2h', tuesday + 2 * HOUR_MS],
    ['-13d', tuesday - 13 * DAY_MS],
    ['mon 09:00', Date.UTC(2026, 10, 16, 8)],
    ['Friday 09:00', Date.UTC(2026, 10, 20, 8)],
    ['sat 09:00', Date.UTC(2026, 10, 14, 8)],
  ])('%s is understood', (typed, ms) => {
    expect(parseTime(typed, now, en)).toBe(ms);
  });
  test('weekdays are those of the language', () => {
    expect(parseTime('di 14:32', now, nl)).toBe(Date.UTC(2026, 10, 17, 13, 32));
    expect(parseTime('mar. 14:32', now, fr)).toBe(Date.UTC(2026, 10, 17, 13, 32));
  });
  test.each(['', '25:00', '14:60', 'blue 14:00', '5m', '14'])('%s is not', (typed) => {
    expect(parseTime(typed, now, en)).toBeUndefined();
  });
});

describe('a typed date', () => {
  const at = Date.UTC(2026, 10, 6, 12, 20);
  test.each([
    'Fri 6 Nov 2026, 13:20:00',
    '6 nov 2026 13:20',
    '6-11-2026 13:20',
    '06/11/2026, 13:20',
    '2026-11-06 13:20',
    '2026-11-06T13:20:00',
  ])('%s is understood', (typed) => {
    expect(parseMoment(typed, en)).toBe(at);
  });
  test('what the page writes it can read, every day of a year, in each language', () => {
    for (const format of [en, nl, fr]) {
      for (let ms = Date.UTC(2026, 0, 1, 11); ms < Date.UTC(2027, 0, 1); ms += DAY_MS) {
        expect(parseMoment(format.fullMoment(ms), format)).toBe(ms);
        expect(parseMoment(format.fullDay(ms), format)).toBe(startOfDay(amsterdam, ms));
      }
    }
  });
  test.each(['', 'tomorrow', '31-2-2026', '6-13-2026', '2026-11-06 24:00', '6 brumaire 2026'])(
    '%s is not',
    (typed) => {
      expect(parseMoment(typed, en)).toBeUndefined();
    },
  );
});
