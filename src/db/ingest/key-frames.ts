/** Key frames of clips: where the player may begin. */
import type { MediaInfo } from '../../clips/media-info.ts';
import { manyRows } from '../many-rows.ts';
import type { Db } from '../open.ts';

interface Found {
  /** Undefined: it has no row. */
  readonly clipId: number | undefined;
  /** Null: no probe could read it. */
  readonly info: MediaInfo | null;
}

export interface KeyFrames {
  /** Of rows that are new. */
  add(clips: readonly Found[]): void;
  /** Of a row whose content was another before. */
  replace(clipId: number, info: MediaInfo | null): void;
}

export function createKeyFrames(db: Db): KeyFrames {
  const insert = manyRows(db, 2, (values) => `INSERT INTO key_frames (clip_id, at_ms) ${values}`);
  const drop = db.prepare('DELETE FROM key_frames WHERE clip_id = ?');
  const add = (clips: readonly Found[]): void => {
    const rows = clips.flatMap(({ clipId, info }) =>
      clipId === undefined || info === null || info.keyFramesMs.length === 0
        ? []
        : [[clipId, packed(info.keyFramesMs)]],
    );
    insert(rows);
  };
  return {
    add,
    replace: (clipId, info) => {
      drop.run(clipId);
      add([{ clipId, info }]);
    },
  };
}

/** As `key_frames.at_ms`: unsigned 32-bit, little-endian. */
function packed(ms: readonly number[]): Buffer {
  const out = Buffer.allocUnsafe(ms.length * Uint32Array.BYTES_PER_ELEMENT);
  ms.forEach((at, i) => out.writeUInt32LE(Math.max(0, Math.round(at)), i * Uint32Array.BYTES_PER_ELEMENT));
  return out;
}
