/** Files nobody owns in the index: the list for people, the rules of the sources, and their deletion. */
import type { AuditLog } from '../../audit/log.ts';
import { FortnightError } from '../../base/errors.ts';
import type { UnownedReason } from '../../clips/change.ts';
import { DELETABLE, type UnownedFile } from '../../retention/unowned-rule.ts';
import type { FileEnd } from '../../retention/file-protocol.ts';
import type { UnownedRule, UnownedStore } from '../../retention/unowned-sweep.ts';
import type { Db } from '../open.ts';
import { hashPath, pathKeyOf } from './sweep.ts';

interface Row {
  readonly path: string;
  readonly reason: UnownedReason;
  readonly size_bytes: number;
  readonly seen_ms: number;
}

const ROOT = '(SELECT n FROM root WHERE id = @root)';
const COLUMNS = 'path, reason, size_bytes, seen_ms';
const GONE: readonly FileEnd['outcome'][] = ['deleted', 'deleted_recovered', 'already_gone'];

/** The terminal record names at most a batch of files, by salted hash. */
export function createUnownedStore(db: Db, audit: AuditLog): UnownedStore {
  const deletable = DELETABLE.map((r) => `'${r}'`).join(',');
  const candidates = db.prepare<Record<string, string | number>, Row>(
    `SELECT ${COLUMNS} FROM unowned WHERE root_n = ${ROOT} AND path > @afterPath AND intent_seq IS NULL
       AND seen_ms <= @seenMs AND (retry_ms IS NULL OR retry_ms <= @nowMs) AND reason IN (${deletable})
     ORDER BY path LIMIT @limit`,
  );
  const one = db.prepare<{ root: string; path: string }, Row>(
    `SELECT ${COLUMNS} FROM unowned WHERE root_n = ${ROOT} AND path = @path AND intent_seq IS NULL
       AND reason IN (${deletable})`,
  );
  const mark = db.prepare('UPDATE unowned SET intent_seq = @seq WHERE path = @path AND root_n = ' + ROOT);
  const free = db.prepare(
    `UPDATE unowned SET intent_seq = NULL, retry_ms = @retryMs WHERE path = @path AND root_n = ${ROOT}`,
  );
  const drop = db.prepare(`DELETE FROM unowned WHERE path = @path AND root_n = ${ROOT}`);
  const unfinished = db
    .prepare<{ root: string }, number>(
      `SELECT DISTINCT intent_seq FROM unowned WHERE root_n = ${ROOT} AND intent_seq IS NOT NULL ORDER BY intent_seq`,
    )
    .pluck();
  const pending = db.prepare<{ root: string; seq: number }, Row>(
    `SELECT ${COLUMNS} FROM unowned WHERE root_n = ${ROOT} AND intent_seq = @seq ORDER BY path`,
  );
  const rules = createUnownedRules(db, audit);
  const owned = createOwned(db);
  const key = pathKeyOf(db);
  const hash = (root: string, path: string): string => hashPath(key(), root, path).toString('hex');
  return {
    rule: (root) => rules.rule(root),
    candidates: (root, query) => candidates.all({ root, ...query }).map(toFile),
    begin: (root, paths, judge) =>
      db
        .transaction(() => {
          const taken = paths.filter((path) => {
            const row = one.get({ root, path });
            return row !== undefined && !owned(root, path) && judge(toFile(row));
          });
          if (taken.length === 0) return undefined;
          const files = taken.map((path) => hash(root, path));
          const seq = audit.append({ kind: 'unowned_intent', actor: 'system', payload: { root, files } });
          for (const path of taken) mark.run({ root, path, seq });
          return seq;
        })
        .immediate(),
    unfinished: (root) => unfinished.all({ root }),
    pending: (root, seq) => pending.all({ root, seq }).map(toFile),
    finish: (root, intent, { ends, retryMs }) => {
      db.transaction(() => {
        const sizes = new Map(pending.all({ root, seq: intent }).map((r) => [r.path, r.size_bytes]));
        const files = ends.map(({ path, outcome, linksLeft }) => {
          return { file: hash(root, path), size: sizes.get(path) ?? 0, outcome, linksLeft };
        });
        const deleted = ends.filter((e) => GONE.includes(e.outcome)).length;
        audit.append({ kind: 'unowned_done', actor: 'system', payload: { root, intent, deleted, files } });
        for (const { path, outcome } of ends) {
          if (GONE.includes(outcome)) drop.run({ root, path });
          else free.run({ root, path, retryMs });
        }
      }).immediate();
    },
    putOff: (root, paths, retryMs) => {
      db.transaction(() => {
        for (const path of paths) free.run({ root, path, retryMs });
      }).immediate();
    },
  };
}

