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
    expect(en.age(35 * DAY_MS + 59_000)).toBe('35 d');
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
    expect(parseTime(typed, now, en)).toEqual({ is: 'moment', ms });
  });
  test.each([
    ['14u40', Date.UTC(2026, 10, 17, 13, 40)],
    ['14h', Date.UTC(2026, 10, 17, 13)],
    ['13-11 14:30', Date.UTC(2026, 10, 13, 13, 30)],
    ['13/11 14:30', Date.UTC(2026, 10, 13, 13, 30)],
    ['13.11 14.30', Date.UTC(2026, 10, 13, 13, 30)],
    ['13-11', Date.UTC(2026, 10, 12, 23)],
    ['13/11/2026 14:30', Date.UTC(2026, 10, 13, 13, 30)],
    ['13-11-26 14:30', Date.UTC(2026, 10, 13, 13, 30)],
    ['2026-11-13 14:30', Date.UTC(2026, 10, 13, 13, 30)],
    ['2026-11-13T14:30:05', Date.UTC(2026, 10, 13, 13, 30, 5)],
    ['13 nov 14:30', Date.UTC(2026, 10, 13, 13, 30)],
    ['Fri 13 November 2026, 14:30', Date.UTC(2026, 10, 13, 13, 30)],
    ['13-7 14:30', Date.UTC(2026, 6, 13, 12, 30)],
  ])('%s is a day and a time of the site', (typed, ms) => {
    expect(parseTime(typed, now, en)).toEqual({ is: 'moment', ms });
  });
  test('a day without its year is the latest that has come', () => {
    const day = (typed: string, nowMs: number): unknown => parseTime(typed, { atMs: nowMs, nowMs }, en);
    const january = Date.UTC(2027, 0, 4, 12);
    expect(day('30-12 10:00', january)).toEqual({ is: 'moment', ms: Date.UTC(2026, 11, 30, 9) });
    expect(day('4-1 23:00', january)).toEqual({ is: 'moment', ms: Date.UTC(2027, 0, 4, 22) });
    expect(day('29-2 10:00', january)).toEqual({ is: 'moment', ms: Date.UTC(2024, 1, 29, 9) });
  });
  test('a time of the hour that came twice is both, whatever form it is written in', () => {
    const twice = {
      is: 'twice',
      firstMs: Date.UTC(2026, 9, 25, 0, 30),
      secondMs: Date.UTC(2026, 9, 25, 1, 30),
    };
    for (const typed of ['25-10 02:30', '25/10/2026 2:30', '2026-10-25 02:30'])
      expect(parseTime(typed, now, en)).toEqual(twice);
    expect(parseTime('02:30', { ...now, atMs: Date.UTC(2026, 9, 25, 12) }, en)).toEqual(twice);
  });
  test('a time of the hour that did not come is an hour later', () => {
    const spring = parseTime('29-3-2026 02:30', now, en);
    expect(spring).toEqual({ is: 'moment', ms: Date.UTC(2026, 2, 29, 1, 30) });
  });
  test.each(['25:00', '14:60', '31-2 14:00', '13-13 14:30', '31-4-2026', '2026-02-30 10:00'])(
    '%s is no time of any calendar',
    (typed) => {
      expect(parseTime(typed, now, en)).toEqual({ is: 'impossible' });
    },
  );
  test('weekdays are those of the language', () => {
    const tuesday1432 = { is: 'moment', ms: Date.UTC(2026, 10, 17, 13, 32) };
    expect(parseTime('di 14:32', now, nl)).toEqual(tuesday1432);
    expect(parseTime('mar. 14:32', now, fr)).toEqual(tuesday1432);
  });
  test.each(['', 'blue 14:00', '5m', '14', '13-11 14', 'tuesday', '13:11 14:30', '6 brumaire 14:00'])(
    '%s is not',
    (typed) => {
      expect(parseTime(typed, now, en)).toEqual({ is: 'unread' });
    },
  );
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
  test('of the hour that came twice begins with the first and ends with the second', () => {
    expect(parseMoment('25-10-2026 02:30', en)).toBe(Date.UTC(2026, 9, 25, 0, 30));
    expect(parseMoment('25-10-2026 02:30', en, 'last')).toBe(Date.UTC(2026, 9, 25, 1, 30));
  });
  test.each(['', '13-11 14:30', 'tomorrow', '31-2-2026', '6-13-2026', '2026-11-06 24:00', '6 brumaire 2026'])(
    '%s is not',
    (typed) => {
      expect(parseMoment(typed, en)).toBeUndefined();
    },
  );
});
