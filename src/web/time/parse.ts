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

/** A value of `<input type="datetime-local" step="1">` for a UTC instant, in the site's zone. */
export function toInputValue(ms: number, format: TimeFormat): string {
  return new Date(format.zone.toLocal(ms)).toISOString().slice(0, 19);
}

/** The UTC instant of such a value; undefined when it is empty or not a date. */
export function fromInputValue(value: string, format: TimeFormat): number | undefined {
  const local = Date.parse(`${value.length === 10 ? `${value}T00:00` : value}Z`);
  return Number.isNaN(local) ? undefined : format.zone.toUtc(local);
}
