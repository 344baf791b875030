/** The index's side of the delete protocol: T1, T2 and what lies between. See docs/design/invariants.md, "Deleting". */
import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { AuditLog } from '../../audit/log.ts';
import { assert } from '../../base/assert.ts';
import { canonicalJson } from '../../base/canonical-json.ts';
import type { Outcome, SweepStore } from '../../retention/erasure.ts';
import {
  CLIP_COLUMNS,
  CLIP_TABLES,
  LOCATION_COLUMNS,
  rowToClip,
  rowToLocation,
  type ClipRow,
  type LocationRow,
} from '../clips/clip-row.ts';
import { BUSY_MS, type Db } from '../open.ts';
import { createCopyBelongings } from '../holds/copies.ts';
import { createPinBelongings } from '../holds/pins.ts';
import { createDue } from './due.ts';
import { createSweepState } from './sweep-state.ts';

export interface SweepDeps {
  readonly db: Db;
  readonly audit: AuditLog;
  /** Retention time, for receipts. */
  readonly nowMs: () => number;
  /** Roots, and the vault, that cannot be acted on now; none where clips lie on one disk only. */
  readonly away?: () => readonly string[];
}

interface PendingRow extends ClipRow, LocationRow {
  intent_seq: number;
  fail_count: number;
}

/** The ids of a JSON array: one statement for a batch costs half of one for each of its clips. */
const THESE = '(SELECT value FROM json_each(?))';

const REMOVED: readonly Outcome['outcome'][] = ['deleted', 'deleted_recovered', 'already_gone'];

export function createSweepStore(deps: SweepDeps): SweepStore {
  const { db, audit } = deps;
  const among = db.prepare<[string], ClipRow>(
    `SELECT ${CLIP_COLUMNS} FROM ${CLIP_TABLES} WHERE clip.id IN ${THESE}`,
  );
  const markDeleting = db.prepare(`UPDATE clip SET state = 2, intent_seq = ? WHERE id IN ${THESE}`);
  const park = db.prepare(`UPDATE clip SET parked = 1 WHERE id IN ${THESE}`);
  const derived = db.prepare<[string], string>(`SELECT file FROM derived WHERE clip_id IN ${THESE}`).pluck();
  const finish = createFinish(deps);

  return {
    ...createSweepState(db, audit),
    ...createDue(db, deps.away ?? (() => [])),
    ...createPending(db),
    begin: (root, clipIds, judge) =>
      db
        .transaction(() => {
          const taken: number[] = [];
          const held: number[] = [];
          for (const row of among.all(JSON.stringify(clipIds))) {
            const clip = rowToClip(row);
            if (clip.state !== 'live') continue;
            const decision = judge(clip);
            if (decision.mayDelete) taken.push(clip.id);
            else if (decision.reasons.some((r) => r.code === 'held' || r.code === 'cooling_off'))
              held.push(clip.id);
          }
          if (held.length > 0) park.run(JSON.stringify(held));
          if (taken.length === 0) return undefined;
          const payload = { root, clips: taken };
          const seq = audit.append({ kind: 'deletion_intent', actor: 'system', payload });
          markDeleting.run(seq, JSON.stringify(taken));
          return seq;
        })
        .immediate(),
    derivedFiles: (clipIds) => derived.all(JSON.stringify(clipIds)),
    finish: (rootId, intentSeq, outcomes) => {
      if (outcomes.length === 0) return;
      db.transaction(() => {
        finish(rootId, intentSeq, outcomes);
      }).immediate();
    },
    truncateLog: () => {
      // Never waits for a reader: that would hold up everybody on this thread.
      db.pragma('busy_timeout = 0');
      try {
        const [result] = db.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }];
        return result.busy === 0;
      } finally {
        db.pragma(`busy_timeout = ${String(BUSY_MS)}`);
      }
    },
  };
}

