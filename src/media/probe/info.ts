/** The last gate of every probe: what is beyond belief becomes "unknown", whatever a file states. */
import { DAY_MS } from '../../base/clock.ts';
import { MAX_KEY_FRAME_MS, type MediaInfo } from '../../clips/media-info.ts';
import type { PictureSize } from './sps.ts';

/** 2000-01-01: before it there were no such recorders, only clocks that were never set (1904, 1970). */
const EARLIEST_CLAIM_MS = 946_684_800_000;
const LATEST_CLAIM_MS = 253_402_300_799_999;
const MAX_DURATION_MS = 366 * DAY_MS;
const MAX_FRAME_RATE = 1000;
const MAX_PIXELS = 65_535;

/** What a parser found, unrounded and unchecked. */
export interface RawInfo {
  readonly container: string;
  readonly durationMs: number | null;
  readonly claimedStartMs?: number | undefined;
  /** Undefined when there are no pictures. */
  readonly video: RawVideo | undefined;
  readonly audioCodec?: string | null | undefined;
  readonly fragmented?: boolean;
}

export interface RawVideo {
  readonly codec: string | null;
  readonly size: PictureSize | undefined;
  /** May be no number where frames or time are none. */
  readonly frameRate: number | null;
  readonly keyFramesMs: readonly number[];
}

/** Rounds to whole milliseconds and drops what is no number or out of range. */
export function mediaInfo(raw: RawInfo): MediaInfo {
  const video = raw.video ?? NO_VIDEO;
  const rate = video.frameRate ?? 0;
  return {
    container: raw.container,
    durationMs: whole(raw.durationMs, { min: 0, max: MAX_DURATION_MS }),
    claimedStartMs: whole(raw.claimedStartMs, { min: EARLIEST_CLAIM_MS, max: LATEST_CLAIM_MS }),
    videoCodec: video.codec,
    widthPx: whole(video.size?.widthPx, { min: 1, max: MAX_PIXELS }),
    heightPx: whole(video.size?.heightPx, { min: 1, max: MAX_PIXELS }),
    frameRate: rate > 0 && rate <= MAX_FRAME_RATE ? rate : null,
    audioCodec: raw.audioCodec ?? null,
    keyFramesMs: video.keyFramesMs.filter((ms) => ms <= MAX_KEY_FRAME_MS),
    fragmented: raw.fragmented ?? false,
  };
}

const NO_VIDEO: RawVideo = { codec: null, size: undefined, frameRate: null, keyFramesMs: [] };

function whole(value: number | null | undefined, range: { min: number; max: number }): number | null {
  // Written so that NaN, which compares with nothing, is dropped too.
  return value !== null && value !== undefined && value >= range.min && value <= range.max
    ? Math.round(value)
    : null;
}
