/** How a time is written into the fields of a path: the inverse of `name-time.ts`. */
import { MINUTE_MS, SECOND_MS, utcParts, type UtcParts } from '../../base/clock.ts';
import type { Zone } from '../../base/zone.ts';
import type { FieldName } from './fields.ts';

/** A clip to be named. */
export interface ToName {
  readonly startMs: number;
  readonly endMs: number;
  readonly zone: Zone;
}

interface Moment {
  readonly ms: number;
  readonly local: UtcParts;
  readonly offsetMs: number;
  readonly zone: Zone;
}

type Writer = (moment: Moment) => string;

const digits = (n: number, count: number): string => String(n).padStart(count, '0');

const WRITERS: Partial<Record<FieldName, Writer>> = {
  YYYY: (m) => digits(m.local.year, 4),
  YY: (m) => digits(m.local.year % 100, 2),
  MM: (m) => digits(m.local.month, 2),
  DD: (m) => digits(m.local.day, 2),
  hh: (m) => digits(m.local.hour, 2),
  hh12: (m) => digits(m.local.hour % 12 === 0 ? 12 : m.local.hour % 12, 2),
  ampm: (m) => (m.local.hour < 12 ? 'AM' : 'PM'),
  mm: (m) => digits(m.local.minute, 2),
  ss: (m) => digits(m.local.second, 2),
  fff: (m) => digits(m.local.milli, 3),
  ffffff: (m) => digits(m.local.milli * 1000, 6),
  epoch: (m) => String(Math.floor(m.ms / SECOND_MS)),
  epochms: (m) => String(m.ms),
  zone: (m) => writeOffset(m.offsetMs),
  dst: (m) => (m.offsetMs > standardOffset(m) ? 'DST' : ''),
};

const END_WRITERS: Partial<Record<FieldName, Writer | undefined>> = {
  endYYYY: WRITERS.YYYY,
  endMM: WRITERS.MM,
  endDD: WRITERS.DD,
  endhh: WRITERS.hh,
  endmm: WRITERS.mm,
  endss: WRITERS.ss,
  endepoch: WRITERS.epoch,
};

/** The text of a field of time, or undefined for a field of another kind. What is finer than the field is cut off. */
export function writeTime(field: FieldName, clip: ToName): string | undefined {
  if (field === 'duration') return String(Math.floor((clip.endMs - clip.startMs) / SECOND_MS));
  if (field === 'durationms') return String(clip.endMs - clip.startMs);
  const end = END_WRITERS[field];
  return end === undefined
    ? WRITERS[field]?.(momentOf(clip.startMs, clip.zone))
    : end(momentOf(clip.endMs, clip.zone));
}

function momentOf(ms: number, zone: Zone): Moment {
  const offsetMs = zone.offsetMs(ms);
  return { ms, local: utcParts(ms + offsetMs), offsetMs, zone };
}

function writeOffset(offsetMs: number): string {
  if (offsetMs === 0) return 'Z';
  const minutes = Math.round(Math.abs(offsetMs) / MINUTE_MS);
  return `${offsetMs < 0 ? '-' : '+'}${digits(Math.floor(minutes / 60), 2)}${digits(minutes % 60, 2)}`;
}

/** The smaller of the year's two offsets: summer time adds. */
function standardOffset({ ms, zone }: Moment): number {
  const { year } = utcParts(ms);
  return Math.min(zone.offsetMs(Date.UTC(year, 0)), zone.offsetMs(Date.UTC(year, 6)));
}
