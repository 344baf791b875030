/**
 * When a camera has footage: merged spans, read from one row per camera and hour where that row is up to date, else
 * computed from the clips of that hour. Triggers drop the row when a clip of its hour changes; `warm` writes rows anew.
 */
import { HOUR_MS } from '../../base/clock.ts';
import { merge, type TimeRange } from '../../base/range.ts';
import type { Db } from '../open.ts';

/** Clips that follow one another closer than this are shown as one span: names carry whole seconds. */
export const COVERAGE_JOIN_MS = 2000;

/** The index clip_long holds the clips longer than this; all others that reach into a moment started within it. */
export const LONG_CLIP_MS = 2 * HOUR_MS;

interface Span {
  start_ms: number;
  end_ms: number;
}

/** The clips that started before a moment and reach past it (long ones by their own index), then those that start later. */
export const OVERLAPPING = `
  SELECT start_ms, end_ms FROM clip INDEXED BY clip_long
    WHERE camera_n = @camera AND end_ms - start_ms > ${String(LONG_CLIP_MS)} AND start_ms < @from AND end_ms > @from
      AND state < 2 AND kind = 0
  UNION ALL
  SELECT start_ms, end_ms FROM clip INDEXED BY clip_start
    WHERE camera_n = @camera AND start_ms >= @from - ${String(LONG_CLIP_MS)} AND start_ms < @to AND end_ms > @from
      AND end_ms - start_ms <= ${String(LONG_CLIP_MS)} AND state < 2 AND kind = 0
  UNION ALL
  SELECT start_ms, end_ms FROM clip INDEXED BY clip_long
    WHERE camera_n = @camera AND end_ms - start_ms > ${String(LONG_CLIP_MS)} AND start_ms >= @from AND start_ms < @to
      AND state < 2 AND kind = 0`;

export interface CoverageIndex {
  /** Spans with footage, clipped to the window, ascending. */
  spans(cameraN: number, window: TimeRange): TimeRange[];
  /** Writes up to `limit` missing hour rows; returns how many, 0 when all are there. */
  warm(limit: number): number;
}

export function createCoverage(db: Db): CoverageIndex {
  const stored = db.prepare<[number, number, number], { hour_ms: number; spans: Buffer }>(
    'SELECT hour_ms, spans FROM coverage_hour WHERE camera_n = ? AND hour_ms BETWEEN ? AND ? ORDER BY hour_ms',
  );
  const overlapping = db.prepare<{ camera: number; from: number; to: number }, Span>(OVERLAPPING);
  const extent = db.prepare<{ camera: number }, { from_ms: number | null; to_ms: number | null }>(
    `SELECT (SELECT start_ms FROM clip WHERE camera_n = @camera ORDER BY start_ms LIMIT 1) AS from_ms,
       (SELECT start_ms FROM clip WHERE camera_n = @camera ORDER BY start_ms DESC LIMIT 1) AS to_ms`,
  );
  const cameras = db.prepare<[], { n: number }>('SELECT n FROM camera');
  const save = db.prepare('INSERT OR REPLACE INTO coverage_hour (camera_n, hour_ms, spans) VALUES (?, ?, ?)');
  const longest = db.prepare<[number], { end_ms: number | null }>(
    `SELECT max(end_ms) AS end_ms FROM clip INDEXED BY clip_long WHERE camera_n = ? AND end_ms - start_ms > ${String(LONG_CLIP_MS)}`,
  );

  const hourSpans = (camera: number, hourMs: number): TimeRange[] => {
    const rows = overlapping.all({ camera, from: hourMs, to: hourMs + HOUR_MS });
    const inHour = rows.map((r) => ({
      fromMs: Math.max(r.start_ms, hourMs),
      toMs: Math.min(r.end_ms, hourMs + HOUR_MS),
    }));
    return merge(inHour, COVERAGE_JOIN_MS);
  };
  /** Hours in which the camera can have footage at all: outside them nothing need be looked at or stored. */
  const within = (camera: number, window: TimeRange): { first: number; last: number } | undefined => {
    const row = extent.get({ camera });
    if (row?.from_ms == null || row.to_ms == null) return undefined;
    const lastMs = Math.max(row.to_ms + LONG_CLIP_MS, longest.get(camera)?.end_ms ?? 0);
    const first = floorHour(Math.max(window.fromMs, row.from_ms));
    const last = floorHour(Math.min(window.toMs - 1, lastMs));
    return first <= last ? { first, last } : undefined;
  };

  return {
    spans: (camera, window) => {
      const hours = within(camera, window);
      if (hours === undefined) return [];
      const known = new Map(stored.all(camera, hours.first, hours.last).map((r) => [r.hour_ms, r.spans]));
      const all: TimeRange[] = [];
      for (let hour = hours.first; hour <= hours.last; hour += HOUR_MS) {
        const spans = known.get(hour);
        all.push(...(spans === undefined ? hourSpans(camera, hour) : unpackSpans(hour, spans)));
      }
      return merge(all, COVERAGE_JOIN_MS)
        .map((s) => ({ fromMs: Math.max(s.fromMs, window.fromMs), toMs: Math.min(s.toMs, window.toMs) }))
        .filter((s) => s.fromMs < s.toMs);
    },
    warm: (limit) => {
      const missing: [number, number][] = [];
      for (const { n } of cameras.all()) {
        const hours = within(n, { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER });
        if (hours === undefined) continue;
        const known = new Set(stored.all(n, hours.first, hours.last).map((r) => r.hour_ms));
        for (let h = hours.first; h <= hours.last && missing.length < limit; h += HOUR_MS) {
          if (!known.has(h)) missing.push([n, h]);
        }
      }
      db.transaction(() => {
        for (const [n, h] of missing) save.run(n, h, packSpans(h, hourSpans(n, h)));
      }).immediate();
      return missing.length;
    },
  };
}

const floorHour = (ms: number): number => Math.floor(ms / HOUR_MS) * HOUR_MS;

function packSpans(hourMs: number, spans: readonly TimeRange[]): Buffer {
  const out = Buffer.alloc(spans.length * 8);
  spans.forEach((s, i) => {
    out.writeUInt32LE(s.fromMs - hourMs, i * 8);
    out.writeUInt32LE(s.toMs - hourMs, i * 8 + 4);
  });
  return out;
}

function unpackSpans(hourMs: number, packed: Buffer): TimeRange[] {
  const out: TimeRange[] = [];
  for (let i = 0; i < packed.length; i += 8) {
    out.push({ fromMs: hourMs + packed.readUInt32LE(i), toMs: hourMs + packed.readUInt32LE(i + 4) });
  }
  return out;
}
