/** Times and lengths as people of the site read them, in their language and the site's zone. */
import { LOCALES, type Language } from '../texts/language.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, type Zone } from './zone.ts';

const UNITS: Readonly<Record<Language, { d: string; h: string }>> = {
  nl: { d: 'd', h: 'u' },
  en: { d: 'd', h: 'h' },
  fr: { d: 'j', h: 'h' },
};

export interface TimeFormat {
  readonly zone: Zone;
  readonly locale: string;
  /** 14:32 */
  readonly minute: (ms: number) => string;
  /** 14:32:07 */
  readonly second: (ms: number) => string;
  /** 12, of 14:32:07.12 */
  readonly hundredths: (ms: number) => string;
  /** 17 */
  readonly dayNumber: (ms: number) => string;
  /** Tue 17 */
  readonly weekday: (ms: number) => string;
  /** Tue 17 Nov */
  readonly day: (ms: number) => string;
  /** Tuesday 17 Nov 2026 */
  readonly longDay: (ms: number) => string;
  /** Tue 17 Nov, 14:32 */
  readonly moment: (ms: number) => string;
  /** Tue 17 Nov 14:32 – 15:10; the day again where it is another. */
  readonly range: (span: { readonly fromMs: number; readonly toMs: number }) => string;
  /** Tue 17 Nov 2026 */
  readonly fullDay: (ms: number) => string;
  /** Tue 17 Nov 2026, 14:32:07 */
  readonly fullMoment: (ms: number) => string;
  /** 4 h 10 min: the two largest units, rounded down. */
  readonly span: (ms: number) => string;
  /** 13 d 23 h 59 min: to the minute, however long. */
  readonly age: (ms: number) => string;
  /** 24 h, 72 h: a term in whole hours, as rules name it. */
  readonly hours: (ms: number) => string;
  /** Short weekday names, Sunday first, in small letters without their full stop. */
  readonly weekdays: readonly string[];
  /** Short month names, January first, likewise. */
  readonly months: readonly string[];
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
  const second = (ms: number): string => `${minute(ms)}:${pad(local(ms).getUTCSeconds())}`;
  const fullDay = (ms: number): string => `${day(ms)} ${String(local(ms).getUTCFullYear())}`;
  const plain = (names: readonly string[]): string[] =>
    names.map((name) => name.replace('.', '').toLowerCase());
  const span = (ms: number): string => formatSpan(ms, UNITS[language]);
  return {
    zone,
    locale,
    minute,
    second,
    hundredths: (ms) => pad(Math.floor(local(ms).getUTCMilliseconds() / 10)),
    dayNumber: (ms) => String(local(ms).getUTCDate()),
    weekday,
    day,
    longDay: (ms) =>
      `${nameOf(long, local(ms).getUTCDay())} ${String(local(ms).getUTCDate())} ${nameOf(months, local(ms).getUTCMonth())} ${String(local(ms).getUTCFullYear())}`,
    moment: (ms) => `${day(ms)}, ${minute(ms)}`,
    range: ({ fromMs, toMs }) =>
      `${day(fromMs)} ${minute(fromMs)} – ${day(fromMs) === day(toMs) ? '' : `${day(toMs)} `}${minute(toMs)}`,
    fullDay,
    fullMoment: (ms) => `${fullDay(ms)}, ${second(ms)}`,
    span,
    age: (ms) => {
      if (ms < DAY_MS) return span(ms);
      const days = `${String(Math.floor(ms / DAY_MS))} ${UNITS[language].d}`;
      return ms % DAY_MS < MINUTE_MS ? days : `${days} ${span(ms % DAY_MS)}`;
    },
    hours: (ms) => `${String(Math.round(ms / HOUR_MS))} ${UNITS[language].h}`,
    weekdays: plain(short),
    months: plain(months),
  };
}

type Part = readonly [count: number, unit: string];

/** Two units, the smaller one only when it counts something. */
function join([large, small]: readonly [Part, Part]): string {
  const written = ([count, unit]: Part): string => `${String(count)} ${unit}`;
  return small[0] === 0 ? written(large) : `${written(large)} ${written(small)}`;
}

/** Below this many minutes their seconds are said too. */
const SECONDS_BELOW_MIN = 30;

function formatSpan(ms: number, unit: { d: string; h: string }): string {
  const seconds = Math.floor(Math.abs(ms) / SECOND_MS);
  if (ms < MINUTE_MS) return `${String(seconds)} s`;
  const minutes = Math.floor(ms / MINUTE_MS);
  if (ms < HOUR_MS) {
    const rest = minutes < SECONDS_BELOW_MIN ? seconds % 60 : 0;
    return join([
      [minutes, 'min'],
      [rest, 's'],
    ]);
  }
  const hours = Math.floor(ms / HOUR_MS);
  if (ms < DAY_MS)
    return join([
      [hours, unit.h],
      [minutes % 60, 'min'],
    ]);
  return join([
    [Math.floor(ms / DAY_MS), unit.d],
    [hours % 24, unit.h],
  ]);
}

/** French counts octets. */
const BYTE: Readonly<Record<string, string>> = { 'fr-FR': 'o' };

/** Bytes in decimal units, as disks are sold: 1.5 GB. */
export function formatBytes(bytes: number, locale: string): string {
  const units = ['', 'k', 'M', 'G', 'T', 'P'];
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
  return `${number.format(value)} ${units[unit] ?? ''}${BYTE[locale] ?? 'B'}`;
}

/** One decimal, rounded down: 99.96 per cent is not all of it. Without the sign. */
export function formatPercent(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(Math.floor(value * 10) / 10);
}