/** Whether a clip, or the sidecar of one, has this path by now. */
function createOwned(db: Db): (root: string, path: string) => boolean {
  const find = db
    .prepare<{ root: string; dir: string; name: string }, number>(
      `SELECT 1 FROM dir WHERE root_n = ${ROOT} AND path = @dir AND (
         EXISTS (SELECT 1 FROM clip WHERE clip.dir_id = dir.id AND clip.name = @name) OR
         EXISTS (SELECT 1 FROM sidecar WHERE sidecar.dir_id = dir.id AND sidecar.name = @name))`,
    )
    .pluck();
  return (root, path) => {
    const cut = path.lastIndexOf('/');
    return (
      find.get({ root, dir: cut < 0 ? '' : path.slice(0, cut), name: path.slice(cut + 1) }) !== undefined
    );
  };
}

export interface UnownedRules {
  rule(rootId: string): UnownedRule | undefined;
  /** Throws `conflict` when no rule waits. */
  confirm(rootId: string, by: { readonly user: string; readonly nowMs: number }): void;
  /** Takes the rules over from the configuration; one that is new or was changed waits to be confirmed. */
  follow(
    sources: readonly { readonly id: string; readonly unownedDeleteAfterMs?: number | undefined }[],
    nowMs: number,
  ): void;
}

export function createUnownedRules(db: Db, audit: AuditLog): UnownedRules {
  const get = db.prepare<{ root: string }, { delete_after_ms: number; confirmed_by: string | null }>(
    `SELECT delete_after_ms, confirmed_by FROM unowned_rule WHERE root_n = ${ROOT}`,
  );
  const put = db.prepare(
    `INSERT INTO unowned_rule (root_n, delete_after_ms, configured_ms) VALUES (${ROOT}, @ms, @nowMs)
     ON CONFLICT (root_n) DO UPDATE SET delete_after_ms = excluded.delete_after_ms,
       configured_ms = excluded.configured_ms, confirmed_by = NULL, confirmed_ms = NULL`,
  );
  const drop = db.prepare(`DELETE FROM unowned_rule WHERE root_n = ${ROOT}`);
  const confirm = db.prepare(
    `UPDATE unowned_rule SET confirmed_by = @user, confirmed_ms = @nowMs WHERE root_n = ${ROOT}`,
  );
  const rule: UnownedRules['rule'] = (root) => {
    const row = get.get({ root });
    return row && { deleteAfterMs: row.delete_after_ms, confirmedBy: row.confirmed_by };
  };
  return {
    rule,
    confirm: (root, { user, nowMs }) => {
      const waiting = rule(root);
      if (waiting?.confirmedBy !== null) {
        throw new FortnightError('conflict', 'no rule for files nobody owns waits on this source');
      }
      db.transaction(() => {
        confirm.run({ root, user, nowMs });
        const payload = { root, deleteAfterMs: waiting.deleteAfterMs };
        audit.append({ kind: 'unowned_rule', actor: user, payload });
      }).immediate();
    },
    follow: (sources, nowMs) => {
      for (const { id: root, unownedDeleteAfterMs: to } of sources) {
        const from = rule(root)?.deleteAfterMs;
        if (from === to) continue;
        db.transaction(() => {
          if (to === undefined) drop.run({ root });
          else put.run({ root, ms: to, nowMs });
          const payload = {
            key: `sources.${root}.unowned.deleteAfterDays`,
            from: from ?? null,
            to: to ?? null,
          };
          audit.append({ kind: 'config_changed', actor: 'console', payload });
        }).immediate();
      }
    },
  };
}

function toFile(row: Row): UnownedFile {
  return { path: row.path, reason: row.reason, sizeBytes: row.size_bytes, seenMs: row.seen_ms };
}
