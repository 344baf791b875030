/** Times as people type them: `14:32`, `14:32:07`, `tue 14:32`, `-5m`. Pure. */
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
  /** A weekday means the latest such day that is not after this. */
  readonly nowMs: number;
}

/** The UTC instant that `typed` names, or undefined when it cannot be read. */
export function parseTime(typed: string, now: Now, format: TimeFormat): number | undefined {
  const text = typed.trim().toLowerCase();
  const relative = /^([+\u2212-])\s*(\d{1,5})\s*([smhudj])$/.exec(text);
  if (relative !== null) {
    const length = Number(relative[2]) * (UNIT_MS[relative[3] ?? ''] ?? 0);
    return relative[1] === '+' ? now.atMs + length : now.atMs - length;
  }
  const clock = /^(?:(\p{L}+)\.?\s+)?(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?$/u.exec(text);
  if (clock === null) return undefined;
  const [hour, minute, second] = [Number(clock[2]), Number(clock[3]), Number(clock[4] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const day = dayOf(clock[1], now, format);
  if (day === undefined) return undefined;
  const { zone } = format;
  return zone.toUtc(zone.toLocal(day) + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS);
}

/** Start of the day that a weekday's name (or its beginning, two letters at least) means; of the needle's day without one. */
function dayOf(name: string | undefined, now: Now, format: TimeFormat): number | undefined {
  if (name === undefined) return addDays(format.zone, now.atMs, 0);
  const wanted = format.weekdays.findIndex((w) => w.startsWith(name) || name.startsWith(w));
  if (wanted < 0 || name.length < 2) return undefined;
  const today = new Date(format.zone.toLocal(now.nowMs)).getUTCDay();
  return addDays(format.zone, now.nowMs, -((today - wanted + 7) % 7));
}

/** Text between the parts of a date. */
const BETWEEN = '[\\s./-]+';
const CLOCK = '(?:,?\\s+(\\d{1,2})[:.](\\d{2})(?:[:.](\\d{2}))?)?';
const WRITTEN = new RegExp(
  `^(?:\\p{L}+\\.?,?\\s+)?(\\d{1,2})${BETWEEN}(\\p{L}+\\.?|\\d{1,2})${BETWEEN}(\\d{4})${CLOCK}$`,
  'u',
);
const ISO = new RegExp(`^(\\d{4})-(\\d{1,2})-(\\d{1,2})${CLOCK.replace(',?\\s', '[\\sT]')}$`);

/**
 * The UTC instant of a written date, with a time or at midnight of the site: `fri 6 nov 2026, 13:20:00`, `6-11-2026
 * 13:20` (day first), `2026-11-06 13:20`. Undefined when it cannot be read or no such day exists.
 */
export function parseMoment(typed: string, format: TimeFormat): number | undefined {
  const text = typed.trim().toLowerCase();
  const iso = ISO.exec(text.toUpperCase());
  const written = WRITTEN.exec(text);
  if (iso !== null) return instantOf([iso[1], iso[2], iso[3], iso[4], iso[5], iso[6]].map(numberOf), format);
  if (written === null) return undefined;
  const [, day, month = '', year, ...clock] = written;
  return instantOf([Number(year), monthOf(month, format), Number(day), ...clock.map(numberOf)], format);
}

function numberOf(part: string | undefined): number {
  return Number(part ?? 0);
}

/** `parts`: year, month from 1, day, hour, minute, second; undefined when there is no such moment. */
function instantOf(parts: readonly number[], { zone }: TimeFormat): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const local = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const exists = local.getUTCMonth() === month - 1 && local.getUTCDate() === day;
  return exists ? zone.toUtc(local.getTime()) : undefined;
}

/** 1 to 12; NaN for no month. A name may be cut short, three letters at least. */
function monthOf(name: string, format: TimeFormat): number {
  if (/^\d+$/.test(name)) return Number(name);
  const plain = name.replace('.', '');
  const at = format.months.findIndex(
    (m) => plain.length >= 3 && (m.startsWith(plain) || plain.startsWith(m)),
  );
  return at < 0 ? NaN : at + 1;
}
