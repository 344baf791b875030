/** Times as people type and read them at the command line: in the site's zone, which is always said. */
import { FortnightError } from '../base/errors.ts';
import { isoUtc, type UtcParts } from '../base/clock.ts';
import { quoted } from '../base/printable.ts';
import { localToUtc, utcToLocal } from '../base/zone.ts';

const TYPED = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?(Z)?$/;

/**
 * `2026-11-17 13:45[:00]` in the site's zone, a date alone (its first moment), or UTC with a final Z. In the autumn hour
 * `which` decides: the earlier reading for a beginning, the later for an end. Throws `usage`.
 */
export function parseSiteTime(typed: string, zone: string, which: 'from' | 'to'): number {
  const m = TYPED.exec(typed.trim());
  if (m === null) {
    throw new FortnightError('usage', `${quoted(typed)} is no time`, {
      hint: `write it like 2026-11-17 13:45 (${zone}) or 2026-11-17T12:45Z (UTC)`,
    });
  }
  const parts = partsOf(m);
  const clockOf = m[7] === 'Z' ? 'UTC' : zone;
  const read = localToUtc(parts, clockOf).candidatesMs;
  const ms = which === 'from' ? read[0] : read.at(-1);
  if (ms === undefined || !sameDay(utcToLocal(ms, clockOf), parts)) {
    throw new FortnightError('usage', `${quoted(typed)} is not in the calendar`);
  }
  return ms;
}

function partsOf(match: RegExpExecArray): UtcParts {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((v: string | undefined) => Number(v ?? 0));
  return { year, month, day, hour, minute, second, milli: 0 };
}

/** A day that the calendar does not have (31 April) comes back as another one. */
function sameDay(a: UtcParts, b: UtcParts): boolean {
  return a.year === b.year && a.month === b.month && a.day === b.day;
}

/** A moment as `2026-11-17 13:45:00`, in the site's zone. */
export function siteTime(ms: number, zone: string): string {
  const p = utcToLocal(ms, zone);
  const asUtc = isoUtc(Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second));
  return asUtc.slice(0, 19).replace('T', ' ');
}

/** A length of time in its two largest units: `13 d 4 h`, `12 min 5 s`. */
export function duration(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  const units: [number, string][] = [
    [Math.floor(s / 86_400), 'd'],
    [Math.floor(s / 3600) % 24, 'h'],
    [Math.floor(s / 60) % 60, 'min'],
    [s % 60, 's'],
  ];
  const first = units.findIndex(([n]) => n > 0);
  if (first < 0) return '0 s';
  return units
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, unit]) => `${String(n)} ${unit}`)
    .join(' ');
}

/** A size as `1.5 GB` (decimal units). */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let n = bytes;
  let unit = 0;
  while (n >= 1000 && unit < units.length - 1) {
    n /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? String(n) : n.toFixed(1)} ${units[unit] ?? 'B'}`;
}
