/** Rows of clips as the ingest writes them: inserting, settling, replacing. Runs inside the batch's transaction. */
import type { Content, ClipFile, Put } from '../clips/change.ts';
import type { Clip } from '../clips/clip.ts';
import type { Reckoning } from '../clips/index-writer.ts';
import type { MediaInfo } from '../clips/media-info.ts';
import { CLIP_COLUMNS, CLIP_TABLES, FLAG_BITS, kindToInt, rowToClip, type ClipRow } from './clip-row.ts';
import { finishedTimes, recordingTimes, type CoverColumns, type TimeColumns } from './ingest-times.ts';
import { createTwins } from './ingest-twin.ts';
import type { Db } from './open.ts';

/** Distinct formats remembered; a camera yields few. */
const MAX_FORMATS_KEPT = 1000;

const INSERT = `INSERT INTO clip (dir_id, name, root_n, camera_n, kind, state, start_ms, end_ms, end_from, cover_from_ms,
    cover_to_ms, cover_class, intervals, due_ms, first_seen_ms, finished_ms, duration_ms, size_bytes, ino, mtime_ns,
    fingerprint, format_id, flags)
  VALUES (@dirId, @name, @rootN, @cameraN, @kind, @state, @startMs, @endMs, @endFrom, @coverFromMs,
    @coverToMs, @coverClass, @intervals, @dueMs, @firstSeenMs, @finishedMs, @durationMs, @sizeBytes, @ino, @mtimeNs,
    @fingerprint, @formatId, @flags)
  ON CONFLICT (dir_id, name) DO NOTHING`;

/** A row that goes on or is finished starts over: nothing that was said of its former content stays. */
const UPDATE = `UPDATE clip SET state = @state, start_ms = @startMs, end_ms = @endMs, end_from = @endFrom,
    cover_from_ms = @coverFromMs, cover_to_ms = @coverToMs, cover_class = @coverClass, intervals = @intervals,
    due_ms = iif(@state = 0 AND state = 0, due_ms, @dueMs), finished_ms = @finishedMs, duration_ms = @durationMs, size_bytes = @sizeBytes, ino = @ino,
    mtime_ns = @mtimeNs, fingerprint = @fingerprint, format_id = @formatId,
    flags = @flags | (flags & ${String(FLAG_BITS.overlong)}), parked = 0, fail_count = 0, retry_ms = NULL, missing_ms = NULL
  WHERE id = @id`;

interface Columns extends TimeColumns {
  readonly state: number;
  readonly durationMs: number | null;
  readonly sizeBytes: number;
  readonly ino: bigint;
  readonly mtimeNs: bigint;
  readonly fingerprint: Uint8Array | null;
  readonly formatId: number | null;
}

export interface ClipRows {
  /** The id of the new row; undefined when the name has a row already. */
  insert(put: Put, at: Reckoning & { readonly rootN: number; readonly dirId: number }): number | undefined;
  /** Writes what the row's file has become. */
  update(clipId: number, put: Put, at: Reckoning & { readonly before: CoverColumns }): void;
  /** Removes a row and what is derived from it; its sidecars go with it. */
  remove(clipId: number): void;
  /** Its path may be the last trace of footage: the directory goes, unless something else is in it. */
  mayBeEmpty(dirId: number): void;
  /** Removes the directories that removals left empty; at the end of a transaction, when all that comes has come. */
  dropEmptyDirs(): void;
  dropDerived(clipId: number): void;
  clip(clipId: number): Clip | undefined;
  setMedia(clipId: number, info: MediaInfo): void;
}

