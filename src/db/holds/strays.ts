/** Strays in the index (holds/keep/strays.ts): what no row leads to, the list of what was found, and its deletion. */
import type { AuditLog } from '../../audit/log.ts';
import { readKept, type KeptName, type StrayFile, type StrayStore } from '../../holds/keep/strays.ts';
import type { FileEnd } from '../../retention/file-protocol.ts';
import { stateToInt } from '../clips/clip-row.ts';
import { FOUND } from './copy-found.ts';
import { ASKED, FAILED, MADE, signed } from './kept-rows.ts';
import type { Db } from '../open.ts';
import { hashPath, pathKeyOf } from '../retention/sweep.ts';

const LIVE = String(stateToInt('live'));
const ROOT = '(SELECT n FROM root WHERE id = @root)';
const GONE: readonly FileEnd['outcome'][] = ['deleted', 'deleted_recovered', 'already_gone'];

interface Row {
  readonly path: string;
  readonly size_bytes: number;
}

/** The records name files by salted hash. */
export function createStrayStore(db: Db, audit: AuditLog): StrayStore {
  const isKnown = createKnown(db);
  const one = db.prepare<{ root: string; path: string }, Row>(
    `SELECT path, size_bytes FROM stray WHERE root_n = ${ROOT} AND path = @path AND intent_seq IS NULL`,
  );
  const mark = db.prepare(`UPDATE stray SET intent_seq = @seq WHERE root_n = ${ROOT} AND path = @path`);
  const free = db.prepare(`UPDATE stray SET intent_seq = NULL WHERE root_n = ${ROOT} AND path = @path`);
  const drop = db.prepare(`DELETE FROM stray WHERE root_n = ${ROOT} AND path = @path`);
  const unfinished = db
    .prepare<{ root: string }, number>(
      `SELECT DISTINCT intent_seq FROM stray WHERE root_n = ${ROOT} AND intent_seq IS NOT NULL ORDER BY intent_seq`,
    )
    .pluck();
  const pending = db.prepare<{ root: string; seq: number }, Row>(
    `SELECT path, size_bytes FROM stray WHERE root_n = ${ROOT} AND intent_seq = @seq ORDER BY path`,
  );
  const key = pathKeyOf(db);
  const hash = (root: string, path: string): string => hashPath(key(), root, path).toString('hex');
  return {
    ...createFinding(db),
    unknown: (root, dir, names) => names.filter((name) => !isKnown(root, dir, name)),
    begin: (root, paths, judge) =>
      db
        .transaction(() => {
          const taken = paths.filter((path) => {
            const row = one.get({ root, path });
            const cut = path.lastIndexOf('/');
            return row && !isKnown(root, path.slice(0, cut), path.slice(cut + 1)) && judge(toFile(row));
          });
          if (taken.length === 0) return undefined;
          const files = taken.map((path) => hash(root, path));
          const seq = audit.append({ kind: 'stray_intent', actor: 'system', payload: { root, files } });
          for (const path of taken) mark.run({ root, path, seq });
          return seq;
        })
        .immediate(),
    unfinished: (root) => unfinished.all({ root }),
    pending: (root, seq) => pending.all({ root, seq }).map(toFile),
    finish: (root, intent, ends) => {
      db.transaction(() => {
        const sizes = new Map(pending.all({ root, seq: intent }).map((r) => [r.path, r.size_bytes]));
        const files = ends.map(({ path, outcome, linksLeft }) => {
          return { file: hash(root, path), size: sizes.get(path) ?? 0, outcome, linksLeft };
        });
        const deleted = ends.filter((e) => GONE.includes(e.outcome)).length;
        audit.append({ kind: 'stray_done', actor: 'system', payload: { root, intent, deleted, files } });
        for (const { path, outcome } of ends) (GONE.includes(outcome) ? drop : free).run({ root, path });
      }).immediate();
    },
  };
}

