/** What a clip's container says about it. Nothing here is trusted for retention: containers lie (see times.ts). */
export interface MediaInfo {
  /** ffprobe's first format name: `mov`, `matroska`, `mpegts`, `avi`, `h264`, ... */
  readonly container: string;
  /** Length of the presentation in milliseconds; null when the container does not tell. */
  readonly durationMs: number | null;
  /** UTC milliseconds of the recording as the container claims it; null when absent or the 1904/1970 zero. */
  readonly claimedStartMs: number | null;
  /** ffprobe's codec name (`h264`, `hevc`, `mjpeg`); null when there is no video or the codec is unknown. */
  readonly videoCodec: string | null;
  readonly widthPx: number | null;
  readonly heightPx: number | null;
  /** Average frames per second. */
  readonly frameRate: number | null;
  readonly audioCodec: string | null;
  /**
   * Presentation times of key frames in milliseconds from the clip's start, ascending. Some of them, not always all: at
   * most MAX_KEY_FRAMES, spread over the clip; of a transport stream over 6 MiB those that a sample of its bytes shows,
   * all in its beginning and single ones over the rest; none where ffprobe was asked. None later than
   * MAX_KEY_FRAME_MS.
   */
  readonly keyFramesMs: readonly number[];
  /** Fragmented MP4 (moof); false for other containers. */
  readonly fragmented: boolean;
}

export const MAX_KEY_FRAMES = 4096;

/** The index keeps them in 32 bits: 49 days. */
export const MAX_KEY_FRAME_MS = 2 ** 32 - 1;

/**
 * Whether there are pictures of which the codec or the size stayed unknown: then ffprobe is asked for what is missing.
 * Without either and without a rate there are no pictures.
 */
export function lacksPicture({ videoCodec, widthPx, frameRate }: MediaInfo): boolean {
  return (
    (videoCodec === null || widthPx === null) &&
    (videoCodec !== null || widthPx !== null || frameRate !== null)
  );
}

/** The outcome of looking into a file. `complete`: the structure is whole, no byte that it promises is missing. */
export type Probe =
  | { readonly ok: true; readonly info: MediaInfo; readonly complete: boolean }
  /** `arbiter`: the format may be one that only ffprobe reads. */
  | { readonly ok: false; readonly reason: string; readonly arbiter: boolean };
