/** Times and lengths as people of the site read them, in their language and the site's zone. */
import type { Language } from '../texts/language.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, type Zone } from './zone.ts';

const LOCALES: Readonly<Record<Language, string>> = { nl: 'nl-NL', en: 'en-GB', fr: 'fr-FR' };
const UNITS: Readonly<Record<Language, { d: string; h: string }>> = {
  nl: { d: 'd', h: 'u' },
  en: { d: 'd', h: 'h' },
  fr: { d: 'j', h: 'h' },
};

export interface TimeFormat {
  readonly zone: Zone;
  readonly locale: string;
  /** 14:32 */
  minute(ms: number): string;
  /** 14:32:07 */
  second(ms: number): string;
  /** 12, of 14:32:07.12 */
  hundredths(ms: number): string;
  /** 17 */
  dayNumber(ms: number): string;
  /** Tue 17 */
  weekday(ms: number): string;
  /** Tue 17 Nov */
  day(ms: number): string;
  /** Tuesday 17 Nov 2026 */
  longDay(ms: number): string;
  /** Tue 17 Nov, 14:32 */
  moment(ms: number): string;
  /** 4 h 10 min: the two largest units, rounded down. */
  span(ms: number): string;
  /** Short weekday names, Sunday first, without their full stop. */
  readonly weekdays: readonly string[];
}

const pad = (n: number): string => String(n).padStart(2, '0');

export function createTimeFormat(language: Language, zone: Zone): TimeFormat {
  const locale = LOCALES[language];
  const names = (
    options: Intl.DateTimeFormatOptions,
    count: number,
    step: (i: number) => number,
  ): string[] => {
    const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
    return Array.from({ length: count }, (_, i) => format.format(step(i)));
  };
  // 4 January 1970 was a Sunday.
  const sunday = (i: number): number => (3 + i) * DAY_MS;
  const month = (i: number): number => Date.UTC(1970, i, 15);
  const short = names({ weekday: 'short' }, 7, sunday);
  const long = names({ weekday: 'long' }, 7, sunday);
  const months = names({ month: 'short' }, 12, month);
  const local = (ms: number): Date => new Date(zone.toLocal(ms));
  const nameOf = (list: readonly string[], i: number): string => list[i] ?? '';

  const minute = (ms: number): string => `${pad(local(ms).getUTCHours())}:${pad(local(ms).getUTCMinutes())}`;
  const weekday = (ms: number): string =>
    `${nameOf(short, local(ms).getUTCDay())} ${String(local(ms).getUTCDate())}`;
  const day = (ms: number): string => `${weekday(ms)} ${nameOf(months, local(ms).getUTCMonth())}`;
  return {
    zone,
    locale,
    minute,
    second: (ms) => `${minute(ms)}:${pad(local(ms).getUTCSeconds())}`,
    hundredths: (ms) => pad(Math.floor(local(ms).getUTCMilliseconds() / 10)),
    dayNumber: (ms) => String(local(ms).getUTCDate()),
    weekday,
    day,
    longDay: (ms) =>
      `${nameOf(long, local(ms).getUTCDay())} ${String(local(ms).getUTCDate())} ${nameOf(months, local(ms).getUTCMonth())} ${String(local(ms).getUTCFullYear())}`,
    moment: (ms) => `${day(ms)}, ${minute(ms)}`,
    span: (ms) => formatSpan(ms, UNITS[language]),
    weekdays: short.map((name) => name.replace('.', '').toLowerCase()),
  };
}

function formatSpan(ms: number, unit: { d: string; h: string }): string {
  const two = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
    small === 0
      ? `${String(large)} ${largeUnit}`
      : `${String(large)} ${largeUnit} ${String(small)} ${smallUnit}`;
  const seconds = Math.floor(Math.abs(ms) / SECOND_MS);
  if (ms < MINUTE_MS) return `${String(seconds)} s`;
  const minutes = Math.floor(ms / MINUTE_MS);
  if (ms < HOUR_MS) return minutes < 30 ? two(minutes, 'min', seconds % 60, 's') : two(minutes, 'min', 0, '');
  const hours = Math.floor(ms / HOUR_MS);
  if (ms < DAY_MS) return two(hours, unit.h, minutes % 60, 'min');
  return two(Math.floor(ms / DAY_MS), unit.d, hours % 24, unit.h);
}

/** Bytes in decimal units, as disks are sold: 1.5 GB. */
export function formatBytes(bytes: number, locale: string): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = value < 10 && unit > 1 ? 1 : 0;
  const number = new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${number.format(value)} ${units[unit] ?? ''}`;
}