export function createClipRows(db: Db): ClipRows {
  const insert = db.prepare(INSERT);
  const update = db.prepare(UPDATE);
  const byId = db.prepare<[number], ClipRow>(`SELECT ${CLIP_COLUMNS} FROM ${CLIP_TABLES} WHERE clip.id = +?`);
  const setMedia = db.prepare(
    `UPDATE clip SET format_id = ?, duration_ms = ?, flags = flags & ~${String(FLAG_BITS.unreadable)} WHERE id = ?`,
  );
  const formatId = createFormats(db);
  const cameraN = createCameras(db);
  const keyFrames = createKeyFrames(db);
  const twins = createTwins(db);
  const columns = (put: Put, at: Reckoning & { readonly before?: CoverColumns | undefined }): Columns => {
    const { file, content } = put;
    const { sizeBytes, mtimeNs } = file;
    const stands = { sizeBytes, mtimeNs, ino: BigInt.asIntN(64, file.ino) };
    if (content === null) {
      const none = { durationMs: null, fingerprint: null, formatId: null };
      return { ...recordingTimes(file, at), ...stands, ...none, state: 0 };
    }
    const { media, fingerprint } = content;
    const times = finishedTimes(file, content, at);
    return {
      ...times,
      ...stands,
      state: 1,
      flags: times.flags | contentFlags(file, content),
      durationMs: media?.durationMs === null || media === null ? null : Math.round(media.durationMs),
      fingerprint,
      formatId: media === null ? null : formatId(media),
    };
  };
  return {
    insert: (put, at) => {
      const { name, kind, cameraId } = put.file;
      const { rootN, dirId, nowMs } = at;
      const where = { dirId, name, rootN, cameraN: cameraN(cameraId), kind: kindToInt(kind) };
      const done = insert.run({ ...columns(put, at), ...where, firstSeenMs: nowMs });
      if (done.changes === 0) return undefined;
      const id = Number(done.lastInsertRowid);
      keyFrames.set(id, put.content?.media ?? null);
      if (put.content !== null) twins(id);
      return id;
    },
    update: (id, put, at) => {
      update.run({ ...columns(put, at), id });
      if (put.content !== null) twins(id);
      keyFrames.replace(id, put.content?.media ?? null);
    },
    ...createRemoval(db),
    clip: (id) => {
      const row = byId.get(id);
      return row && rowToClip(row);
    },
    setMedia: (id, info) => {
      setMedia.run(formatId(info), info.durationMs === null ? null : Math.round(info.durationMs), id);
      keyFrames.replace(id, info);
    },
  };
}

function createRemoval(db: Db): Pick<ClipRows, 'remove' | 'mayBeEmpty' | 'dropEmptyDirs' | 'dropDerived'> {
  const dropDerived = db.prepare('DELETE FROM derived WHERE clip_id = ?');
  const drop = db.prepare('DELETE FROM clip WHERE id = ?');
  const dirsOf = db
    .prepare<{ id: number }, number>(
      'SELECT dir_id FROM clip WHERE id = @id UNION SELECT dir_id FROM sidecar WHERE clip_id = @id',
    )
    .pluck();
  const dropDir = db.prepare(
    `DELETE FROM dir WHERE id = ? AND NOT EXISTS (SELECT 1 FROM clip WHERE dir_id = dir.id)
       AND NOT EXISTS (SELECT 1 FROM sidecar WHERE dir_id = dir.id)`,
  );
  const emptied = new Set<number>();
  return {
    remove: (id) => {
      for (const dirId of dirsOf.all({ id })) emptied.add(dirId);
      dropDerived.run(id);
      drop.run(id);
    },
    mayBeEmpty: (dirId) => {
      emptied.add(dirId);
    },
    dropEmptyDirs: () => {
      for (const dirId of emptied) dropDir.run(dirId);
      emptied.clear();
    },
    dropDerived: (id) => {
      dropDerived.run(id);
    },
  };
}

/** A still has no structure to be cut short, and no probe owes us anything about it. */
function contentFlags(file: ClipFile, content: Content): number {
  if (file.kind === 'still') return 0;
  const unreadable = content.media === null ? FLAG_BITS.unreadable : 0;
  return unreadable | (content.complete || content.arbiter ? 0 : FLAG_BITS.truncated);
}

function createFormats(db: Db): (info: MediaInfo) => number {
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

function createCameras(db: Db): (id: string) => number {
  const find = db.prepare<[string], number>('SELECT n FROM camera WHERE id = ?').pluck();
  const kept = new Map<string, number>();
  return (id) => {
    const n = kept.get(id) ?? find.get(id);
    if (n === undefined) throw new Error(`camera ${id} has no row in the index`);
    kept.set(id, n);
    return n;
  };
}

interface KeyFrames {
  set(clipId: number, info: MediaInfo | null): void;
  /** Of a row whose content was another before. */
  replace(clipId: number, info: MediaInfo | null): void;
}

function createKeyFrames(db: Db): KeyFrames {
  const insert = db.prepare('INSERT INTO key_frames VALUES (?, ?)');
  const drop = db.prepare('DELETE FROM key_frames WHERE clip_id = ?');
  const set = (clipId: number, info: MediaInfo | null): void => {
    if (info === null || info.keyFramesMs.length === 0) return;
    const at = Uint32Array.from(info.keyFramesMs, (ms) => Math.max(0, Math.round(ms)));
    insert.run(clipId, Buffer.from(at.buffer));
  };
  return {
    set,
    replace: (clipId, info) => {
      drop.run(clipId);
      set(clipId, info);
    },
  };
}
