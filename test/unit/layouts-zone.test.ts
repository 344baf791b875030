/** Whether the zone of a tree's names is told from the times its files were written. */
import { describe, expect, test } from 'vitest';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/base/clock.ts';
import { zoneOf } from '../../src/base/zone.ts';
import { compileLayout } from '../../src/clips/layouts/index.ts';
import { tryZone, type WrittenFile, type ZoneFinding } from '../../src/clips/layouts/zone-trial.ts';

const WINTER = Date.UTC(2026, 11, 1, 9, 3);
const SUMMER = Date.UTC(2026, 6, 1, 9, 3);

interface Recording {
  readonly fromMs: number;
  /** Zone of the recorder's clock. */
  readonly zone: string;
  readonly count: number;
  readonly lengthMs: number;
  /** From start to start; the length for a recorder that never stops. */
  readonly everyMs: number;
}

const events = { zone: 'Etc/UTC', count: 40, lengthMs: 25_000, everyMs: 11 * MINUTE_MS };
const never = (minutes: number): Pick<Recording, 'lengthMs' | 'everyMs'> => ({
  lengthMs: minutes * MINUTE_MS,
  everyMs: minutes * MINUTE_MS,
});

/** What a recorder of the layout leaves on its disk. */
function recorded(layout: string, what: Recording): WrittenFile[] {
  const compiled = compileLayout({ layout, timeZone: what.zone });
  return Array.from({ length: what.count }, (_, i) => {
    const startMs = what.fromMs + i * what.everyMs;
    return { path: compiled.format('hall', startMs), mtimeMs: startMs + what.lengthMs + 2 * SECOND_MS };
  });
}

function found(layout: string, files: readonly WrittenFile[], zone: string): ZoneFinding {
  return tryZone({ files, zone, layoutIn: (timeZone) => compileLayout({ layout, timeZone }) });
}

