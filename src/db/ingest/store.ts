/**
 * Applying what the scan found (clips/change.ts): one transaction per batch. Each change is checked against its row as
 * it is now; one that does not fit any more (the sweep took the clip meanwhile) is left to the next look.
 */
import type { AuditLog } from '../../audit/log.ts';
import type { Change, Put } from '../../clips/change.ts';
import type { Clip } from '../../clips/clip.ts';
import type { Applied, IndexWriter, Reckoning } from '../../clips/index-writer.ts';
import { FLAG_BITS, LOST_BITS, stateToInt } from '../clips/clip-row.ts';
import { createAwaitsWord, type AwaitsWord } from '../holds/awaited.ts';
import { createMoveToCopy } from '../holds/copies.ts';
import { createIngestCare } from './care.ts';
import { createClipRows, type ClipRows } from './clips.ts';
import { createNames, type Names } from './names.ts';
import { createMove } from './move.ts';
import { createReturns, type Returns } from './returns.ts';
import { widened, type CoverColumns } from './times.ts';
import type { Db } from '../open.ts';
import { createMoveToPin } from '../holds/pins.ts';

export interface IngestDeps {
  readonly db: Db;
  readonly audit: AuditLog;
}

/** Makes the index's side of the ingest. The rows of roots and cameras exist already (db/roots.ts). */
export function createIndexWriter({ db, audit }: IngestDeps): IndexWriter {
  const rows = createClipRows(db);
  const names = createNames(db, (dirId) => {
    rows.mayBeEmpty(dirId);
  });
  const apply = createApply(db, { rows, names, audit });
  return {
    ...createIngestCare(db, { rows, audit }),
    apply: (rootId, changes, at) => db.transaction(() => apply(rootId, changes, at)).immediate(),
  };
}

/** New names written together. */
const MAX_RUN = 50;

const ROW = 'SELECT id, state, cover_from_ms, cover_to_ms, intervals, duration_ms FROM clip WHERE id = ?';
const RECORDING = stateToInt('recording');
const DELETING = stateToInt('deleting');

interface Row extends CoverColumns {
  readonly id: number;
  readonly state: number;
  readonly duration_ms: number | null;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K] };

/** A batch being applied. */
interface Batch {
  readonly rootId: string;
  readonly rootN: number;
  readonly at: Reckoning;
  readonly applied: Mutable<Applied>;
}

type Appliers = { readonly [K in Change['is']]: (change: Extract<Change, { is: K }>, batch: Batch) => void };

function createApply(
  db: Db,
  tools: { readonly rows: ClipRows; readonly names: Names; readonly audit: AuditLog },
): (rootId: string, changes: Iterable<Change>, at: Reckoning) => Applied {
  const { names } = tools;
  const returns = createReturns(db, tools.audit);
  const moveToKept = createMoveToKept(db, names);
  const kept = { moveToKept, awaitsWord: createAwaitsWord(db) };
  const puts = createPuts(db, { ...tools, ...kept, returns });
  const appliers: Appliers = {
    put: puts.put,
    ...createReappearances(db, tools),
    ...createLosses(db, { ...tools, ...kept }),
    ...names.appliers,
  };
  return (rootId, changes, at) => {
    const applied = {
      added: [],
      finished: [],
      forArbiter: [],
      contentChanged: [],
      missing: [],
      gone: [],
      returned: [],
    } satisfies Mutable<Applied>;
    const batch: Batch = { rootId, rootN: names.rootN(rootId), at, applied };
    names.startBatch();
    returns.startBatch();
    tools.rows.startBatch(batch.rootN);
    for (const run of runsOf(changes)) {
      if (run.is === 'new') puts.insert(run.puts, batch);
      else (appliers[run.change.is] as (change: Change, batch: Batch) => void)(run.change, batch);
    }
    returns.record(rootId, applied.returned);
    tools.rows.dropEmptyDirs();
    return applied;
  };
}

/** What is known of a clip goes over to its pin or its copy; false when it has neither. `now`: as MoveToPin. */
type MoveToKept = (clipId: number, now?: bigint) => boolean;

