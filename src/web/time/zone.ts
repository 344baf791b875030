/**
 * The site's time zone, whatever the browser's: every time a person reads or types on the page is the site's.
 *
 * Two ways are offered: a UTC instant seen as local milliseconds ("as if the zone were UTC"), on which days and hours
 * are plain multiples, and back. The offset is looked up once per quarter of an hour; zones change on none smaller.
 */
const QUARTER_MS = 15 * 60_000;

export interface Zone {
  readonly name: string;
  /** Local minus UTC in milliseconds at a UTC instant. */
  offsetMs(utcMs: number): number;
  toLocal(utcMs: number): number;
  /** The earlier instant in the autumn hour; in the spring gap the time shifts forward. */
  toUtc(localMs: number): number;
  /** Every instant the local time can mean, ascending: two in the autumn hour, else one. */
  toUtcAll(localMs: number): readonly number[];
}

/** `name` is an IANA zone. Throws RangeError when the browser does not know it. */
export function createZone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: name,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const known = new Map<number, number>();

  function measure(utcMs: number): number {
    const at: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(utcMs)) at[type] = Number(value);
    const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = at;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(utcMs / 1000) * 1000;
  }
  function offsetMs(utcMs: number): number {
    const quarter = Math.floor(utcMs / QUARTER_MS);
    let offset = known.get(quarter);
    if (offset === undefined) {
      offset = measure(quarter * QUARTER_MS);
      known.set(quarter, offset);
    }
    return offset;
  }
  function toUtcAll(localMs: number): readonly number[] {
    const before = offsetMs(localMs - 24 * 3_600_000);
    const after = offsetMs(localMs + 24 * 3_600_000);
    const meant = [...new Set([Math.max(before, after), Math.min(before, after)])]
      .map((offset) => ({ utcMs: localMs - offset, offset }))
      .filter(({ utcMs, offset }) => offsetMs(utcMs) === offset);
    return meant.length === 0 ? [localMs - before] : meant.map(({ utcMs }) => utcMs);
  }
  return {
    name,
    offsetMs,
    toLocal: (utcMs) => utcMs + offsetMs(utcMs),
    toUtc: (localMs) => toUtcAll(localMs)[0] ?? localMs,
    toUtcAll,
  };
}

export const SECOND_MS = 1000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** The UTC instant at which the site's day of `utcMs` began. */
export function startOfDay(zone: Zone, utcMs: number): number {
  return zone.toUtc(Math.floor(zone.toLocal(utcMs) / DAY_MS) * DAY_MS);
}

/** The start of the day `days` away from the day of `utcMs`; days of 23 and 25 hours count as one. */
export function addDays(zone: Zone, utcMs: number, days: number): number {
  return zone.toUtc((Math.floor(zone.toLocal(utcMs) / DAY_MS) + days) * DAY_MS);
}