function createFinding(db: Db): Pick<StrayStore, 'clipWith' | 'copied' | 'adopt' | 'note' | 'counts'> {
  const clipWith = db
    .prepare<{ root: string; ino: bigint }, number>(
      `SELECT id FROM clip INDEXED BY clip_ino WHERE root_n = ${ROOT} AND ino = @ino AND state = ${LIVE} LIMIT 1`,
    )
    .pluck();
  const copied = db
    .prepare<[number], number>(
      `SELECT 1 FROM copy JOIN clip ON clip.id = copy.clip_id AND clip.size_bytes = copy.size_bytes
       WHERE copy.clip_id = +? AND copy.state = ${String(MADE)} AND copy.found IS NOT ${String(FOUND.altered)} LIMIT 1`,
    )
    .pluck();
  // What is made or on its way out stays as it is; what was refused is there after all.
  const adopt = db.prepare(
    `INSERT INTO pin (clip_id, hold_id, ino, root_n, state) VALUES (@clipId, @holdId, @ino, ${ROOT}, ${String(ASKED)})
     ON CONFLICT DO UPDATE SET state = ${String(ASKED)}, why = NULL WHERE state = ${String(FAILED)}`,
  );
  const all = db.prepare<{ root: string }, { path: string; intent_seq: number | null }>(
    `SELECT path, intent_seq FROM stray WHERE root_n = ${ROOT}`,
  );
  const put = db.prepare(
    `INSERT INTO stray (root_n, path, size_bytes, seen_ms) VALUES (${ROOT}, @path, @sizeBytes, @nowMs)
     ON CONFLICT DO UPDATE SET size_bytes = excluded.size_bytes WHERE size_bytes <> excluded.size_bytes`,
  );
  const drop = db.prepare(`DELETE FROM stray WHERE root_n = ${ROOT} AND path = @path AND intent_seq IS NULL`);
  const counts = db.prepare<{ root: string }, { files: number; bytes: number }>(
    `SELECT count(*) AS files, coalesce(sum(size_bytes), 0) AS bytes FROM stray WHERE root_n = ${ROOT}`,
  );
  return {
    clipWith: (root, ino) => clipWith.get({ root, ino: signed(ino) }),
    copied: (clipId) => copied.get(clipId) !== undefined,
    adopt: (root, holdId, pins) => {
      db.transaction(() => {
        for (const { clipId, ino } of pins) adopt.run({ root, clipId, holdId, ino: signed(ino) });
      }).immediate();
    },
    note: (root, files, nowMs) => {
      db.transaction(() => {
        const found = new Set(files.map((f) => f.path));
        for (const { path } of all.all({ root })) if (!found.has(path)) drop.run({ root, path });
        for (const { path, sizeBytes } of files) put.run({ root, path, sizeBytes, nowMs });
      }).immediate();
    },
    counts: (root) => counts.get({ root }) ?? { files: 0, bytes: 0 },
  };
}

/** Whether the row of a pin, of a copy or of a clip leads to a name. */
function createKnown(db: Db): (root: string, dir: string, name: string) => boolean {
  const pin = db
    .prepare<Record<string, string | number | bigint>, number>(
      `SELECT 1 FROM pin WHERE clip_id = @clipId AND hold_id = @holdId AND ino = @ino AND root_n = ${ROOT}`,
    )
    .pluck();
  const copy = db
    .prepare<Record<string, string | number | bigint>, number>(
      `SELECT 1 FROM copy WHERE clip_id = @clipId AND source_ino = @ino AND root_n = ${ROOT}
         AND source_n = (SELECT n FROM root WHERE id = @source)`,
    )
    .pluck();
  const clip = db
    .prepare<{ root: string; dir: string; name: string }, number>(
      `SELECT 1 FROM dir CROSS JOIN clip ON clip.dir_id = dir.id AND clip.name = @name
       WHERE dir.root_n = ${ROOT} AND dir.path = @dir`,
    )
    .pluck();
  const rowOf = (root: string, kept: KeptName): number | undefined => {
    if (kept.is === 'other') return undefined;
    const { clipId } = kept;
    if (kept.is === 'pin') return pin.get({ root, clipId, holdId: kept.holdId, ino: signed(kept.ino) });
    return copy.get({ root, clipId, ino: signed(kept.sourceIno), source: kept.sourceId ?? root });
  };
  return (root, dir, name) =>
    rowOf(root, readKept(dir, name)) !== undefined || clip.get({ root, dir, name }) !== undefined;
}

function toFile(row: Row): StrayFile {
  return { path: row.path, sizeBytes: row.size_bytes };
}
