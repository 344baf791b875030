/** What the ingest does to rows apart from a scan: purging, flags, media read later, times reckoned again. */
import type { AuditLog } from '../../audit/log.ts';
import type { Clip } from '../../clips/clip.ts';
import type { IndexWriter, Reckoning, Slice } from '../../clips/index-writer.ts';
import { RELEASE_MS } from '../../clips/times.ts';
import { endFromToInt, FLAG_BITS, flagsToBits } from '../clips/clip-row.ts';
import type { ClipRows } from './clips.ts';
import { HAS_UNHEARD_COPY } from '../holds/kept-rows.ts';
import { finishedTimes, type CoverColumns } from './times.ts';
import type { Db } from '../open.ts';

type Care = Omit<IndexWriter, 'apply'>;

export function createIngestCare(db: Db, tools: { readonly rows: ClipRows; readonly audit: AuditLog }): Care {
  const { rows, audit } = tools;
  const recordings = db.prepare<[string, number], { path: string; name: string }>(
    `SELECT dir.path, clip.name FROM clip INDEXED BY clip_recording JOIN dir ON dir.id = clip.dir_id
     WHERE clip.state = 0 AND clip.root_n = (SELECT n FROM root WHERE id = ?) ORDER BY clip.id LIMIT ?`,
  );
  const directories = db
    .prepare<[string, number], string>(
      'SELECT path FROM dir WHERE root_n = (SELECT n FROM root WHERE id = ?) ORDER BY id DESC LIMIT ?',
    )
    .pluck();
  const clipsOf = db.prepare<[string, number, number], { id: number; recording: number }>(
    `SELECT id, state = 0 AS recording FROM clip
     WHERE root_n = (SELECT n FROM root WHERE id = ?) AND id > ? AND state IN (0, 1) ORDER BY id LIMIT ?`,
  );
  const lastFull = db
    .prepare<[string], number | null>('SELECT last_reconcile_ms FROM root WHERE id = ?')
    .pluck();
  const reconciled = db.prepare('UPDATE root SET last_reconcile_ms = ?, unowned_files = ? WHERE id = ?');
  return {
    recordings: (rootId, limit) =>
      recordings.all(rootId, limit).map(({ path, name }) => (path === '' ? name : `${path}/${name}`)),
    directories: (rootId, limit) => directories.all(rootId, limit),
    clipsOf: (rootId, afterId, limit) =>
      clipsOf.all(rootId, afterId, limit).map(({ id, recording }) => ({ id, recording: recording === 1 })),
    lastFullMs: (rootId) => lastFull.get(rootId) ?? null,
    flagOverlong: createOverlong(db, rows),
    purgeGone: createPurge(db, rows),
    setMedia: (clipId, info) => {
      db.transaction(() => {
        rows.setMedia(clipId, info);
      }).immediate();
    },
    reconciled: (rootId, { wallMs, unownedFiles }) => {
      reconciled.run(wallMs, unownedFiles, rootId);
    },
    recordLoss: (rootId, { clips, held }) => {
      db.transaction(() => {
        audit.append({
          kind: 'clips_missing',
          actor: 'system',
          payload: { root: rootId, clips, held: [...held] },
        });
      }).immediate();
    },
    reckonAgain: createReckoning(db),
  };
}

function createOverlong(db: Db, rows: ClipRows): (beforeMs: number, retentionMs: number) => Clip[] {
  const bit = FLAG_BITS.overlong;
  const find = db
    .prepare<[number, number], number>(
      'SELECT id FROM clip INDEXED BY clip_recording WHERE state = 0 AND first_seen_ms < ? AND flags & ? = 0',
    )
    .pluck();
  // From its start: a file that had grown for days when it was first seen is as old as what it begins with. A start
  // before the product's release is a recorder's missing clock.
  const flag = db.prepare(
    `UPDATE clip SET flags = flags | ?,
       due_ms = iif(start_ms < ${String(RELEASE_MS)}, first_seen_ms, min(start_ms, first_seen_ms)) + ? WHERE id = ?`,
  );
  return (beforeMs, retentionMs) => {
    const ids = find.all(beforeMs, bit);
    if (ids.length === 0) return [];
    db.transaction(() => {
      for (const id of ids) flag.run(bit, retentionMs, id);
    }).immediate();
    return ids.map((id) => rows.clip(id)).filter((clip) => clip !== undefined);
  };
}

/** Its row leads to what may lie in a vault that is away. */
function createPurge(db: Db, rows: ClipRows): (nowMs: number, limit: number) => number {
  const due = db
    .prepare<[number, number], number>(
      `SELECT id FROM clip INDEXED BY clip_gone WHERE state = 3 AND due_ms <= ? AND NOT ${HAS_UNHEARD_COPY} LIMIT ?`,
    )
    .pluck();
  return (nowMs, limit) => {
    const ids = due.all(nowMs, limit);
    if (ids.length === 0) return 0;
    db.transaction(() => {
      for (const id of ids) rows.remove(id);
      rows.dropEmptyDirs();
    }).immediate();
    return ids.length;
  };
}

interface AgainRow extends CoverColumns {
  readonly id: number;
  readonly path: string;
  readonly name: string;
  readonly mtime_ms: number;
  readonly duration_ms: number | null;
  readonly finished_ms: number;
}

function createReckoning(db: Db): (rootId: string, slice: Slice, at: Reckoning) => number | undefined {
  const page = db.prepare<[string, number, number], AgainRow>(
    `SELECT clip.id, dir.path, clip.name, clip.mtime_ns / 1000000 AS mtime_ms, clip.duration_ms, clip.finished_ms,
       clip.cover_from_ms, clip.cover_to_ms, clip.intervals
     FROM clip JOIN dir ON dir.id = clip.dir_id
     WHERE clip.root_n = (SELECT n FROM root WHERE id = ?) AND clip.id > ? AND clip.state = 1 ORDER BY clip.id LIMIT ?`,
  );
  const update = db.prepare(
    `UPDATE clip SET start_ms = @startMs, end_ms = @endMs, end_from = @endFrom, cover_from_ms = @coverFromMs,
       cover_to_ms = @coverToMs, cover_class = @coverClass, intervals = @intervals, due_ms = @dueMs, parked = 0,
       flags = (flags & ~@datingFlags) | @flags WHERE id = @id AND state = 1`,
  );
  const datingFlags = flagsToBits(['time_disagrees', 'undatable']);
  const again = (row: AgainRow, read: Slice['read'], at: Reckoning): void => {
    const reading = read(row.path === '' ? row.name : `${row.path}/${row.name}`);
    if (reading === undefined || reading.startsMs.length === 0) return;
    const file = {
      ...reading,
      statedLengthMs: row.duration_ms ?? reading.lengthMs,
      within: reading.within ?? null,
      mtimeNs: BigInt(row.mtime_ms) * 1_000_000n,
    };
    const reckoned = finishedTimes(file, { media: null }, { ...at, nowMs: row.finished_ms, before: row });
    if (reckoned.endFrom === endFromToInt('name')) update.run({ ...reckoned, datingFlags, id: row.id });
  };
  return (rootId, { afterId, limit, read }, at) =>
    db
      .transaction(() => {
        const rows = page.all(rootId, afterId, limit);
        for (const row of rows) again(row, read, at);
        return rows.at(-1)?.id;
      })
      .immediate();
}
