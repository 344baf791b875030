/** What the index must say of intents, receipts and files (I4, I5), in the checker's own words and SQL. */
import { hashReceipts } from '../../src/db/retention/sweep.ts';
import type { Db } from '../../src/db/open.ts';
import type { ClipFact } from './facts.ts';

interface Wrong {
  readonly invariant: 'I4' | 'I5';
  readonly message: string;
}

const GONE = ['deleted', 'deleted_recovered', 'already_gone'];

/** Whether the index knows a clip as finished, as it is now. */
export function isIndexed(db: Db, fact: ClipFact): boolean {
  const row = rowOf(db, fact);
  return row !== undefined && row.state >= 1 && row.size_bytes === fact.inode.sizeBytes;
}

/** Before an unlink: the clip stands as `deleting`, with an intent in the chain that names it. What is wrong, or nothing. */
export function checkIntent(db: Db, fact: ClipFact): string | undefined {
  const row = rowOf(db, fact);
  if (row?.state !== 2) return `unlinked ${fact.path} without being marked as deleting`;
  const intent = JSON.parse(row.payload ?? '{}') as { clips?: number[] };
  if (intent.clips?.includes(row.id) !== true) return `unlinked ${fact.path} without an intent in the chain`;
  return undefined;
}

/** Id of the row under a clip's path; undefined when there is none. */
export function rowIdOf(db: Db, fact: ClipFact): number | undefined {
  return rowOf(db, fact)?.id;
}

interface Row {
  readonly id: number;
  readonly state: number;
  readonly size_bytes: number;
  readonly payload: string | null;
}

function rowOf(db: Db, { path, rootId }: ClipFact): Row | undefined {
  const cut = path.lastIndexOf('/');
  return db
    .prepare<[string, string, string], Row>(
      `SELECT clip.id, clip.state, clip.size_bytes, audit.payload
       FROM root JOIN dir ON dir.root_n = root.n AND dir.path = ? JOIN clip ON clip.dir_id = dir.id AND clip.name = ?
         LEFT JOIN audit ON audit.seq = clip.intent_seq AND audit.kind = 'deletion_intent'
       WHERE root.id = ?`,
    )
    .get(path.slice(0, cut), path.slice(cut + 1), rootId);
}

/** Clips that a reconcile did not find. */
export function missedClips(db: Db): { readonly rootId: string; readonly path: string }[] {
  return db
    .prepare<[], { root: string; dir: string; name: string }>(
      `SELECT root.id AS root, dir.path AS dir, clip.name FROM clip JOIN dir ON dir.id = clip.dir_id
         JOIN root ON root.n = clip.root_n
       WHERE clip.missing_ms IS NOT NULL OR clip.state = 3`,
    )
    .all()
    .map(({ root, dir, name }) => ({ rootId: root, path: `${dir}/${name}` }));
}

/** Finished clips, by id. */
export function liveIds(db: Db): number[] {
  return db
    .prepare<[], { id: number }>('SELECT id FROM clip WHERE state = 1')
    .all()
    .map((r) => r.id);
}

/** The salted hash of the path in a clip's newest receipt. */
export function receiptPath(db: Db, clipId: number): string | undefined {
  return db
    .prepare<[number], { path_hash: Buffer }>(
      'SELECT path_hash FROM receipt WHERE clip_id = ? ORDER BY id DESC LIMIT 1',
    )
    .get(clipId)
    ?.path_hash.toString('hex');
}

interface ReceiptRow {
  readonly clip_id: number;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly size_bytes: number;
  readonly outcome: string;
  readonly path_hash: Buffer;
  readonly intent_seq: number;
  readonly terminal_seq: number;
}

interface AuditRow {
  readonly seq: number;
  readonly kind: string;
  readonly payload: string;
}

