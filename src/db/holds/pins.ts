/** Pins of held clips in the index (holds/keep/pins.ts): what was asked for, made, refused, and what is to go. */
import {
  pinDir,
  pinName,
  type LoosePin,
  type PinResult,
  type PinStore,
  type PinTask,
} from '../../holds/keep/pins.ts';
import { LOST_BITS, stateToInt } from '../clips/clip-row.ts';
import { COVERED, coverSearches, touches, type CoverSearch } from '../clips/cover-search.ts';
import { ASKED, FAILED, GOING, MADE, signed, unsigned } from './kept-rows.ts';
import type { Db } from '../open.ts';

const LIVE = stateToInt('live');

interface TaskRow {
  readonly id: number;
  readonly root_n: number;
  readonly root_id: string;
  readonly dir: string;
  readonly name: string;
  readonly ino: string;
}

export function createPinStore(db: Db): PinStore {
  const pinnedUnder = db
    .prepare<[number, bigint, string], number>(
      `SELECT 1 FROM pin WHERE clip_id = +? AND ino = +? AND state = ${String(MADE)}
         AND hold_id IN (SELECT value FROM json_each(?)) LIMIT 1`,
    )
    .pluck();
  const places = db.prepare<[number], { hold_id: string; ino: string }>(
    `SELECT hold_id, CAST(ino AS TEXT) AS ino FROM pin WHERE clip_id = +? AND state = ${String(MADE)}`,
  );
  const made = db
    .prepare<[string], number>(`SELECT count(*) FROM pin WHERE hold_id = ? AND state = ${String(MADE)}`)
    .pluck();
  const slice = db.prepare<
    { hold: string; after: number; limit: number },
    { clip_id: number; ino: string; root_id: string }
  >(
    `SELECT pin.clip_id, CAST(pin.ino AS TEXT) AS ino, root.id AS root_id FROM pin JOIN root ON root.n = pin.root_n
     WHERE pin.hold_id = @hold AND pin.clip_id > @after ORDER BY pin.clip_id LIMIT @limit`,
  );
  const letGo = db.prepare(
    `UPDATE pin SET state = ${String(GOING)} WHERE hold_id = ? AND clip_id = ? AND ino = ?`,
  );
  const forget = db.prepare(
    `DELETE FROM pin WHERE hold_id = ? AND clip_id = ? AND ino = ? AND state = ${String(GOING)}`,
  );
  const each = (statement: typeof letGo, holdId: string, pins: readonly LoosePin[]): void => {
    db.transaction(() => {
      for (const { clipId, ino } of pins) statement.run(holdId, clipId, signed(ino));
    }).immediate();
  };
  return {
    ...createAsking(db),
    covered: createCovered(db),
    places: (clipId) =>
      places.all(clipId).map(({ hold_id, ino }) => {
        return { dir: pinDir(hold_id), name: pinName(clipId, unsigned(ino)) };
      }),
    made: (holdId) => made.get(holdId) ?? 0,
    slice: (hold, after, limit) =>
      slice
        .all({ hold, after, limit })
        .map((row) => ({ clipId: row.clip_id, ino: unsigned(row.ino), rootId: row.root_id })),
    pinnedUnder: (holdIds, { clipId, ino }) =>
      pinnedUnder.get(clipId, signed(ino), JSON.stringify(holdIds)) !== undefined,
    letGo: (holdId, pins) => {
      each(letGo, holdId, pins);
    },
    forget: (holdId, pins) => {
      each(forget, holdId, pins);
    },
  };
}

