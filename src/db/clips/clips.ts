/** What the rooms ask of the index about clips (clips/store.ts). Every statement runs on an index that bounds it. */
import { overlaps, type TimeRange } from '../../base/range.ts';
import type { Clip } from '../../clips/clip.ts';
import type { MediaInfo } from '../../clips/media-info.ts';
import type { CameraTotals, ClipPageQuery, ClipReader } from '../../clips/store.ts';
import {
  CLIP_COLUMNS,
  CLIP_TABLES,
  LOCATION_COLUMNS,
  rowToClip,
  rowToLocation,
  type ClipRow,
  type LocationRow,
} from './clip-row.ts';
import { createCameraFacts } from './cameras-api.ts';
import { COVERED, coverSearches, touches, type CoverSearch } from './cover-search.ts';
import { LONG_CLIP_MS, type CoverageIndex } from './coverage.ts';
import type { Db } from '../open.ts';
import { createUntilChanged } from '../until-changed.ts';
import { createReceiptReader } from '../retention/receipts.ts';

const SELECT = `SELECT ${CLIP_COLUMNS} FROM ${CLIP_TABLES}`;

const FORMAT = 'FROM clip JOIN media_format ON media_format.id = clip.format_id';
const MEDIA = `SELECT media_format.*, clip.duration_ms, NULL AS key_frames ${FORMAT} WHERE clip.id = +?`;
const MEDIA_WITH_KEY_FRAMES = `SELECT media_format.*, clip.duration_ms, key_frames.at_ms AS key_frames ${FORMAT}
  LEFT JOIN key_frames ON key_frames.clip_id = clip.id WHERE clip.id = +?`;

interface MediaRow {
  container: string;
  video_codec: string;
  width_px: number;
  height_px: number;
  frame_rate_milli: number;
  audio_codec: string;
  fragmented: number;
  duration_ms: number | null;
  key_frames: Buffer | null;
}

export function createClipReader(db: Db, coverage: CoverageIndex): ClipReader {
  const cameraN = db.prepare<[string], { n: number }>('SELECT n FROM camera WHERE id = ?');
  const totals = db.prepare<[], { id: string; clips: number; bytes: number; last_end_ms: number | null }>(
    `SELECT camera.id, coalesce(t.clips, 0) AS clips, coalesce(t.bytes, 0) AS bytes,
       (SELECT end_ms FROM clip WHERE camera_n = camera.n ORDER BY start_ms DESC LIMIT 1) AS last_end_ms
     FROM camera LEFT JOIN camera_total t ON t.camera_n = camera.n ORDER BY camera.id`,
  );
  const nextLive = db.prepare<[number, number], ClipRow>(
    `SELECT ${CLIP_COLUMNS} FROM clip INDEXED BY clip_oldest JOIN root ON root.n = clip.root_n
       JOIN camera ON camera.n = clip.camera_n
     WHERE clip.camera_n = ? AND clip.end_ms > ? AND clip.state = 1 AND clip.parked <> 1 ORDER BY clip.end_ms LIMIT 1`,
  );
  const deleting = db.prepare<[], ClipRow>(`${SELECT} WHERE clip.state = 2`);
  const facts = createCameraFacts(db);
  const page = createPager(db);
  const covered = createCoverCount(db);
  const n = (id: string): number | undefined => cameraN.get(id)?.n;

  return {
    ...createReceiptReader(db),
    ...createLookUps(db),
    deletedSpans: (cameraId, window) => facts.deletedSpans(cameraId, window),
    page: (query) => {
      const camera = n(query.cameraId);
      return camera === undefined ? [] : page(camera, query);
    },
    coverage: (cameraId, window) => {
      const camera = n(cameraId);
      return camera === undefined ? [] : coverage.spans(camera, window);
    },
    totals: () =>
      totals.all().map((t): CameraTotals => ({
        cameraId: t.id,
        clips: t.clips,
        bytes: t.bytes,
        lastEndMs: t.last_end_ms,
      })),
    nextLive: (cameraId, endMs) => {
      const camera = n(cameraId);
      const row = camera === undefined ? undefined : nextLive.get(camera, endMs);
      return row && rowToClip(row);
    },
    covered: (cameraId, window) => {
      const camera = n(cameraId);
      return camera === undefined ? { clips: 0, bytes: 0 } : covered(camera, window);
    },
    deletingIn: (cameraId, window) =>
      deleting
        .all()
        .map(rowToClip)
        .filter((c) => c.cameraId === cameraId && c.intervals.some((i) => overlaps(i, window))),
  };
}