/** The whole chain against the whole truth. The first thing that is wrong, or nothing. */
export function checkChain(
  db: Db,
  clips: Iterable<ClipFact>,
  byHash: ReadonlyMap<string, readonly ClipFact[]>,
): Wrong | undefined {
  const receipts = db.prepare<[], ReceiptRow>('SELECT * FROM receipt').all();
  const records = db
    .prepare<[], AuditRow>(
      "SELECT seq, kind, payload FROM audit WHERE kind IN ('deletion_intent', 'deletion_done') ORDER BY seq",
    )
    .all();
  return (
    endsOf(db, records, receipts) ??
    terminalsOf(records, receipts) ??
    filesOf(db, { clips, byHash, receipts })
  );
}

/** Each clip of an intent has its one receipt, or is still being deleted, under this intent or one that took it over. */
function endsOf(db: Db, records: readonly AuditRow[], receipts: readonly ReceiptRow[]): Wrong | undefined {
  const ended = new Set(receipts.map((r) => `${String(r.intent_seq)} ${String(r.clip_id)}`));
  const deleting = new Set(
    db
      .prepare<[], { id: number }>('SELECT id FROM clip WHERE state = 2')
      .all()
      .map((r) => r.id),
  );
  const tookOver = new Set<string>();
  for (const { kind, payload } of records.filter((r) => r.kind === 'deletion_intent')) {
    const { clips, after } = JSON.parse(payload) as { clips: number[]; after?: number };
    if (kind === 'deletion_intent' && after !== undefined)
      for (const id of clips) tookOver.add(`${String(after)} ${String(id)}`);
  }
  for (const { seq, payload } of records.filter((r) => r.kind === 'deletion_intent')) {
    for (const id of (JSON.parse(payload) as { clips: number[] }).clips) {
      const key = `${String(seq)} ${String(id)}`;
      if (!ended.has(key) && !tookOver.has(key) && !deleting.has(id))
        return { invariant: 'I4', message: `clip ${String(id)} of intent ${String(seq)} has no end` };
    }
  }
  return undefined;
}

/** Each terminal record is the only one of its intent and carries the hash of its receipts. */
function terminalsOf(records: readonly AuditRow[], receipts: readonly ReceiptRow[]): Wrong | undefined {
  const done = new Set<number>();
  for (const { seq, payload } of records.filter((r) => r.kind === 'deletion_done')) {
    const said = JSON.parse(payload) as { intent: number; receipts: string };
    if (done.has(said.intent))
      return { invariant: 'I4', message: `intent ${String(said.intent)} has two terminal records` };
    done.add(said.intent);
    const rows = receipts.filter((r) => r.terminal_seq === seq).map(asHashed);
    if (hashReceipts(rows) !== said.receipts)
      return { invariant: 'I4', message: `the receipts of record ${String(seq)} are not those it tells of` };
  }
  return undefined;
}

function asHashed(r: ReceiptRow): Parameters<typeof hashReceipts>[0][number] {
  return {
    clipId: r.clip_id,
    startMs: r.start_ms,
    endMs: r.end_ms,
    sizeBytes: r.size_bytes,
    outcome: r.outcome,
    pathHash: r.path_hash,
  };
}

/** What we unlinked has an intent or a receipt; what a receipt says is deleted is not there. */
function filesOf(
  db: Db,
  truth: {
    readonly clips: Iterable<ClipFact>;
    readonly byHash: ReadonlyMap<string, readonly ClipFact[]>;
    readonly receipts: readonly ReceiptRow[];
  },
): Wrong | undefined {
  const claimed = new Set<ClipFact>();
  for (const { outcome, path_hash: hash } of truth.receipts) {
    if (!GONE.includes(outcome)) continue;
    // A name may have been written twice: each receipt speaks of the eldest that no other speaks of.
    const fact = truth.byHash.get(hash.toString('hex'))?.find((f) => !claimed.has(f));
    if (fact !== undefined) claimed.add(fact);
  }
  for (const fact of truth.clips) {
    if (claimed.has(fact) && fact.goneMs === undefined)
      return { invariant: 'I5', message: `a receipt says ${fact.path} is deleted, and it is there` };
    if (fact.goneBy === 'daemon' && !claimed.has(fact) && rowOf(db, fact)?.state !== 2)
      return { invariant: 'I4', message: `${fact.path} was unlinked, and no record tells of it` };
  }
  return undefined;
}