function createAsking(db: Db): Pick<PinStore, 'ask' | 'answered'> {
  // A clip that lies among the hold's pins is its own.
  const unpinned = db.prepare<{ ids: string; hold: string; own: string; roots: string }, TaskRow>(
    `SELECT clip.id, clip.root_n, root.id AS root_id, dir.path AS dir, clip.name, CAST(clip.ino AS TEXT) AS ino
     FROM clip JOIN dir ON dir.id = clip.dir_id JOIN root ON root.n = clip.root_n
     WHERE clip.id IN (SELECT value FROM json_each(@ids)) AND clip.state = ${String(LIVE)} AND dir.path <> @own
       AND root.id IN (SELECT value FROM json_each(@roots))
       AND NOT EXISTS (SELECT 1 FROM pin WHERE pin.clip_id = clip.id AND pin.hold_id = @hold AND pin.ino = clip.ino
         AND pin.state = ${String(MADE)})`,
  );
  const ask = db.prepare(
    `INSERT INTO pin (clip_id, hold_id, ino, root_n, state) VALUES (?, ?, ?, ?, ${String(ASKED)})
     ON CONFLICT DO UPDATE SET state = ${String(ASKED)}, why = NULL`,
  );
  // FAT gives its files new inodes at every mount, and never a link.
  const outdated = db.prepare(
    `DELETE FROM pin WHERE clip_id = ? AND hold_id = ? AND ino <> ? AND state = ${String(FAILED)}`,
  );
  const settle = db.prepare(
    `UPDATE pin SET state = ?, why = ? WHERE clip_id = ? AND hold_id = ? AND ino = ? AND state = ${String(ASKED)}`,
  );
  const drop = db.prepare(
    `DELETE FROM pin WHERE clip_id = ? AND hold_id = ? AND ino = ? AND state = ${String(ASKED)}`,
  );
  const note = (holdId: string, { clipId, ino, found, errno }: PinResult): void => {
    if (found === 'made') settle.run(MADE, null, clipId, holdId, signed(ino));
    else if (found === 'refused') settle.run(FAILED, errno ?? null, clipId, holdId, signed(ino));
    else drop.run(clipId, holdId, signed(ino));
  };
  return {
    ask: (holdId, clipIds, rootIds) => {
      const [ids, roots] = [JSON.stringify(clipIds), JSON.stringify(rootIds)];
      const find = { ids, roots, hold: holdId, own: pinDir(holdId) };
      // Found and asked for in one transaction, and only when there is something to ask for: a commit is an fsync.
      const rows = db
        .transaction(() => {
          const found = unpinned.all(find);
          for (const row of found) {
            const ino = BigInt(row.ino);
            outdated.run(row.id, holdId, ino);
            ask.run(row.id, holdId, ino, row.root_n);
          }
          return found;
        })
        .immediate();
      const tasks = new Map<string, PinTask[]>();
      for (const [rootId, of] of Map.groupBy(rows, (row) => row.root_id))
        tasks.set(
          rootId,
          of.map(({ id, dir, name, ino }) => ({ clipId: id, dir, name, ino: unsigned(ino) })),
        );
      return tasks;
    },
    answered: (holdId, results) => {
      db.transaction(() => {
        for (const result of results) note(holdId, result);
      }).immediate();
    },
  };
}

function createCovered(db: Db): PinStore['covered'] {
  const cameraN = db.prepare<[string], number>('SELECT n FROM camera WHERE id = ?').pluck();
  const find = db.prepare<CoverSearch, { id: number; intervals: string | null }>(
    `SELECT id, intervals ${COVERED} AND state = ${String(LIVE)}`,
  );
  return (cameraId, window) => {
    const camera = cameraN.get(cameraId);
    if (camera === undefined) return [];
    return coverSearches(camera, window)
      .flatMap((search) => find.all(search))
      .filter((row) => row.intervals === null || touches(row.intervals, window))
      .map((row) => row.id);
  };
}

/** The pins of these clips as belongings that go with them: what may lie on the disk, made or only asked for. */
export function createPinBelongings(db: Db): {
  of(clipIds: string): readonly {
    readonly clip_id: number;
    readonly root_id: string;
    readonly dir: string;
    readonly name: string;
  }[];
  drop(clipIds: string): void;
} {
  const find = db.prepare<[string], { clip_id: number; root_id: string; hold_id: string; ino: string }>(
    `SELECT pin.clip_id, root.id AS root_id, pin.hold_id, CAST(pin.ino AS TEXT) AS ino
     FROM pin JOIN root ON root.n = pin.root_n
     WHERE pin.clip_id IN (SELECT value FROM json_each(?)) AND pin.state <> ${String(FAILED)}`,
  );
  const drop = db.prepare('DELETE FROM pin WHERE clip_id IN (SELECT value FROM json_each(?))');
  return {
    of: (clipIds) =>
      find.all(clipIds).map(({ clip_id, root_id, hold_id, ino }) => {
        return { clip_id, root_id, dir: pinDir(hold_id), name: pinName(clip_id, unsigned(ino)) };
      }),
    drop: (clipIds) => {
      drop.run(clipIds);
    },
  };
}

/**
 * The recorder took the name of a clip away, or gave it to another file: a clip that is pinned lives on under its pin,
 * with its id, its times and its holds. Whether it does. `now`: the inode that has the name now.
 */
export type MoveToPin = (clipId: number, now?: bigint) => boolean;

export function createMoveToPin(db: Db, dirId: (rootN: number, path: string) => number): MoveToPin {
  const find = db.prepare<[number], { hold_id: string; root_n: number; ino: string }>(
    `SELECT pin.hold_id, pin.root_n, CAST(pin.ino AS TEXT) AS ino
     FROM clip JOIN pin ON pin.clip_id = clip.id AND pin.ino = clip.ino AND pin.root_n = clip.root_n
     WHERE clip.id = +? AND clip.state = ${String(LIVE)} AND pin.state = ${String(MADE)} LIMIT 1`,
  );
  const move = db.prepare(
    `UPDATE clip SET dir_id = ?, name = ?, flags = flags & ~${String(LOST_BITS)}, missing_ms = NULL WHERE id = ?`,
  );
  const drop = db.prepare('DELETE FROM pin WHERE clip_id = ? AND hold_id = ? AND ino = ?');
  return (clipId, now) => {
    const pin = find.get(clipId);
    if (pin === undefined) return false;
    const ino = unsigned(pin.ino);
    // Overwritten in place, the pin has the new content too.
    if (ino === now) return false;
    move.run(dirId(pin.root_n, pinDir(pin.hold_id)), pinName(clipId, ino), clipId);
    drop.run(clipId, pin.hold_id, signed(ino));
    return true;
  };
}