function createPending(db: Db): Pick<SweepStore, 'unfinishedIntents' | 'pending'> {
  const unfinished = db.prepare<[string], { intent_seq: number }>(
    `SELECT DISTINCT intent_seq FROM clip INDEXED BY clip_deleting
     WHERE state = 2 AND root_n = (SELECT n FROM root WHERE id = ?) ORDER BY intent_seq`,
  );
  const rows = db.prepare<[number], PendingRow>(
    `SELECT ${CLIP_COLUMNS}, ${LOCATION_COLUMNS}, clip.fail_count
     FROM clip INDEXED BY clip_deleting JOIN root ON root.n = clip.root_n JOIN camera ON camera.n = clip.camera_n
       JOIN dir ON dir.id = clip.dir_id
     WHERE clip.state = 2 AND clip.intent_seq = ? ORDER BY dir.id`,
  );
  const sidecars = db.prepare<[string], { clip_id: number; dir: string; name: string }>(
    `SELECT sidecar.clip_id, dir.path AS dir, sidecar.name FROM sidecar JOIN dir ON dir.id = sidecar.dir_id
     WHERE sidecar.clip_id IN ${THESE}`,
  );
  const pins = createPinBelongings(db);
  const copies = createCopyBelongings(db);
  return {
    unfinishedIntents: (rootId) => unfinished.all(rootId).map((r) => r.intent_seq),
    pending: (intentSeq) => {
      const clips = rows.all(intentSeq);
      const ids = JSON.stringify(clips.map((c) => c.id));
      const beside = Map.groupBy(sidecars.all(ids), (s) => s.clip_id);
      const kept = Map.groupBy([...pins.of(ids), ...copies.of(ids)], (s) => s.clip_id);
      return clips.map((row) => {
        const ours = kept.get(row.id) ?? [];
        const here = [...(beside.get(row.id) ?? []), ...ours.filter((k) => k.root_id === row.root_id)];
        return {
          intentSeq,
          clip: rowToClip(row),
          location: rowToLocation(row),
          sidecars: here.map(({ dir, name }) => ({ dir, name })),
          elsewhere: ours
            .filter((k) => k.root_id !== row.root_id)
            .map(({ root_id: placeId, dir, name }) => ({ placeId, dir, name })),
          failCount: row.fail_count,
        };
      });
    },
  };
}

type Finish = (root: string, intentSeq: number, outcomes: readonly Outcome[]) => void;

function createFinish(deps: SweepDeps): Finish {
  const { db, audit } = deps;
  const receipts = createReceiptRows(deps);
  const dirsOf = db
    .prepare<{ ids: string }, number>(
      `SELECT dir_id FROM clip WHERE id IN (SELECT value FROM json_each(@ids))
       UNION SELECT dir_id FROM sidecar WHERE clip_id IN (SELECT value FROM json_each(@ids))`,
    )
    .pluck();
  const dropDerived = db.prepare(`DELETE FROM derived WHERE clip_id IN ${THESE}`);
  const dropClips = db.prepare(`DELETE FROM clip WHERE id IN ${THESE}`);
  const revive = db.prepare(
    'UPDATE clip SET state = 1, intent_seq = NULL, retry_ms = ?, fail_count = fail_count + ? WHERE id = ?',
  );
  const dropDir = db.prepare(
    `DELETE FROM dir WHERE id = ? AND NOT EXISTS (SELECT 1 FROM clip WHERE dir_id = dir.id)
       AND NOT EXISTS (SELECT 1 FROM sidecar WHERE dir_id = dir.id)`,
  );
  const pins = createPinBelongings(db);
  const copies = createCopyBelongings(db);
  const moveOn = createMoveOn(deps);
  return (root, intentSeq, outcomes) => {
    const rows = receipts.rows(root, outcomes);
    const terminalSeq = audit.append({
      kind: 'deletion_done',
      actor: 'system',
      payload: { root, intent: intentSeq, outcomes: tally(outcomes), receipts: hashReceipts(rows) },
    });
    for (const row of rows) receipts.insert({ ...row, intentSeq, terminalSeq });
    const removed = rows.filter((row) => REMOVED.includes(row.outcome));
    for (const row of rows)
      if (!REMOVED.includes(row.outcome)) revive.run(row.retryMs, row.retryMs === null ? 0 : 1, row.clipId);
    const ids = JSON.stringify(removed.map((row) => row.clipId));
    const dirs = dirsOf.all({ ids });
    dropDerived.run(ids);
    pins.drop(ids);
    copies.drop(ids);
    dropClips.run(ids);
    for (const id of dirs) dropDir.run(id);
    moveOn(root, intentSeq);
  };
}

