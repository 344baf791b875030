/** Rows of clips as the ingest writes them: inserting, settling, replacing. Runs inside the batch's transaction. */
import type { Put } from '../../clips/change.ts';
import type { Clip } from '../../clips/clip.ts';
import type { Reckoning } from '../../clips/index-writer.ts';
import type { MediaInfo } from '../../clips/media-info.ts';
import { CLIP_COLUMNS, CLIP_TABLES, FLAG_BITS, rowToClip, type ClipRow } from '../clips/clip-row.ts';
import { createColumns, createFormats, roundedLength } from './columns.ts';
import { createInsertion, type Placed } from './insert.ts';
import { createKeyFrames } from './key-frames.ts';
import type { CoverColumns } from './times.ts';
import { createTwins } from './twin.ts';
import type { Db } from '../open.ts';

/** A row that goes on or is finished starts over: nothing that was said of its former content stays. */
const UPDATE = `UPDATE clip SET state = @state, start_ms = @startMs, end_ms = @endMs, end_from = @endFrom,
    cover_from_ms = @coverFromMs, cover_to_ms = @coverToMs, cover_class = @coverClass, intervals = @intervals,
    due_ms = iif(@state = 0 AND state = 0, due_ms, @dueMs), finished_ms = @finishedMs, duration_ms = @durationMs, size_bytes = @sizeBytes, ino = @ino,
    mtime_ns = @mtimeNs, fingerprint = @fingerprint, format_id = @formatId,
    flags = @flags | (flags & ${String(FLAG_BITS.overlong)}), parked = 0, fail_count = 0, retry_ms = NULL, missing_ms = NULL
  WHERE id = @id`;

export interface ClipRows {
  /** Must be called before anything else is done of a batch. */
  startBatch(rootN: number): void;
  /** The ids of the new rows, in order; undefined for a name that has a row already. */
  insert(
    puts: readonly Placed[],
    at: Reckoning & { readonly rootN: number },
  ): readonly (number | undefined)[];
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
  const update = db.prepare(UPDATE);
  const byId = db.prepare<[number], ClipRow>(`SELECT ${CLIP_COLUMNS} FROM ${CLIP_TABLES} WHERE clip.id = +?`);
  const setMedia = db.prepare(
    `UPDATE clip SET format_id = ?, duration_ms = coalesce(duration_ms, ?), flags = flags & ~${String(FLAG_BITS.unreadable)} WHERE id = ?`,
  );
  const formatOf = db.prepare<[number], Format>(
    `SELECT container, video_codec AS videoCodec, width_px AS widthPx, height_px AS heightPx,
       frame_rate_milli AS frameRateMilli, audio_codec AS audioCodec, fragmented
     FROM media_format JOIN clip ON clip.format_id = media_format.id WHERE clip.id = ?`,
  );
  const formatId = createFormats(db);
  const columns = createColumns(formatId);
  const keyFrames = createKeyFrames(db);
  const twins = createTwins(db);
  const insert = createInsertion(db, { columns, keyFrames });
  return {
    startBatch: (rootN) => {
      twins.startBatch(rootN);
    },
    insert: (puts, at) => {
      const ids = insert(puts, at);
      for (const [i, { put }] of puts.entries()) twins.unite(ids[i], put);
      return ids;
    },
    update: (id, put, at) => {
      update.run({ ...columns(put, at), id });
      twins.unite(id, put);
      keyFrames.replace(id, put.content?.media ?? null);
    },
    ...createRemoval(db),
    clip: (id) => {
      const row = byId.get(id);
      return row && rowToClip(row);
    },
    setMedia: (id, info) => {
      const ours = formatOf.get(id);
      setMedia.run(formatId(ours === undefined ? info : joined(ours, info)), roundedLength(info), id);
      if (info.keyFramesMs.length > 0) keyFrames.replace(id, info);
    },
  };
}

/** A row of media_format, in which '' and 0 are unknown. */
interface Format {
  readonly container: string;
  readonly videoCodec: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameRateMilli: number;
  readonly audioCodec: string;
  readonly fragmented: number;
}

/** What the probe in process found, and of ffprobe's word what it did not. */
function joined(ours: Format, theirs: MediaInfo): MediaInfo {
  const sized = ours.widthPx > 0 && ours.heightPx > 0;
  return {
    ...theirs,
    container: ours.container,
    videoCodec: ours.videoCodec || theirs.videoCodec,
    widthPx: sized ? ours.widthPx : theirs.widthPx,
    heightPx: sized ? ours.heightPx : theirs.heightPx,
    frameRate: ours.frameRateMilli > 0 ? ours.frameRateMilli / 1000 : theirs.frameRate,
    audioCodec: ours.audioCodec || theirs.audioCodec,
    fragmented: ours.fragmented === 1,
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
