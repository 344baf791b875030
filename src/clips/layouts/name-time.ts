/** What the fields of a path tell about time. `write-time.ts` is the inverse. */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../base/clock.ts';
import type { TimeRange } from '../../base/range.ts';
import type { Zone } from '../../base/zone.ts';
import type { Found } from './pattern.ts';

export interface NameTime {
  readonly startsMs: readonly number[];
  readonly endsMs: readonly number[];
  readonly lengthMs: number | null;
  readonly shifted: boolean;
  /** Where the name tells only a part of the date: the range of that part. */
  readonly within?: TimeRange;
}

/** What the name is read with. */
export interface TimeRules {
  readonly zone: Zone;
  /** Longest clip of the layout, to choose between readings of an end; null when unlimited. */
  readonly maxClipMs: number | null;
}

const FIRST_YEAR = 1970;
const LAST_YEAR = 2100;
const NO_TIME: NameTime = { startsMs: [], endsMs: [], lengthMs: null, shifted: false };
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The times of a name, or undefined when its digits are no time (month 13, 30 February, year 1822). */
export function readTime(found: Found, rules: TimeRules): NameTime | undefined {
  const start = readStart(found, rules.zone);
  if (start === undefined) return undefined;
  const stated = statedLength(found);
  if (start.startsMs.length === 0) return { ...start, lengthMs: stated };
  const ends = readEnds(found, start, rules);
  if (ends === undefined) return undefined;
  if (ends.length === 0) return { ...start, lengthMs: stated };
  return withEnds(start, ends, stated);
}

function readStart(found: Found, zone: Zone): NameTime | undefined {
  const exact = epochOf(found.get('epoch'), found.get('epochms'));
  if (exact !== undefined) return { ...NO_TIME, startsMs: [exact + fraction(found)] };
  const date = readDate(found);
  if (date === 'none') return NO_TIME;
  if (date === 'impossible') return undefined;
  const clock = readClock(found);
  if (clock === 'impossible') return undefined;
  if (clock === 'none') return { ...NO_TIME, within: dateRange(date, found, zone) };
  const localMs = date.fromMs + clock + fraction(found);
  const offset = found.get('zone');
  if (offset !== undefined) {
    const offsetMs = parseOffset(offset);
    return offsetMs === undefined ? undefined : { ...NO_TIME, startsMs: [localMs - offsetMs] };
  }
  const { candidatesMs, shifted } = zone.toUtc(localMs);
  // A name that says "summer time" means the first of two readings: clocks are set back at the end of summer time.
  const startsMs = found.get('dst') ? candidatesMs.slice(0, 1) : candidatesMs;
  return { ...NO_TIME, startsMs, shifted };
}

interface DatePart {
  /** As UTC milliseconds of the local date. */
  readonly fromMs: number;
  readonly toMs: number;
}

function readDate(found: Found): DatePart | 'none' | 'impossible' {
  const yy = found.get('YY');
  const year = Number(found.get('YYYY') ?? (yy === undefined ? NaN : `20${yy}`));
  if (Number.isNaN(year)) return 'none';
  const month = found.get('MM');
  const day = found.get('DD');
  return dateOf(
    year,
    month === undefined ? undefined : Number(month),
    day === undefined ? undefined : Number(day),
  );
}

function dateOf(year: number, month: number | undefined, day: number | undefined): DatePart | 'impossible' {
  if (year < FIRST_YEAR || year > LAST_YEAR) return 'impossible';
  if (month === undefined) return { fromMs: Date.UTC(year, 0), toMs: Date.UTC(year + 1, 0) };
  const days = MONTH_DAYS[month - 1];
  if (days === undefined) return 'impossible';
  if (day === undefined) return { fromMs: Date.UTC(year, month - 1), toMs: Date.UTC(year, month) };
  if (day < 1 || day > days) return 'impossible';
  const fromMs = Date.UTC(year, month - 1, day);
  // 29 February of a common year would be 1 March.
  if (day === 29 && month === 2 && new Date(fromMs).getUTCDate() !== 29) return 'impossible';
  return { fromMs, toMs: fromMs + DAY_MS };
}

/** Milliseconds since midnight; `none` unless hour and minute are told. A second of 60 is the next minute's first. */
function readClock(found: Found): number | 'none' | 'impossible' {
  const hour = readHour(found);
  const minute = found.get('mm');
  if (hour === undefined) return 'none';
  if (minute === undefined) return hour < 24 ? 'none' : 'impossible';
  return clockOf(hour, Number(minute), Number(found.get('ss') ?? 0));
}

function clockOf(hour: number, minute: number, second: number): number | 'impossible' {
  if (!(hour < 24) || minute > 59 || second > 60) return 'impossible';
  return hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS;
}

