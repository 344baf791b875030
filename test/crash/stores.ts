/**
 * Journal and index of a state directory as they lie there, read with own SQL and own parsing: the tests' side of what
 * the program claims.
 */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { HOLDS, pathOf } from './life.ts';
import { MEMORY, writable } from './scene.ts';

/** A hold version, as far as it matters here. */
interface Version {
  readonly caseRef: string;
  readonly act: string;
}

export interface Receipt {
  readonly path: string;
  readonly outcome: string;
}

/** What the two stores of the state directory say. */
export interface Stores {
  readonly journal: readonly Version[];
  readonly index: readonly Version[];
  readonly receipts: readonly Receipt[];
  /** Clips between intent and end. */
  readonly deleting: ReadonlySet<string>;
  /** Intents that have not exactly one end. */
  readonly badIntents: number;
}

/** Whether both stores have a version of the hold that was made by this act. */
export function inBoth({ journal, index }: Stores, key: keyof typeof HOLDS, act: string): boolean {
  const { caseRef } = HOLDS[key].terms;
  return [journal, index].every((list) => list.some((v) => v.caseRef === caseRef && v.act === act));
}

/** Reads copies: whoever opens a database after a crash repairs it, and that is the daemon's business. */
export function readStores(stateDir: string): Stores {
  const dir = mkdtempSync(join(writable(MEMORY) ? MEMORY : tmpdir(), 'fortnight-stores-'));
  try {
    for (const name of ['index.db', 'index.db-wal', 'index.db-journal'])
      if (existsSync(join(stateDir, name))) copyFileSync(join(stateDir, name), join(dir, name));
    return { ...readIndex(join(dir, 'index.db')), journal: readJournal(join(stateDir, 'holds.journal')) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Whole lines; a torn last one was never acknowledged. */
function readJournal(path: string): Version[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => {
    const { version } = JSON.parse(line) as { version: string };
    const entry = JSON.parse(version) as { version: { terms: { caseRef: string }; act: string } };
    return { caseRef: entry.version.terms.caseRef, act: entry.version.act };
  });
}

function readIndex(path: string): Omit<Stores, 'journal'> {
  const db = new Database(path);
  try {
    const made = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'receipt'").get() !== undefined;
    if (!made) return { index: [], receipts: [], deleting: new Set(), badIntents: 0 };
    const versions = db
      .prepare(
        "SELECT json_extract(body, '$.terms.caseRef') AS caseRef, json_extract(body, '$.act') AS act FROM hold_version",
      )
      .all() as Version[];
    const receipts = db
      .prepare('SELECT camera.id, start_ms, outcome FROM receipt JOIN camera ON camera.n = camera_n')
      .all() as { id: string; start_ms: number; outcome: string }[];
    const deleting = db
      .prepare(
        `SELECT camera.id, start_ms FROM clip JOIN camera ON camera.n = camera_n
         WHERE state = 2 AND EXISTS (SELECT 1 FROM audit WHERE seq = intent_seq AND kind = 'deletion_intent')`,
      )
      .all() as { id: string; start_ms: number }[];
    const badIntents = db
      .prepare(
        `SELECT count(*) FROM audit i WHERE kind = 'deletion_intent' AND 1 <> (SELECT count(*) FROM audit d
         WHERE d.kind = 'deletion_done' AND json_extract(d.payload, '$.intent') = i.seq)`,
      )
      .pluck()
      .get() as number;
    return {
      index: versions,
      receipts: receipts.map((r) => ({ path: pathOf(r.id, r.start_ms), outcome: r.outcome })),
      deleting: new Set(deleting.map((d) => pathOf(d.id, d.start_ms))),
      badIntents,
    };
  } finally {
    db.close();
  }
}
