/** Made-up footage of six cameras over a fortnight: coverage, clips, what a hold would find. Plain data. */
import type {
  Camera,
  ClipView,
  Coverage,
  Hold,
  HoldCoverage,
  HoldPreservation,
  Site,
} from '../../src/http/api/index.ts';
import { clamp, merge, subtract, type TimeRange } from '../../src/base/range.ts';
import { DAY_MS, SECOND_MS } from '../../src/base/clock.ts';

/** Friday 20 November 2026, 14:05 in Amsterdam. */
export const NOON = Date.UTC(2026, 10, 20, 13, 5);
export const CLIP_MS = 10 * SECOND_MS;
export const KEEP_MS = 14 * DAY_MS;

export const SITE: Site = {
  name: 'Keizersgracht 241',
  city: 'Amsterdam',
  language: 'en',
  timeZone: 'Europe/Amsterdam',
  retentionDays: 14,
  version: '0.1.0',
};

export const at = (day: number, hour = 0, minute = 0): number => Date.UTC(2026, 10, day, hour - 1, minute);
const span = (fromMs: number, toMs: number): TimeRange => ({ fromMs, toMs });

interface MockCamera {
  readonly id: string;
  readonly names: readonly [nl: string, en: string, fr: string];
  readonly codec: 'h264' | 'hevc';
  readonly silentFromMs?: number;
  readonly gaps: readonly TimeRange[];
}

export const CAMERAS: readonly MockCamera[] = [
  {
    id: 'entrance',
    names: ['Ingang', 'Entrance', 'Entrée'],
    codec: 'h264',
    gaps: [
      span(at(6, 15, 20), at(6, 15, 41)),
      span(at(12, 3, 10), at(12, 4, 2)),
      span(at(17, 17, 48), at(17, 18, 4)),
    ],
  },
  {
    id: 'hall',
    names: ['Hal', 'Hall', 'Hall'],
    codec: 'h264',
    gaps: [
      span(at(6, 16, 2), at(6, 16, 50)),
      span(at(10, 22), at(11, 5, 30)),
      span(at(17, 12, 52), at(17, 13, 34)),
    ],
  },
  {
    id: 'lift',
    names: ['Liftportaal', 'Lift lobby', 'Palier ascenseur'],
    codec: 'hevc',
    gaps: [span(at(9, 9), at(9, 11, 20)), span(at(17, 16, 10), at(17, 16, 22))],
  },
  {
    id: 'stairs',
    names: ['Trappenhuis', 'Stairwell', 'Cage d’escalier'],
    codec: 'h264',
    silentFromMs: at(20, 13, 41),
    gaps: [span(at(14, 2), at(14, 19)), span(at(17, 8, 5), at(17, 9, 50))],
  },
  {
    id: 'carpark',
    names: ['Parkeerdek', 'Car park', 'Parking'],
    codec: 'h264',
    gaps: [span(at(8, 1), at(8, 6)), span(at(18, 12), at(18, 12, 40))],
  },
  {
    id: 'delivery',
    names: ['Laad- en losweg', 'Delivery road', 'Livraisons'],
    codec: 'h264',
    gaps: [span(at(13, 20), at(14, 7)), span(at(17, 21), at(18, 4, 30))],
  },
];

export function cameraList(): Camera[] {
  return CAMERAS.map(({ id, names: [nl, en, fr], silentFromMs }) => ({
    id,
    name: { nl, en, fr },
    purpose: { nl: 'eigendom beschermen', en: 'protecting property', fr: 'protection des biens' },
    controller: 'igen Group B.V.',
    retired: false,
    recording: silentFromMs === undefined,
    lastEndMs: silentFromMs ?? NOON,
  }));
}

export function coverageOf(window: TimeRange, nowMs: number, holds: readonly Hold[]): Coverage {
  const cutMs = nowMs - KEEP_MS;
  const past = clamp(window, span(0, nowMs));
  const cameras = CAMERAS.map((camera) => {
    const binding = holds.filter((h) => h.state !== 'ended' && h.cameraIds.includes(camera.id));
    const bands = binding.flatMap((h) => {
      const inside = clamp(h, window);
      const state = h.state === 'standing' ? ('standing' as const) : ('cooling_off' as const);
      return inside === undefined ? [] : [{ ...inside, holdId: h.id, caseRef: h.caseRef, state }];
    });
    if (past === undefined) return { cameraId: camera.id, spans: [], gaps: [], holds: bands };
    const kept = merge([
      span(cutMs, camera.silentFromMs ?? nowMs),
      ...binding.filter((h) => h.toMs <= nowMs),
    ]);
    const spans = kept.flatMap((k) => subtract(k, camera.gaps)).flatMap((s) => clamp(s, past) ?? []);
    const empty = subtract(past, spans).map((g) => ({
      ...g,
      reason: g.fromMs < cutMs ? ('deleted' as const) : ('none' as const),
    }));
    const coming = window.toMs > nowMs ? [{ ...span(nowMs, window.toMs), reason: 'future' as const }] : [];
    return { cameraId: camera.id, spans, gaps: [...empty, ...coming], holds: bands };
  });
  return { ...window, nowMs, cutMs, cameras };
}

