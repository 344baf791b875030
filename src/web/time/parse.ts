/**
 * Times as people type them: `14:32`, `14u32`, `tue 14:32`, `13-11 14:32`, `13/11/2026 14:32`, `2026-11-13 14:32`, `-5m`.
 * Always in the site's zone. Pure.
 */
import type { TimeFormat } from './format.ts';
import { addDays, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './zone.ts';

const UNIT_MS: Readonly<Record<string, number>> = {
  s: SECOND_MS,
  m: MINUTE_MS,
  h: HOUR_MS,
  u: HOUR_MS,
  d: DAY_MS,
  j: DAY_MS,
};

export interface Now {
  /** The moment under the needle: `14:32` is of its day. */
  readonly atMs: number;
  /** A day without its year, and a weekday, mean the latest such day that is not after this. */
  readonly nowMs: number;
}

/** What a typed time can mean. */
export type TypedTime =
  | { readonly is: 'moment'; readonly ms: number }
  /** A time of the autumn hour that came twice. */
  | { readonly is: 'twice'; readonly firstMs: number; readonly secondMs: number }
  /** Written as a time, but no calendar or clock shows it: 25:00, 31 February. */
  | { readonly is: 'impossible' }
  | { readonly is: 'unread' };

/** What `typed` means when the needle stands at a moment. */
export function parseTime(typed: string, now: Now, format: TimeFormat): TypedTime {
  const text = typed.trim().toLowerCase();
  const shiftMs = readShift(text);
  if (shiftMs !== undefined) return { is: 'moment', ms: now.atMs + shiftMs };
  const written = read(text, format);
  if (written === undefined) return { is: 'unread' };
  const { clock, weekday, date } = written;
  if (date === undefined && clock === undefined) return { is: 'unread' };
  const day = date === undefined ? dayOf(weekday, now, format) : dateOf(date, now, format);
  if (day === undefined || clock === null) return { is: 'impossible' };
  const [firstMs, secondMs] = format.zone.toUtcAll(day + (clock ?? 0));
  if (firstMs === undefined) return { is: 'impossible' };
  return secondMs === undefined ? { is: 'moment', ms: firstMs } : { is: 'twice', firstMs, secondMs };
}

/** `-5m`, `+2h`: milliseconds from the needle. */
function readShift(text: string): number | undefined {
  const [, sign, count, unit] = /^([+\u2212-])\s*(\d{1,5})\s*([smhudj])$/.exec(text) ?? [];
  if (unit === undefined) return undefined;
  const lengthMs = Number(count) * (UNIT_MS[unit] ?? 0);
  return sign === '+' ? lengthMs : -lengthMs;
}

/**
 * The UTC instant of a written date with its year, with a time or at midnight of the site: `fri 6 nov 2026, 13:20:00`,
 * `6-11-2026 13:20` (day first), `2026-11-06 13:20`. In the autumn hour that came twice it is the first one, or the last
 * for the end of a window. Undefined when it cannot be read or no such moment exists.
 */
export function parseMoment(
  typed: string,
  format: TimeFormat,
  which: 'first' | 'last' = 'first',
): number | undefined {
  const { date, clock } = read(typed.trim().toLowerCase(), format) ?? {};
  if (date?.year === undefined || clock === null) return undefined;
  const day = localDay(date.year, date);
  return day === undefined
    ? undefined
    : format.zone.toUtcAll(day + (clock ?? 0)).at(which === 'first' ? 0 : -1);
}

interface WrittenDate {
  readonly day: number;
  /** 1 to 12; other numbers are no month. */
  readonly month: number;
  readonly year: number | undefined;
}

interface Written {
  /** Sunday is 0. */
  readonly weekday: number | undefined;
  readonly date: WrittenDate | undefined;
  /** Milliseconds since midnight; null for a time no clock shows, undefined when none is written. */
  readonly clock: number | null | undefined;
}

const CLOCK = '(?<hour>\\d{1,2})(?:[:.hu](?<minute>\\d{2})(?:[:.](?<second>\\d{2}))?|[hu])';
const ISO = '(?<isoYear>\\d{4})[-/.](?<isoMonth>\\d{1,2})[-/.](?<isoDay>\\d{1,2})';
const DAY_FIRST =
  '(?<day>\\d{1,2})[\\s./-]+(?<month>\\p{L}{3,}\\.?|\\d{1,2})(?:[./-](?<shortYear>\\d{2}|\\d{4})|[\\s./-]+(?<year>\\d{4}))?';
const WEEKDAY = '(?<weekday>\\p{L}{2,})\\.?';
const FORMS = [
  CLOCK,
  `${WEEKDAY},?\\s+${CLOCK}`,
  `${ISO}(?:(?:,?\\s+|t)${CLOCK})?`,
  `(?:${WEEKDAY},?\\s+)?${DAY_FIRST}(?:,?\\s+${CLOCK})?`,
].map((form) => new RegExp(`^${form}$`, 'u'));

/** The parts of a text in small letters, whether or not they exist; undefined when it has no form we know. */
function read(text: string, format: TimeFormat): Written | undefined {
  const parts = FORMS.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  if (parts === undefined) return undefined;
  const { weekday: name } = parts;
  const weekday = name === undefined ? undefined : nameAt(format.weekdays, name);
  const date = readDate(parts, format);
  if (weekday === -1 || date?.month === -1) return undefined;
  return { weekday, date, clock: readClock(parts) };
}

type Parts = Readonly<Record<string, string | undefined>>;

function readDate(parts: Parts, format: TimeFormat): WrittenDate | undefined {
  const { isoYear, isoMonth, isoDay, day, month } = parts;
  if (isoYear !== undefined) return { year: Number(isoYear), month: Number(isoMonth), day: Number(isoDay) };
  if (day === undefined || month === undefined) return undefined;
  const year = parts['year'] ?? parts['shortYear'];
  const century = year?.length === 2 ? 2000 : 0;
  return {
    day: Number(day),
    month: /^\d/.test(month) ? Number(month) : monthNamed(month.replace('.', ''), format),
    year: year === undefined ? undefined : century + Number(year),
  };
}

function readClock({ hour, minute, second }: Parts): number | null | undefined {
  if (hour === undefined) return undefined;
  const [h, m, s] = [Number(hour), Number(minute ?? 0), Number(second ?? 0)];
  return h > 23 || m > 59 || s > 59 ? null : h * HOUR_MS + m * MINUTE_MS + s * SECOND_MS;
}

/** 1 to 12; -1 for no month. */
function monthNamed(name: string, format: TimeFormat): number {
  const at = nameAt(format.months, name);
  return at < 0 ? -1 : at + 1;
}

/** Names may be cut short or written out: the page's own are short ones. */
function nameAt(names: readonly string[], name: string): number {
  return names.findIndex((n) => n.startsWith(name) || name.startsWith(n));
}

/** Local midnight of the latest such weekday; of the needle's day without one. */
function dayOf(weekday: number | undefined, now: Now, { zone }: TimeFormat): number {
  if (weekday === undefined) return zone.toLocal(addDays(zone, now.atMs, 0));
  const today = new Date(zone.toLocal(now.nowMs)).getUTCDay();
  return zone.toLocal(addDays(zone, now.nowMs, -((today - weekday + 7) % 7)));
}

/** Leap days are at most this far apart. */
const YEARS_BACK = 8;

/** Local midnight of a date; without its year the latest one that has come. */
function dateOf(date: WrittenDate, { nowMs }: Now, { zone }: TimeFormat): number | undefined {
  if (date.year !== undefined) return localDay(date.year, date);
  const nowLocal = zone.toLocal(nowMs);
  const thisYear = new Date(nowLocal).getUTCFullYear();
  for (let year = thisYear; year >= thisYear - YEARS_BACK; year -= 1) {
    const day = localDay(year, date);
    if (day !== undefined && day <= nowLocal) return day;
  }
  return undefined;
}

function localDay(year: number, { month, day }: WrittenDate): number | undefined {
  const local = new Date(Date.UTC(year, month - 1, day));
  const exists = local.getUTCMonth() === month - 1 && local.getUTCDate() === day;
  return exists ? local.getTime() : undefined;
}
