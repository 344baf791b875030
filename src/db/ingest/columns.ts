/** What a clip's row says of its file and of what was found inside it. */
import type { ClipFile, Content, Put } from '../../clips/change.ts';
import type { Reckoning } from '../../clips/index-writer.ts';
import type { MediaInfo } from '../../clips/media-info.ts';
import { FLAG_BITS } from '../clips/clip-row.ts';
import { finishedTimes, recordingTimes, type CoverColumns, type TimeColumns } from './times.ts';
import type { Db } from '../open.ts';

/** Distinct formats remembered; a camera yields few. */
const MAX_FORMATS_KEPT = 1000;

export interface Columns extends TimeColumns {
  readonly state: number;
  readonly durationMs: number | null;
  readonly sizeBytes: number;
  readonly ino: bigint;
  readonly mtimeNs: bigint;
  readonly fingerprint: Buffer | null;
  readonly formatId: number | null;
}

/** `before`: the intervals of the row that is there already. */
export type ColumnsOf = (put: Put, at: Reckoning & { readonly before?: CoverColumns | undefined }) => Columns;

/** The columns of clips as they are found, with their formats by number (`formatId`). */
export function createColumns(formatId: (info: MediaInfo) => number): ColumnsOf {
  return (put, at) => {
    const { file, content } = put;
    const { sizeBytes, mtimeNs } = file;
    const ino = BigInt.asIntN(64, file.ino);
    if (content === null) {
      const none = { durationMs: null, fingerprint: null, formatId: null };
      return { ...recordingTimes(file, at), sizeBytes, mtimeNs, ino, ...none, state: 0 };
    }
    const { media, fingerprint } = content;
    const times = finishedTimes(file, content, at);
    return {
      ...times,
      sizeBytes,
      mtimeNs,
      ino,
      state: 1,
      flags: times.flags | contentFlags(file, content),
      durationMs: roundedLength(media),
      fingerprint: Buffer.from(fingerprint, 'latin1'),
      formatId: media === null ? null : formatId(media),
    };
  };
}

/** `clip.duration_ms` of what a probe said. */
export function roundedLength(info: MediaInfo | null): number | null {
  const ms = info?.durationMs ?? null;
  return ms === null ? null : Math.round(ms);
}

/** A still has no structure to be cut short, and no probe owes us anything about it. */
function contentFlags(file: ClipFile, content: Content): number {
  if (file.kind === 'still') return 0;
  const unreadable = content.media === null ? FLAG_BITS.unreadable : 0;
  // What no probe in process reads is not called cut: only ffprobe may know its structure.
  const unknown = content.media === null && content.arbiter;
  return unreadable | (content.complete || unknown ? 0 : FLAG_BITS.truncated);
}

/** Numbers of formats, made as they are met. */
export function createFormats(db: Db): (info: MediaInfo) => number {
  const find = db
    .prepare<unknown[], number>(
      `SELECT id FROM media_format WHERE container = ? AND video_codec = ? AND width_px = ? AND height_px = ?
       AND frame_rate_milli = ? AND audio_codec = ? AND fragmented = ?`,
    )
    .pluck();
  const add = db.prepare(
    `INSERT INTO media_format (container, video_codec, width_px, height_px, frame_rate_milli, audio_codec, fragmented)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const kept = new Map<string, number>();
  return (info) => {
    const values = [
      info.container,
      info.videoCodec ?? '',
      info.widthPx ?? 0,
      info.heightPx ?? 0,
      Math.round((info.frameRate ?? 0) * 1000),
      info.audioCodec ?? '',
      info.fragmented ? 1 : 0,
    ];
    const key = values.join('\0');
    const known = kept.get(key);
    if (known !== undefined) return known;
    const id = find.get(...values) ?? Number(add.run(...values).lastInsertRowid);
    if (kept.size >= MAX_FORMATS_KEPT) kept.clear();
    kept.set(key, id);
    return id;
  };
}