/** Clips of ten seconds, wherever there is coverage; the id says camera and time. */
export function clipsOf(cameraId: string, coverage: Coverage, holds: readonly Hold[]): ClipView[] {
  const index = CAMERAS.findIndex((c) => c.id === cameraId);
  const mine = coverage.cameras[index];
  const clips: ClipView[] = [];
  const from = Math.floor(coverage.fromMs / CLIP_MS) * CLIP_MS;
  for (let startMs = from; startMs < Math.min(coverage.toMs, coverage.nowMs - CLIP_MS); startMs += CLIP_MS) {
    if (!mine?.spans.some((s) => s.fromMs < startMs + CLIP_MS && s.toMs > startMs)) continue;
    const endMs = startMs + CLIP_MS;
    clips.push({
      id: (startMs / CLIP_MS) * 10 + index,
      cameraId,
      kind: 'video',
      state: 'live',
      startMs,
      endMs,
      sizeBytes: 400_000,
      flags: [],
      dueMs: endMs + KEEP_MS,
      heldBy: holds
        .filter(
          (h) =>
            h.state === 'standing' && h.cameraIds.includes(cameraId) && h.fromMs < endMs && h.toMs > startMs,
        )
        .map((h) => h.caseRef),
      media: {
        container: 'mov',
        videoCodec: CAMERAS[index]?.codec ?? 'h264',
        audioCodec: null,
        widthPx: 640,
        heightPx: 360,
        frameRate: 25,
        durationMs: CLIP_MS,
        fragmented: false,
      },
    });
  }
  return clips;
}

export function previewOf(cameraIds: readonly string[], window: TimeRange, coverage: Coverage): HoldCoverage {
  const past = clamp(window, span(0, coverage.nowMs));
  const future = clamp(window, span(coverage.nowMs, Infinity));
  const cameras = coverage.cameras
    .filter((c) => cameraIds.includes(c.cameraId))
    .map((c) => {
      const covered = past === undefined ? [] : c.spans.flatMap((s) => clamp(s, past) ?? []);
      const empty = past === undefined ? [] : subtract(past, covered);
      const deleted = empty.flatMap((g) => clamp(g, span(0, coverage.cutMs)) ?? []);
      const gaps = empty.flatMap((g) => clamp(g, span(coverage.cutMs, Infinity)) ?? []);
      const percent = past === undefined ? null : (length(covered) / length([past])) * 100;
      return {
        cameraId: c.cameraId,
        covered,
        gaps,
        deleted,
        future: future === undefined ? [] : [future],
        percent,
      };
    });
  const covered = cameras.reduce((n, c) => n + length(c.covered), 0);
  const deleted = cameras.reduce((n, c) => n + length(c.deleted), 0);
  return {
    clips: Math.round(covered / CLIP_MS),
    bytes: (covered / 1000) * 90_000,
    rescued: deleted > 0 && covered > 0 ? 12 : 0,
    outcomeUnknown: [],
    notPinned: 0,
    percent: past === undefined ? null : (covered / (length([past]) * Math.max(1, cameras.length))) * 100,
    cameras,
    deletedClips: Math.round(deleted / CLIP_MS),
    receipts: cameras.flatMap((c) => c.deleted.slice(0, 1).map((d) => receiptOf(c.cameraId, d.fromMs))),
  };
}

function receiptOf(cameraId: string, startMs: number): HoldCoverage['receipts'][number] {
  const endMs = startMs + CLIP_MS;
  const times = { startMs, endMs, dueMs: endMs + KEEP_MS, atMs: endMs + KEEP_MS + 20 * SECOND_MS };
  return {
    clipId: 1,
    cameraId,
    ...times,
    sizeBytes: 400_000,
    outcome: 'deleted',
    reason: 'retention',
    intentSeq: 8101,
    terminalSeq: 8102,
  };
}

function length(ranges: readonly TimeRange[]): number {
  return ranges.reduce((n, r) => n + r.toMs - r.fromMs, 0);
}

/** Everything covered is pinned and copied; one clip stops early, and two wait to be decoded. */
export function preservationOf(hold: Hold, { clips }: HoldCoverage): HoldPreservation {
  const [damaged, waiting] = clips > 3 ? [1, 2] : [0, 0];
  const flaw = {
    cameraId: hold.cameraIds[0] ?? '',
    startMs: hold.fromMs,
    endMs: hold.fromMs + CLIP_MS,
    what: 'ends_early' as const,
    shortMs: 12 * 60_000,
    errors: 3,
    why: null,
  };
  const counts = { covered: clips, pinned: clips, copied: clips, whole: clips - damaged - waiting };
  return { ...counts, damaged, unchecked: 0, flaws: damaged === 0 ? [] : [flaw] };
}