function createMoveToKept(db: Db, names: Names): MoveToKept {
  const dirId = (rootN: number, path: string): number => names.dirId(rootN, path);
  const [toPin, toCopy] = [createMoveToPin(db, dirId), createMoveToCopy(db, dirId)];
  // The copy first: it is what was hashed, and the recorder may have truncated the file, and with it the pin.
  return (clipId, now) => toCopy(clipId, false) || toPin(clipId, now) || toCopy(clipId, true);
}

type Run = { readonly is: 'new'; readonly puts: Put[] } | { readonly is: 'one'; readonly change: Change };

/** Changes in their order; new names that follow one another together, as many as the index takes at once. */
function* runsOf(changes: Iterable<Change>): Generator<Run> {
  let puts: Put[] = [];
  for (const change of changes) {
    const isNew = change.is === 'put' && change.how === 'new';
    if (isNew) puts.push(change);
    if (puts.length > 0 && (!isNew || puts.length === MAX_RUN)) {
      yield { is: 'new', puts };
      puts = [];
    }
    if (!isNew) yield { is: 'one', change };
  }
  if (puts.length > 0) yield { is: 'new', puts };
}

interface Puts {
  readonly put: Appliers['put'];
  /** Findings of names that were new to the scan. */
  insert(puts: readonly Put[], batch: Batch): void;
}

function createPuts(
  db: Db,
  tools: {
    readonly rows: ClipRows;
    readonly names: Names;
    readonly returns: Returns;
    readonly moveToKept: MoveToKept;
    readonly awaitsWord: AwaitsWord;
  },
): Puts {
  const { rows, names, returns, moveToKept, awaitsWord } = tools;
  const rowOf = db.prepare<[number], Row>(ROW);
  const sidecarsOf = db.prepare<[number], { dir_id: number; name: string }>(
    'SELECT dir_id, name FROM sidecar WHERE clip_id = ?',
  );
  const addSidecar = db.prepare('INSERT INTO sidecar (clip_id, dir_id, name) VALUES (?, ?, ?)');
  const insertAll = (
    puts: readonly Put[],
    { at, rootN, applied }: Batch,
  ): readonly (number | undefined)[] => {
    const placed = puts.map((put) => ({ put, dirId: names.dirId(rootN, put.file.dir) }));
    const ids = rows.insert(placed, { ...at, rootN });
    applied.added.push(...ids.filter((id) => id !== undefined));
    return ids;
  };
  /** Other content is another clip, with an id of its own: nothing that was said of the old one is true of it. */
  const replace = (row: Row, put: Put, batch: Batch): number | undefined => {
    const sidecars = sidecarsOf.all(row.id);
    if (!moveToKept(row.id, put.file.ino)) rows.remove(row.id);
    const [id] = insertAll([put], batch);
    if (id !== undefined) for (const s of sidecars) addSidecar.run(id, s.dir_id, s.name);
    return id;
  };
  const existing = (put: Put, batch: Batch): number | undefined => {
    const row = put.clipId === null ? undefined : rowOf.get(put.clipId);
    if (row === undefined || row.state === DELETING) return undefined;
    // Under its link, or as its copy, if there is one, the clip lives on.
    if (put.how === 'replaced' && awaitsWord(row.id, { nowMs: batch.at.nowMs, now: put.file.ino })) {
      names.listAgain(row.id);
      return undefined;
    }
    const was = row.state === RECORDING ? undefined : rows.clip(row.id);
    if (was !== undefined) batch.applied.contentChanged.push(was);
    if (put.how === 'replaced') return replace(row, put, batch);
    if (was !== undefined) rows.dropDerived(row.id);
    rows.update(row.id, put, { ...batch.at, before: row });
    return row.id;
  };
  const note = (id: number | undefined, { file, content }: Put, batch: Batch): void => {
    if (id === undefined || content === null) return;
    batch.applied.finished.push(id);
    if (content.arbiter) batch.applied.forArbiter.push(id);
    if (returns.makeDue(id, file, batch)) batch.applied.returned.push(id);
  };
  return {
    insert: (puts, batch) => {
      const ids = insertAll(puts, batch);
      for (const [i, put] of puts.entries()) note(ids[i], put, batch);
    },
    put: (put, batch) => {
      note(existing(put, batch), put, batch);
    },
  };
}

