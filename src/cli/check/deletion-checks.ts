/** I4: intents, terminal records and receipts against one another. One pass over each, however many there are. */
import { createHash } from 'node:crypto';
import type { Findings } from './finding.ts';
import type { CheckDb } from './index-file.ts';
import type { Kind } from './kinds.ts';

interface Intent {
  readonly seq: number;
  /** Null: the record's contents have expired. */
  readonly clips: readonly number[] | null;
  /** The intent it goes on from, when the disk had not said what became of these clips. */
  readonly after: number | undefined;
}

interface Terminal {
  readonly intent: number;
  readonly receipts: string;
  readonly outcomes: Readonly<Record<string, number>>;
}

interface Receipt {
  readonly clip_id: number;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly size_bytes: number;
  readonly outcome: string;
  readonly path_hash: Buffer;
  readonly intent_seq: number;
  readonly terminal_seq: number;
}

/** Receipts as groups of one terminal record each. */
interface Group {
  readonly terminalSeq: number;
  readonly receipts: readonly Receipt[];
}

export function checkDeletions(db: CheckDb, findings: Findings): void {
  const intents = readIntents(db);
  const terminals = readTerminals(db);
  const ends = checkReceipts(db, terminals, findings);
  for (const { intent } of terminals.values()) if (!ends.has(intent)) ends.set(intent, 0);
  checkIntents(db, { intents, ends, terminals }, findings);
  checkRows(db, findings);
  checkStrayIntents(db, findings);
}

function readIntents(db: CheckDb): Map<number, Intent> {
  const rows = db.prepare("SELECT seq, payload FROM audit WHERE kind = 'deletion_intent' ORDER BY seq");
  const intents = new Map<number, Intent>();
  for (const { seq, payload } of rows.iterate() as Iterable<{ seq: number; payload: string | null }>) {
    const said = payload === null ? undefined : (JSON.parse(payload) as { clips: number[]; after?: number });
    intents.set(seq, { seq, clips: said?.clips ?? null, after: said?.after });
  }
  return intents;
}

function readTerminals(db: CheckDb): Map<number, Terminal> {
  const rows = db.prepare(
    "SELECT seq, payload FROM audit WHERE kind = 'deletion_done' AND payload IS NOT NULL ORDER BY seq",
  );
  const terminals = new Map<number, Terminal>();
  for (const { seq, payload } of rows.iterate() as Iterable<{ seq: number; payload: string }>) {
    terminals.set(seq, JSON.parse(payload) as Terminal);
  }
  return terminals;
}

/** The terminal record binds its receipts by their hash. Returns how many receipts each intent has. */
function checkReceipts(
  db: CheckDb,
  terminals: ReadonlyMap<number, Terminal>,
  findings: Findings,
): Map<number, number> {
  const perIntent = new Map<number, number>();
  const seen = new Set<number>();
  const known = db.prepare("SELECT 1 FROM audit WHERE seq = ? AND kind = 'deletion_done'").pluck();
  for (const { terminalSeq, receipts } of groups(db)) {
    seen.add(terminalSeq);
    for (const r of receipts) perIntent.set(r.intent_seq, (perIntent.get(r.intent_seq) ?? 0) + 1);
    const terminal = terminals.get(terminalSeq);
    if (terminal === undefined) {
      // Its contents may have expired; the record itself never goes.
      if (known.get(terminalSeq) === undefined)
        findings.add(
          'receipt_without_end',
          `receipts name record ${String(terminalSeq)}, which ends no deletion`,
        );
    } else if (!binds(terminal, receipts)) {
      findings.add(
        'receipts_changed',
        `the receipts of record ${String(terminalSeq)} are not those it was written with`,
      );
    }
  }
  for (const seq of terminals.keys()) {
    if (!seen.has(seq)) findings.add('receipts_changed', `record ${String(seq)} has no receipts any more`);
  }
  return perIntent;
}

function* groups(db: CheckDb): Generator<Group> {
  const rows = db.prepare(
    `SELECT clip_id, start_ms, end_ms, size_bytes, outcome, path_hash, intent_seq, terminal_seq
     FROM receipt ORDER BY terminal_seq, clip_id`,
  );
  let receipts: Receipt[] = [];
  for (const row of rows.iterate() as Iterable<Receipt>) {
    const [first] = receipts;
    if (first !== undefined && first.terminal_seq !== row.terminal_seq) {
      yield { terminalSeq: first.terminal_seq, receipts };
      receipts = [];
    }
    receipts.push(row);
  }
  const [last] = receipts;
  if (last !== undefined) yield { terminalSeq: last.terminal_seq, receipts };
}