/** Clips of which the disk did not say what became of them go over to a new intent: each intent has one end. */
function createMoveOn({ db, audit }: SweepDeps): (root: string, intentSeq: number) => void {
  const left = db.prepare<[number], { id: number }>(
    'SELECT id FROM clip INDEXED BY clip_deleting WHERE state = 2 AND intent_seq = ?',
  );
  const move = db.prepare('UPDATE clip SET intent_seq = @to WHERE state = 2 AND intent_seq = @from');
  return (root, intentSeq) => {
    const clips = left.all(intentSeq).map((r) => r.id);
    if (clips.length === 0) return;
    const payload = { root, clips, after: intentSeq };
    const to = audit.append({ kind: 'deletion_intent', actor: 'system', payload });
    move.run({ from: intentSeq, to });
  };
}

interface ReceiptRow extends HashedReceipt {
  readonly cameraN: number;
  readonly dueMs: number | null;
  readonly outcome: Outcome['outcome'];
  readonly reason: Outcome['reason'];
  readonly atMs: number;
  readonly linksLeft: number;
  readonly retryMs: number | null;
}

interface ReceiptRows {
  rows(root: string, outcomes: readonly Outcome[]): ReceiptRow[];
  insert(row: ReceiptRow & { readonly intentSeq: number; readonly terminalSeq: number }): void;
}

function createReceiptRows({ db, nowMs }: SweepDeps): ReceiptRows {
  const where = db.prepare<[string], { id: number; path: string; name: string; camera_n: number }>(
    `SELECT clip.id, dir.path, clip.name, clip.camera_n FROM clip JOIN dir ON dir.id = clip.dir_id
     WHERE clip.id IN ${THESE}`,
  );
  const key = pathKeyOf(db);
  const insert = db.prepare(
    `INSERT INTO receipt (clip_id, camera_n, start_ms, end_ms, due_ms, size_bytes, outcome, reason, path_hash, intent_seq,
       terminal_seq, at_ms, links_left) VALUES (@clipId, @cameraN, @startMs, @endMs, @dueMs, @sizeBytes, @outcome, @reason,
       @pathHash, @intentSeq, @terminalSeq, @atMs, @linksLeft)`,
  );
  return {
    rows: (root, outcomes) => {
      const ids = JSON.stringify(outcomes.map((o) => o.clip.id));
      const places = new Map(where.all(ids).map((row) => [row.id, row]));
      const atMs = nowMs();
      return outcomes.map(({ clip, outcome, reason, linksLeft, retryMs }) => {
        const at = places.get(clip.id);
        assert(at !== undefined, 'a clip being deleted has a row');
        const path = at.path === '' ? at.name : `${at.path}/${at.name}`;
        return {
          clipId: clip.id,
          cameraN: at.camera_n,
          startMs: clip.startMs,
          endMs: clip.endMs,
          dueMs: clip.dueMs,
          sizeBytes: clip.sizeBytes,
          outcome,
          reason,
          pathHash: hashPath(key(), root, path),
          atMs,
          linksLeft,
          retryMs: retryMs ?? null,
        };
      });
    },
    insert: (row) => {
      insert.run(row);
    },
  };
}

/** The key of the path hashes, read once. As an object: made of bytes for every path it would cost four times the hash. */
export function pathKeyOf(db: Db): () => KeyObject {
  const read = db.prepare<[], Buffer>('SELECT path_key FROM install WHERE id = 1').pluck();
  let key: KeyObject | undefined;
  return () => {
    if (key !== undefined) return key;
    const bytes = read.get();
    assert(bytes !== undefined, 'an installation has a key');
    return (key = createSecretKey(bytes));
  };
}

/** The salted hash under which a receipt remembers a path: 16 bytes of HMAC-SHA-256(key, root NUL path). */
export function hashPath(key: Buffer | KeyObject, rootId: string, path: string): Buffer {
  return createHmac('sha256', key)
    .update(`${rootId}\0`, 'utf8')
    .update(path, 'latin1')
    .digest()
    .subarray(0, 16);
}

interface HashedReceipt {
  readonly clipId: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly sizeBytes: number;
  readonly outcome: string;
  readonly pathHash: Buffer;
}

/** What binds the receipts to their terminal record, so that none can be changed or taken away unseen. */
export function hashReceipts(rows: readonly HashedReceipt[]): string {
  const fields = [...rows]
    .sort((a, b) => a.clipId - b.clipId)
    .map((r) => [r.clipId, r.startMs, r.endMs, r.sizeBytes, r.outcome, r.pathHash.toString('hex')]);
  return createHash('sha256').update(canonicalJson(fields), 'utf8').digest('hex');
}

function tally(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