/** The hour of the day; NaN for hours that do not exist (13 PM). */
function readHour(found: Found): number | undefined {
  const hour = found.get('hh');
  if (hour !== undefined) return Number(hour);
  const hour12 = found.get('hh12');
  if (hour12 === undefined) return undefined;
  const n = Number(hour12);
  if (n < 1 || n > 12) return NaN;
  return (n % 12) + (isPm(found.get('ampm')) ? 12 : 0);
}

function isPm(ampm: string | undefined): boolean {
  return ampm?.charAt(0).toLowerCase() === 'p';
}

function fraction(found: Found): number {
  const milli = found.get('fff');
  if (milli !== undefined) return Number(milli);
  const micro = found.get('ffffff');
  return micro === undefined ? 0 : Math.floor(Number(micro) / 1000);
}

/** The range a partial date stands for: the year, month, day, half day or hour; with the later reading of its end. */
function dateRange(date: DatePart, found: Found, zone: Zone): TimeRange {
  let { fromMs, toMs } = date;
  const hour = readHour(found);
  const ampm = found.get('ampm');
  if (hour !== undefined) {
    fromMs += hour * HOUR_MS;
    toMs = fromMs + HOUR_MS;
  } else if (ampm !== undefined && found.get('DD') !== undefined) {
    fromMs += isPm(ampm) ? DAY_MS / 2 : 0;
    toMs = fromMs + DAY_MS / 2;
  }
  return {
    fromMs: zone.toUtc(fromMs).candidatesMs[0] ?? fromMs,
    toMs: zone.toUtc(toMs).candidatesMs.at(-1) ?? toMs,
  };
}

function epochOf(seconds: string | undefined, millis: string | undefined): number | undefined {
  if (millis !== undefined) return Number(millis);
  return seconds === undefined ? undefined : Number(seconds) * SECOND_MS;
}

function parseOffset(offset: string): number | undefined {
  if (offset === 'Z') return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(-2));
  if (hours > 15 || minutes > 59) return undefined;
  return (offset.startsWith('-') ? -1 : 1) * (hours * HOUR_MS + minutes * MINUTE_MS);
}

function statedLength(found: Found): number | null {
  const millis = found.get('durationms');
  if (millis !== undefined) return Number(millis);
  const seconds = found.get('duration');
  return seconds === undefined ? null : Number(seconds) * SECOND_MS;
}

/** One end per start; empty when the name states none, undefined when its digits are no time. */
function readEnds(found: Found, start: NameTime, rules: TimeRules): number[] | undefined {
  const exact = epochOf(found.get('endepoch'), undefined);
  if (exact !== undefined) return start.startsMs.map(() => exact);
  const hour = found.get('endhh');
  if (hour === undefined) return [];
  const clockMs = clockOf(Number(hour), Number(found.get('endmm') ?? 0), Number(found.get('endss') ?? 0));
  const date = endDate(found);
  if (clockMs === 'impossible' || date === 'impossible') return undefined;
  return start.startsMs.map((startMs) => endFor(startMs, { clockMs, date }, rules));
}

/** The end as the name states it: a clock time, and a date if it has one. */
interface StatedEnd {
  readonly clockMs: number;
  readonly date: DatePart | undefined;
}

function endDate(found: Found): DatePart | undefined | 'impossible' {
  const year = found.get('endYYYY');
  if (year === undefined) return undefined;
  return dateOf(Number(year), Number(found.get('endMM') ?? 1), Number(found.get('endDD') ?? 1));
}

/**
 * The moment a clock time of the end means for one start. Without a date it is the first such time after the start, on
 * its day or the next; in the autumn hour the later reading, unless the clip would be longer than the layout allows.
 */
function endFor(startMs: number, end: StatedEnd, { zone, maxClipMs }: TimeRules): number {
  const localStart = startMs + zone.offsetMs(startMs);
  const midnight = localStart - (((localStart % DAY_MS) + DAY_MS) % DAY_MS);
  const days = end.date === undefined ? [midnight, midnight + DAY_MS] : [end.date.fromMs];
  for (const day of days) {
    const after = zone.toUtc(day + end.clockMs).candidatesMs.filter((ms) => ms >= startMs);
    const allowed = after.filter((ms) => maxClipMs === null || ms - startMs <= maxClipMs);
    const endMs = allowed.at(-1) ?? after[0];
    if (endMs !== undefined) return endMs;
  }
  return startMs;
}

/** Of two readings of a start, one that would make the clip half a day longer than the other is none. */
function withEnds(start: NameTime, ends: readonly number[], stated: number | null): NameTime {
  const lengths = ends.map((endMs, i) => endMs - (start.startsMs[i] ?? endMs));
  const shortest = Math.min(...lengths);
  const keep = lengths.map((length) => length < shortest + DAY_MS / 2);
  const startsMs = start.startsMs.filter((_, i) => keep[i]);
  const endsMs = ends.filter((_, i) => keep[i]);
  return { ...start, startsMs, endsMs, lengthMs: stated ?? Math.max(...lengths.filter((_, i) => keep[i])) };
}