/** What is asked of single clips. */
function createLookUps(db: Db): Pick<ClipReader, 'clip' | 'location' | 'media'> {
  const byId = db.prepare<[number], ClipRow>(`${SELECT} WHERE clip.id = +?`);
  const location = db.prepare<[number], LocationRow>(
    `SELECT ${LOCATION_COLUMNS}
     FROM clip JOIN dir ON dir.id = clip.dir_id JOIN root ON root.n = clip.root_n WHERE clip.id = +?`,
  );
  const media = db.prepare<[number], MediaRow>(MEDIA);
  const mediaWithKeyFrames = db.prepare<[number], MediaRow>(MEDIA_WITH_KEY_FRAMES);
  const untilChanged = createUntilChanged(db);
  const mediaOf = untilChanged((id) => {
    const row = media.get(id);
    return row && toMedia(row);
  });
  return {
    clip: untilChanged((id) => {
      const row = byId.get(id);
      return row && rowToClip(row);
    }),
    location: untilChanged((id) => {
      const row = location.get(id);
      return row && rowToLocation(row);
    }),
    media: (id, withKeyFrames) => {
      const row = withKeyFrames ? mediaWithKeyFrames.get(id) : undefined;
      return withKeyFrames ? row && toMedia(row) : mediaOf(id);
    },
  };
}

/** Pages by start, then id. A first page begins with the clips that reach into the window from before. */
function createPager(db: Db): (camera: number, query: ClipPageQuery) => Clip[] {
  const shown = 'AND clip.state < 2';
  const reaching = db.prepare<{ camera: number; from: number }, ClipRow>(
    `${SELECT} WHERE clip.camera_n = @camera AND clip.start_ms < @from AND clip.start_ms >= @from - ${String(LONG_CLIP_MS)}
       AND clip.end_ms > @from AND clip.end_ms - clip.start_ms <= ${String(LONG_CLIP_MS)} ${shown}`,
  );
  const reachingLong = db.prepare<{ camera: number; from: number }, ClipRow>(
    `SELECT ${CLIP_COLUMNS} FROM clip INDEXED BY clip_long JOIN root ON root.n = clip.root_n
       JOIN camera ON camera.n = clip.camera_n
     WHERE clip.camera_n = @camera AND clip.end_ms - clip.start_ms > ${String(LONG_CLIP_MS)}
       AND clip.start_ms < @from AND clip.end_ms > @from ${shown}`,
  );
  const starting = db.prepare<
    { camera: number; from: number; to: number; id: number; limit: number },
    ClipRow
  >(
    `${SELECT} WHERE clip.camera_n = @camera AND clip.start_ms >= @from AND clip.start_ms < @to
       AND (clip.start_ms > @from OR clip.id > @id) ${shown} ORDER BY clip.start_ms, clip.id LIMIT @limit`,
  );
  const earlier = (camera: number, { window, after }: ClipPageQuery): Clip[] => {
    if (after !== undefined && after.startMs >= window.fromMs) return [];
    const at = { camera, from: window.fromMs };
    return [...reachingLong.all(at), ...reaching.all(at)]
      .map(rowToClip)
      .filter(
        (c) =>
          after === undefined ||
          c.startMs > after.startMs ||
          (c.startMs === after.startMs && c.id > after.id),
      )
      .sort((a, b) => a.startMs - b.startMs || a.id - b.id);
  };
  return (camera, query) => {
    const { window, after, limit } = query;
    const first = earlier(camera, query).slice(0, limit);
    const past =
      after !== undefined && after.startMs >= window.fromMs ? after : { startMs: window.fromMs, id: 0 };
    const rest = { camera, from: past.startMs, to: window.toMs, id: past.id, limit: limit - first.length };
    return rest.limit === 0 ? first : [...first, ...starting.all(rest).map(rowToClip)];
  };
}

/** Counts the clips whose candidate intervals touch a window. */
function createCoverCount(db: Db): (camera: number, window: TimeRange) => { clips: number; bytes: number } {
  const simple = db.prepare<CoverSearch, { clips: number; bytes: number }>(
    `SELECT count(*) AS clips, coalesce(sum(size_bytes), 0) AS bytes ${COVERED} AND state < 3 AND intervals IS NULL`,
  );
  const several = db.prepare<CoverSearch, { intervals: string; size_bytes: number }>(
    `SELECT intervals, size_bytes ${COVERED} AND state < 3 AND intervals IS NOT NULL`,
  );
  return (camera, window) => {
    const sum = { clips: 0, bytes: 0 };
    const add = (clips: number, bytes: number): void => {
      sum.clips += clips;
      sum.bytes += bytes;
    };
    for (const search of coverSearches(camera, window)) {
      const { clips, bytes } = simple.get(search) ?? { clips: 0, bytes: 0 };
      add(clips, bytes);
      for (const row of several.iterate(search)) if (touches(row.intervals, window)) add(1, row.size_bytes);
    }
    return sum;
  };
}

function toMedia(row: MediaRow): MediaInfo {
  const { key_frames: packed } = row;
  const count = packed === null ? 0 : packed.length / 4;
  return {
    container: row.container,
    durationMs: row.duration_ms,
    claimedStartMs: null,
    videoCodec: row.video_codec === '' ? null : row.video_codec,
    widthPx: row.width_px === 0 ? null : row.width_px,
    heightPx: row.height_px === 0 ? null : row.height_px,
    frameRate: row.frame_rate_milli === 0 ? null : row.frame_rate_milli / 1000,
    audioCodec: row.audio_codec === '' ? null : row.audio_codec,
    keyFramesMs: Array.from({ length: count }, (_, i) => packed?.readUInt32LE(i * 4) ?? 0),
    fragmented: row.fragmented === 1,
  };
}
