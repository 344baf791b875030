/** Copies of held clips that are read again (holds/keep/verifier.ts). */
import type { CopyReading } from '../../holds/keep/copies.ts';
import type { ReadingStore } from '../../holds/keep/verifier.ts';
import { FOUND } from './copy-found.ts';
import { COPIED } from './inspections.ts';
import { COPY_AT, signed, unsigned } from './kept-rows.ts';
import type { Db } from '../open.ts';

const THIS =
  'clip_id = @clipId AND source_ino = @sourceIno AND root_n = (SELECT n FROM root WHERE id = @placeId)';
interface Key {
  readonly clipId: number;
  readonly sourceIno: bigint;
  readonly placeId: string;
}

export function createReadingStore(db: Db): ReadingStore {
  const toRead = db.prepare<
    { roots: string; before: number; limit: number },
    { clip_id: number; source_ino: string; place_id: string; dir: string; size_bytes: number }
  >(
    `SELECT copy.clip_id, CAST(copy.source_ino AS TEXT) AS source_ino, root.id AS place_id,
       ${COPY_AT} AS dir, copy.size_bytes
     FROM copy INDEXED BY copy_read JOIN root ON root.n = copy.root_n
     WHERE ${COPIED} AND coalesce(copy.read_ms, copy.made_ms) <= @before
       AND root.id IN (SELECT value FROM json_each(@roots))
     ORDER BY coalesce(copy.read_ms, copy.made_ms) LIMIT @limit`,
  );
  const hash = db.prepare<Key, Buffer>(`SELECT sha256 FROM copy WHERE ${THIS} AND ${COPIED}`).pluck();
  // Somebody may have touched it: its content is what counts.
  const same = db.prepare(`UPDATE copy SET read_ms = @atMs, ino = @ino, mtime_ns = @mtimeNs WHERE ${THIS}`);
  const altered = db.prepare(
    `UPDATE copy SET read_ms = @atMs, found = ${String(FOUND.altered)}, found_ms = @atMs, found_why = NULL
     WHERE ${THIS}`,
  );
  const wasRead = (placeId: string, reading: CopyReading, atMs: number): boolean => {
    const key = { clipId: reading.clipId, sourceIno: signed(reading.sourceIno), placeId };
    const known = hash.get(key);
    // It went meanwhile, or is being made anew.
    if (known === undefined) return true;
    if (reading.found !== 'read' || reading.sha256 !== known.toString('hex')) {
      altered.run({ ...key, atMs });
      return false;
    }
    same.run({ ...key, atMs, ino: signed(reading.ino), mtimeNs: reading.mtimeNs });
    return true;
  };
  return {
    toRead: (roots, before, limit) =>
      toRead.all({ roots: JSON.stringify(roots), before, limit }).map((row) => ({
        clipId: row.clip_id,
        sourceIno: unsigned(row.source_ino),
        placeId: row.place_id,
        dir: row.dir,
        sizeBytes: row.size_bytes,
      })),
    wasRead: (placeId, reading, atMs) => db.transaction(() => wasRead(placeId, reading, atMs)).immediate(),
  };
}