describe('the zone of a recorder', () => {
  test.each([
    ['events', 'motioneye', events],
    ['clips of 15 minutes without a pause', 'shinobi', { ...events, ...never(15) }],
    ['clips of an hour without a pause', 'mediamtx', { ...events, ...never(60) }],
    ['clips of half an hour, longer than usual', 'shinobi', { ...events, ...never(30) }],
  ])('that writes UTC is found from %s, summer and winter', (_, layout, what) => {
    const winter = recorded(layout, { ...what, fromMs: WINTER });
    expect(found(layout, winter, 'Etc/UTC')).toEqual({ is: 'fits' });
    expect(found(layout, winter, 'Europe/Brussels')).toEqual({ is: 'off', hoursBehind: 1, zone: 'Etc/UTC' });
    const summer = recorded(layout, { ...what, fromMs: SUMMER });
    expect(found(layout, summer, 'Europe/Brussels')).toEqual({ is: 'off', hoursBehind: 2, zone: 'Etc/UTC' });
  });

  /** Written 40 s after their start, as short clips are. */
  const short = (layout: string, zone: string, startsMs: readonly number[]): WrittenFile[] => {
    const compiled = compileLayout({ layout, timeZone: zone });
    return startsMs.map((ms) => ({ path: compiled.format('hall', ms), mtimeMs: ms + 40_000 }));
  };

  test('cannot be told from short clips that begin whole hours apart, unless there are others', () => {
    const hours = Array.from({ length: 12 }, (_, i) => SUMMER + i * HOUR_MS);
    const regular = short('reolink-ftp', 'Europe/Amsterdam', hours);
    expect(found('reolink-ftp', regular, 'Europe/Amsterdam')).toEqual({ is: 'unknown', because: 'regular' });
    const between = Array.from({ length: 60 }, (_, i) => SUMMER + 12 * HOUR_MS + i * 17 * MINUTE_MS);
    const both = [...regular, ...short('reolink-ftp', 'Europe/Amsterdam', between)];
    expect(found('reolink-ftp', both, 'Europe/Amsterdam')).toEqual({ is: 'fits' });
    expect(found('reolink-ftp', both, 'Etc/UTC')).toMatchObject({ is: 'off', hoursBehind: -2 });
  });

  test('is told from clips that begin at the same time every day', () => {
    const days = Array.from({ length: 19 }, (_, i) => WINTER + i * 24 * HOUR_MS);
    const daily = short('motion', 'Europe/Amsterdam', days);
    expect(found('motion', daily, 'Europe/Amsterdam')).toEqual({ is: 'fits' });
    expect(found('motion', daily, 'Etc/UTC')).toMatchObject({ is: 'off', hoursBehind: -1 });
  });

  test('is not guessed from clips of an hour that none follows', () => {
    const files = ['hall', 'yard', 'gate'].map((camera) => {
      const path = compileLayout({ layout: 'mediamtx', timeZone: 'Europe/Amsterdam' }).format(camera, WINTER);
      return { path, mtimeMs: WINTER + HOUR_MS };
    });
    expect(found('mediamtx', files, 'Europe/Amsterdam')).toMatchObject({ is: 'unknown' });
  });

  test('that keeps local time is found on a box that runs in UTC', () => {
    const files = recorded('motioneye', { ...events, zone: 'Europe/Brussels', fromMs: WINTER });
    expect(found('motioneye', files, 'UTC')).toEqual({
      is: 'off',
      hoursBehind: -1,
      zone: 'Europe/Amsterdam',
    });
    expect(found('motioneye', files, 'Europe/Brussels')).toEqual({ is: 'fits' });
  });

  test('that leaves out summer time is found as the fixed zone', () => {
    const files = recorded('motioneye', { ...events, zone: 'Etc/GMT-1', fromMs: SUMMER });
    const finding = found('motioneye', files, 'Europe/Brussels');
    expect(finding).toEqual({ is: 'off', hoursBehind: 1, zone: 'Etc/GMT-1' });
  });

  test.each(['America/New_York', 'Asia/Tokyo', 'Etc/GMT+11'])(
    'that is set to %s is found by its hours',
    (zone) => {
      const files = recorded('motioneye', { ...events, zone, fromMs: WINTER });
      const finding = found('motioneye', files, 'Europe/Brussels');
      expect(finding).toMatchObject({ is: 'off' });
      const offset = finding.is === 'off' && finding.zone !== null ? zoneOf(finding.zone) : undefined;
      expect(offset?.offsetMs(WINTER)).toBe(zoneOf(zone).offsetMs(WINTER));
    },
  );

  test('is right across the end of summer time', () => {
    const fromMs = Date.UTC(2026, 9, 20);
    const weeks = { ...events, fromMs, count: 200, everyMs: 66 * MINUTE_MS };
    expect(
      found('motioneye', recorded('motioneye', { ...weeks, zone: 'Europe/Brussels' }), 'Europe/Brussels'),
    ).toEqual({ is: 'fits' });
    expect(found('motioneye', recorded('motioneye', weeks), 'Europe/Brussels')).toMatchObject({
      zone: 'Etc/UTC',
    });
  });

  test('of names that are exact is never doubted, whatever zone is asked', () => {
    const files = recorded('kerberos', { ...events, fromMs: WINTER });
    expect(found('kerberos', files, 'Asia/Tokyo')).toEqual({ is: 'fits' });
  });

  test('of a recorder whose names are exact and whose clock is wrong is not blamed on a zone', () => {
    const files = recorded('kerberos', { ...events, fromMs: WINTER });
    const late = files.map((f) => ({ ...f, mtimeMs: f.mtimeMs + 3 * HOUR_MS }));
    expect(found('kerberos', late, 'Europe/Brussels')).toEqual({ is: 'off', hoursBehind: 3, zone: null });
  });
});

describe('files that tell nothing about the zone', () => {
  const files = recorded('motioneye', { ...events, fromMs: WINTER });
  const copied = files.map((f, i) => ({ ...f, mtimeMs: WINTER + 48 * HOUR_MS + i * 200 }));

  test('are those of a copy, written at one time or within minutes', () => {
    const atOnce = files.map((f) => ({ ...f, mtimeMs: WINTER + 30 * HOUR_MS }));
    for (const copy of [atOnce, copied])
      expect(found('motioneye', copy, 'Europe/Brussels')).toEqual({ is: 'unknown', because: 'copied' });
  });

  test('are those of a copy beside a few new clips', () => {
    const fresh = recorded('motioneye', { ...events, count: 3, fromMs: WINTER + 60 * HOUR_MS });
    expect(found('motioneye', [...copied, ...fresh], 'Europe/Brussels')).toMatchObject({ is: 'unknown' });
  });

  test('are too few, or without a time in their names', () => {
    expect(found('motioneye', files.slice(0, 2), 'UTC')).toEqual({ is: 'unknown', because: 'few' });
    const undated = files.map((f, i) => ({ ...f, path: `hall/2026-12-01/odd${String(i)}.mp4` }));
    expect(found('motioneye', undated, 'UTC')).toEqual({ is: 'unknown', because: 'few' });
  });

  test('are those of times without any rule', () => {
    const mixed = files.map((f, i) => ({ ...f, mtimeMs: f.mtimeMs + ((i * 37) % 50) * 31 * MINUTE_MS }));
    expect(found('motioneye', mixed, 'UTC')).toEqual({ is: 'unknown', because: 'mixed' });
  });
});