function createReappearances(
  db: Db,
  { rows }: { readonly rows: ClipRows },
): Pick<Appliers, 'touched' | 'back' | 'moved'> {
  const rowOf = db.prepare<[number], Row>(ROW);
  const touch = db.prepare(
    `UPDATE clip SET ino = @ino, mtime_ns = @mtimeNs, cover_from_ms = @coverFromMs, cover_to_ms = @coverToMs,
       cover_class = @coverClass, intervals = @intervals, state = 1, flags = flags & ~@lost, missing_ms = NULL
     WHERE id = @id AND state IN (1, 3)`,
  );
  const back = db.prepare(
    'UPDATE clip SET state = 1, flags = flags & ~?, missing_ms = NULL WHERE id = ? AND state IN (1, 3)',
  );
  const move = createMove(db, rows);
  return {
    touched: ({ clipId, file }, { at }) => {
      const row = rowOf.get(clipId);
      if (row === undefined) return;
      const lengthMs = row.duration_ms ?? file.statedLengthMs;
      const cover = widened(file, { ...at, before: row, lengthMs });
      const { mtimeNs } = file;
      touch.run({ ...cover, ino: BigInt.asIntN(64, file.ino), mtimeNs, id: clipId, lost: LOST_BITS });
    },
    back: ({ clipId }) => {
      back.run(LOST_BITS, clipId);
    },
    moved: ({ fromId, toId }) => {
      move(fromId, toId);
    },
  };
}

function createLosses(
  db: Db,
  tools: {
    readonly rows: ClipRows;
    readonly moveToKept: MoveToKept;
    readonly awaitsWord: AwaitsWord;
  },
): Pick<Appliers, 'vanished' | 'missing'> {
  const { rows, moveToKept, awaitsWord } = tools;
  const isRecording = db.prepare<[number], number>('SELECT 1 FROM clip WHERE id = ? AND state = 0').pluck();
  const lost = db.prepare(
    'UPDATE clip SET missing_ms = @wallMs, flags = (flags & ~@clear) | @set WHERE id = @id AND state = 1',
  );
  const gone = db.prepare('UPDATE clip SET state = 3, flags = (flags & ~?) | ? WHERE id = ? AND state = 1');
  const dirOf = db.prepare<[number], number>('SELECT dir_id FROM clip WHERE id = ?').pluck();
  const listAgain = db.prepare(
    'UPDATE dir SET scan_mtime_ns = NULL WHERE id = (SELECT dir_id FROM clip WHERE id = ?)',
  );
  const live = (id: number): Clip | undefined => {
    const clip = rows.clip(id);
    return clip?.state === 'live' ? clip : undefined;
  };
  return {
    vanished: ({ clipId }) => {
      if (isRecording.get(clipId) !== undefined) rows.remove(clipId);
    },
    missing: ({ clipId, as }, { at, applied }) => {
      const clip = live(clipId);
      if (clip === undefined) return;
      if (as === 'gone' && awaitsWord(clipId, at)) {
        listAgain.run(clipId);
        return;
      }
      if (as === 'gone') {
        applied.gone.push(clip);
        const dirId = dirOf.get(clipId);
        if (moveToKept(clipId)) {
          if (dirId !== undefined) rows.mayBeEmpty(dirId);
          return;
        }
        gone.run(FLAG_BITS.lost_once, FLAG_BITS.missing, clipId);
        rows.dropDerived(clipId);
        return;
      }
      const [clear, set] =
        as === 'once' ? [0, FLAG_BITS.lost_once] : [FLAG_BITS.lost_once, FLAG_BITS.missing];
      lost.run({ wallMs: at.wallMs, clear, set, id: clipId });
      listAgain.run(clipId);
      if (as === 'twice') applied.missing.push(clip);
    },
  };
}
