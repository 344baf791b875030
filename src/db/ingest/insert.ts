/** New clips into the index, many at a time: a first index has a hundred thousand of them. */
import type { Put } from '../../clips/change.ts';
import type { Reckoning } from '../../clips/index-writer.ts';
import { kindToInt } from '../clips/clip-row.ts';
import type { ColumnsOf } from './columns.ts';
import type { KeyFrames } from './key-frames.ts';
import { manyRows, type Inserted, type Values } from '../many-rows.ts';
import type { Db } from '../open.ts';

/** In the order of `valuesOf`. */
const COLUMNS = [
  ...['dir_id', 'name', 'root_n', 'camera_n', 'kind', 'state'],
  ...['start_ms', 'end_ms', 'end_from', 'cover_from_ms', 'cover_to_ms', 'cover_class', 'intervals'],
  ...['due_ms', 'first_seen_ms', 'finished_ms', 'duration_ms'],
  ...['size_bytes', 'ino', 'mtime_ns', 'fingerprint', 'format_id', 'flags'],
];

/** A finding of a new name, and the row of its directory. */
export interface Placed {
  readonly put: Put;
  readonly dirId: number;
}

type Insertion = (
  puts: readonly Placed[],
  at: Reckoning & { readonly rootN: number },
) => readonly (number | undefined)[];

/** Inserts clips with their key frames. The ids in order; undefined where the name had a row already. */
export function createInsertion(
  db: Db,
  { columns, keyFrames }: { readonly columns: ColumnsOf; readonly keyFrames: KeyFrames },
): Insertion {
  const cameraN = createCameras(db);
  const insert = manyRows(
    db,
    COLUMNS.length,
    (values) => `INSERT INTO clip (${COLUMNS.join(', ')}) ${values} ON CONFLICT (dir_id, name) DO NOTHING`,
  );
  const idsOf = createIds(db);
  const valuesOf = ({ put, dirId }: Placed, at: Reckoning & { readonly rootN: number }): Values => {
    const c = columns(put, at);
    return [
      ...[dirId, put.file.name, at.rootN, cameraN(put.file.cameraId), kindToInt(put.file.kind), c.state],
      ...[c.startMs, c.endMs, c.endFrom, c.coverFromMs, c.coverToMs, c.coverClass, c.intervals],
      ...[c.dueMs, at.nowMs, c.finishedMs, c.durationMs],
      ...[c.sizeBytes, c.ino, c.mtimeNs, c.fingerprint, c.formatId, c.flags],
    ];
  };
  return (puts, at) => {
    let newest = idsOf.newest();
    const ids = insert(puts.map((placed) => valuesOf(placed, at))).flatMap((inserted) => {
      const its = idsOf.of(puts.slice(inserted.from, inserted.to), inserted, newest);
      if (inserted.changes > 0) newest = inserted.lastId;
      return its;
    });
    keyFrames.add(puts.map(({ put }, i) => ({ clipId: ids[i], info: put.content?.media ?? null })));
    return ids;
  };
}

interface Ids {
  /** The highest id that was ever given. */
  newest(): number;
  /** The ids of rows that were given to one statement; undefined for a name that had a row before (`newest` of then). */
  of(
    puts: readonly Placed[],
    inserted: Pick<Inserted, 'changes' | 'lastId'>,
    newest: number,
  ): (number | undefined)[];
}

/**
 * Ids ascend in the order of VALUES, since none is given twice (AUTOINCREMENT): when all rows went in they are known.
 * Asked for by RETURNING they would cost a tenth of a first index.
 */
function createIds(db: Db): Ids {
  const newest = db.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'clip'").pluck();
  const find = db
    .prepare<[number, string], number>('SELECT id FROM clip WHERE dir_id = ? AND name = ?')
    .pluck();
  return {
    newest: () => newest.get() ?? 0,
    of: (puts, { changes, lastId }, before) => {
      if (changes === puts.length) return puts.map((_, i) => lastId - puts.length + 1 + i);
      const seen = new Set<number>();
      return puts.map(({ put, dirId }) => {
        const id = find.get(dirId, put.file.name);
        const isNew = id !== undefined && id > before && !seen.has(id); // a name that came twice has one row
        if (isNew) seen.add(id);
        return isNew ? id : undefined;
      });
    },
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