function binds(terminal: Terminal, receipts: readonly Receipt[]): boolean {
  const fields = receipts.map((r) => [
    r.clip_id,
    r.start_ms,
    r.end_ms,
    r.size_bytes,
    r.outcome,
    r.path_hash.toString('hex'),
  ]);
  const hash = createHash('sha256').update(JSON.stringify(fields), 'utf8').digest('hex');
  const counted = Object.entries(terminal.outcomes).every(
    ([outcome, n]) => receipts.filter((r) => r.outcome === outcome).length === n,
  );
  return hash === terminal.receipts && counted && receipts.every((r) => r.intent_seq === terminal.intent);
}

interface Deletions {
  readonly intents: ReadonlyMap<number, Intent>;
  /** Receipts of each intent that was ended. */
  readonly ends: ReadonlyMap<number, number>;
  readonly terminals: ReadonlyMap<number, Terminal>;
}

/** Every intent has one end, or clips that still stand as deleting; never both, never neither. */
function checkIntents(db: CheckDb, { intents, ends, terminals }: Deletions, findings: Findings): void {
  const open = new Set(
    db.prepare('SELECT DISTINCT intent_seq FROM clip WHERE state = 2').pluck().all() as number[],
  );
  const endings = tally([...terminals.values()].map((t) => t.intent));
  for (const [seq, n] of endings)
    if (n > 1) findings.add('intent_ended_twice', `intent ${String(seq)} has ${String(n)} terminal records`);
  const movedOn = tally(
    [...intents.values()].flatMap(({ after, clips }) =>
      after === undefined ? [] : (clips ?? []).map(() => after),
    ),
  );
  for (const { seq, clips } of intents.values()) {
    const at = { open: open.has(seq), ended: ends.get(seq), movedOn: movedOn.get(seq) ?? 0 };
    const fault = faultOf(clips, at);
    if (fault !== undefined) findings.add(fault.kind, `intent ${String(seq)} ${fault.why}`);
  }
  for (const seq of new Set([...ends.keys(), ...open])) {
    if (!intents.has(seq))
      findings.add('intent_missing', `clips were deleted under record ${String(seq)}, which is no intent`);
  }
}

function faultOf(
  clips: readonly number[] | null,
  at: { readonly open: boolean; readonly ended: number | undefined; readonly movedOn: number },
): { readonly kind: Kind; readonly why: string } | undefined {
  const { open, ended, movedOn } = at;
  if (ended === undefined)
    return open ? undefined : { kind: 'intent_without_end', why: 'has no terminal record and no clips' };
  if (open) return { kind: 'intent_ended_early', why: 'is ended, but clips of it are still deleting' };
  if (clips === null || clips.length === ended + movedOn) return undefined;
  const why = `names ${String(clips.length)} clips, ${String(ended)} have a receipt`;
  return { kind: 'intent_receipts', why };
}

function tally(keys: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function checkRows(db: CheckDb, findings: Findings): void {
  const both = db
    .prepare(
      `SELECT count(*) FROM receipt JOIN clip ON clip.id = receipt.clip_id
       WHERE outcome IN ('deleted', 'deleted_recovered', 'already_gone')`,
    )
    .pluck()
    .get() as number;
  if (both > 0)
    findings.add('deleted_with_row', `${String(both)} clips have a receipt of their deletion and a row`);
}

/** The same of files that are no clips, as far as the contents of the records have not expired. */
function checkStrayIntents(db: CheckDb, findings: Findings): void {
  const open = db
    .prepare(
      `SELECT seq FROM audit WHERE kind = 'stray_intent'
         AND seq NOT IN (SELECT intent_seq FROM stray WHERE intent_seq IS NOT NULL)
         AND seq NOT IN (SELECT json_extract(payload, '$.intent') FROM audit
           WHERE kind = 'stray_done' AND payload IS NOT NULL)
         AND NOT EXISTS (SELECT 1 FROM audit AS later WHERE later.kind = 'stray_done' AND later.payload IS NULL)`,
    )
    .pluck();
  for (const seq of open.all() as number[])
    findings.add('intent_without_end', `intent ${String(seq)} has no terminal record and no files`);
}
