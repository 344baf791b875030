/**
 * Local time of a time zone to UTC and back, from the zone data Node carries (Intl).
 *
 * Asking Intl costs microseconds and a reconcile reads a million names, so a zone's changes of offset are looked up
 * once per year (a sample a day, then bisection to the second) and kept. Outside 1970 to 2100 the offset of the
 * nearest year counts, so that no name can make the tables grow.
 */
import { DAY_MS, HOUR_MS, SECOND_MS, isoUtc, utcParts, type UtcParts } from './clock.ts';

/** Date and time as a clock on the wall of the zone shows them; month is 1 to 12. */
export type LocalParts = UtcParts;

export interface LocalReading {
  /** UTC milliseconds the local time can mean, ascending: one, or two when clocks were set back over it. */
  readonly candidatesMs: readonly number[];
  /** No clock showed this time (clocks were set forward over it): it was moved forward by the size of the gap. */
  readonly shifted: boolean;
}

/** A time during which the offset to UTC does not change (half open). */
interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  readonly offsetMs: number;
}

const FIRST_YEAR = 1969;
const LAST_YEAR = 2101;
/** More than any offset was ever away from UTC. */
const MAX_OFFSET_MS = 16 * HOUR_MS;
/** More than any single change of offset (Samoa skipped a day): this far from a change, a reading is unambiguous. */
const MAX_CHANGE_MS = 26 * HOUR_MS;

/** One zone with the offsets it has had. Get it with `zoneOf`. */
export class Zone {
  readonly #format: Intl.DateTimeFormat;
  readonly #years = new Map<number, readonly Span[]>();
  #last: Span = { fromMs: 0, toMs: 0, offsetMs: 0 };

  /** Throws RangeError for a name Intl does not know. */
  constructor(name: string) {
    const two = '2-digit' as const;
    const time = { hour: two, minute: two, second: two, hourCycle: 'h23' } as const;
    const date = { year: 'numeric', month: two, day: two } as const;
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: name, ...date, ...time });
  }

  /** Milliseconds to add to UTC for the local time at a UTC moment. */
  offsetMs(utcMs: number): number {
    return this.#spanAt(utcMs).offsetMs;
  }

  /** What a local time can mean, given as the UTC milliseconds it would be in UTC. */
  toUtc(localMs: number): LocalReading {
    const { fromMs, toMs, offsetMs } = this.#last;
    const likely = localMs - offsetMs;
    if (likely - MAX_CHANGE_MS >= fromMs && likely + MAX_CHANGE_MS < toMs) {
      return { candidatesMs: [likely], shifted: false };
    }
    return this.#toUtcNearChange(localMs);
  }

  #toUtcNearChange(localMs: number): LocalReading {
    const spans: Span[] = [];
    for (let atMs = localMs - MAX_OFFSET_MS; atMs <= localMs + MAX_OFFSET_MS;) {
      const span = this.#spanAt(atMs);
      spans.push(span);
      atMs = span.toMs;
    }
    const meant = spans
      .map((s) => ({ utcMs: localMs - s.offsetMs, s }))
      .filter(({ utcMs, s }) => utcMs >= s.fromMs && utcMs < s.toMs)
      .map(({ utcMs }) => utcMs)
      .sort((a, b) => a - b);
    if (meant.length > 0) return { candidatesMs: meant, shifted: false };
    const before = spans.find(
      (s) => localMs >= s.toMs + s.offsetMs && localMs < s.toMs + this.offsetMs(s.toMs),
    );
    return { candidatesMs: [localMs - (before?.offsetMs ?? 0)], shifted: true };
  }

  #spanAt(utcMs: number): Span {
    if (utcMs >= this.#last.fromMs && utcMs < this.#last.toMs) return this.#last;
    const year = Math.min(Math.max(new Date(utcMs).getUTCFullYear(), FIRST_YEAR), LAST_YEAR);
    let spans = this.#years.get(year);
    if (spans === undefined) {
      spans = this.#load(year);
      this.#years.set(year, spans);
    }
    const span = spans.find((s) => utcMs < s.toMs) ?? spans.at(-1);
    if (span === undefined) throw new RangeError('a year has at least one span');
    this.#last = span;
    return span;
  }

  /** The spans of one UTC year; the first and last year reach to the ends of time. */
  #load(year: number): Span[] {
    const endMs = Date.UTC(year + 1, 0);
    const spans: Span[] = [];
    let fromMs = year === FIRST_YEAR ? -Infinity : Date.UTC(year, 0);
    let atMs = Date.UTC(year, 0);
    let offsetMs = this.#ask(atMs);
    while (atMs < endMs) {
      const nextMs = Math.min(atMs + DAY_MS, endMs);
      const nextOffset = this.#ask(nextMs);
      if (nextOffset !== offsetMs) {
        const changeMs = this.#changeBetween(atMs, nextMs);
        // A change at the very end of the year belongs to the next one.
        if (changeMs < endMs) {
          spans.push({ fromMs, toMs: changeMs, offsetMs });
          fromMs = changeMs;
          offsetMs = nextOffset;
        }
      }
      atMs = nextMs;
    }
    spans.push({ fromMs, toMs: year === LAST_YEAR ? Infinity : endMs, offsetMs });
    return spans;
  }

  /** The first second in (fromMs, toMs] with another offset than at fromMs; there is one. */
  #changeBetween(fromMs: number, toMs: number): number {
    const offsetMs = this.#ask(fromMs);
    let before = fromMs;
    let after = toMs;
    while (after - before > SECOND_MS) {
      const middle = before + Math.floor((after - before) / (2 * SECOND_MS)) * SECOND_MS;
      if (this.#ask(middle) === offsetMs) before = middle;
      else after = middle;
    }
    return after;
  }

  /** The offset at a whole second, asked of Intl. */
  #ask(utcMs: number): number {
    const [month, day, year, hour, minute, second] = (this.#format.format(utcMs).match(/\d+/g) ?? []).map(
      Number,
    );
    return Date.UTC(year ?? NaN, (month ?? NaN) - 1, day, hour, minute, second) - utcMs;
  }
}

const zones = new Map<string, Zone>();

/** The zone of an IANA name (`Europe/Amsterdam`, `UTC`), made once. Throws RangeError for an unknown one. */
export function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (zone === undefined) {
    zone = new Zone(name);
    zones.set(name, zone);
  }
  return zone;
}

/** Whether a zone of this name exists. */
export function isZone(name: string): boolean {
  try {
    zoneOf(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The UTC moments a local time can mean. A second of 60 is the first of the next minute. */
export function localToUtc(parts: LocalParts, zone: string): LocalReading {
  return zoneOf(zone).toUtc(utcMsOf(parts));
}

/** What a clock of the zone shows at a UTC moment. */
export function utcToLocal(utcMs: number, zone: string): LocalParts {
  return utcParts(utcMs + zoneOf(zone).offsetMs(utcMs));
}

/** A moment as the zone writes it, to the minute: `2026-11-17 13:45`. */
export function localMinute(utcMs: number, zone: string): string {
  return isoUtc(utcMsOf(utcToLocal(utcMs, zone)))
    .slice(0, 16)
    .replace('T', ' ');
}

/** The UTC milliseconds of date and time parts read as UTC. */
export function utcMsOf(p: LocalParts): number {
  return Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second, p.milli);
}
