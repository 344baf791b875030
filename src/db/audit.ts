/** The audit chain on disk. Insert and read are all there is: triggers refuse the rest. */
import type { AuditKind, AuditRecord } from '../audit/entry.ts';
import type { AuditStore } from '../audit/log.ts';
import type { Db } from './open.ts';

interface AuditRow {
  seq: number;
  wall_ms: number;
  boot_id: string;
  boot_ms: number;
  kind: string;
  payload: string | null;
  salt: Buffer | null;
  payload_hash: Buffer;
  prev_hash: Buffer;
  hash: Buffer;
}

/** A page of the audit for people: newest first. */
export interface AuditReader extends AuditStore {
  /** Records with a smaller number than `beforeSeq` (newest of all when undefined), newest first, of one kind if given. */
  newest(query: { beforeSeq: number | undefined; kind: string | undefined; limit: number }): AuditRecord[];
}

export function createAuditStore(db: Db): AuditReader {
  const head = db.prepare<[], { seq: number; hash: Buffer }>(
    'SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1',
  );
  const insert = db.prepare(
    `INSERT INTO audit (seq, wall_ms, boot_id, boot_ms, kind, payload, salt, payload_hash, prev_hash, hash)
     VALUES (@seq, @wallMs, @bootId, @bootMs, @kind, @payload, @salt, @payloadHash, @prevHash, @hash)`,
  );
  const read = db.prepare<[number, number, number], AuditRow>(
    'SELECT * FROM audit WHERE seq BETWEEN ? AND ? ORDER BY seq LIMIT ?',
  );
  const newest = db.prepare<[number, number], AuditRow>(
    'SELECT * FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?',
  );
  const newestOfKind = db.prepare<[string, number, number], AuditRow>(
    'SELECT * FROM audit WHERE kind = ? AND seq < ? ORDER BY seq DESC LIMIT ?',
  );
  return {
    head: () => head.get(),
    insert: (record) => {
      insert.run(record);
    },
    read: (fromSeq, toSeq, limit) => read.all(fromSeq, toSeq, limit).map(toRecord),
    newest: ({ beforeSeq, kind, limit }) => {
      const before = beforeSeq ?? Number.MAX_SAFE_INTEGER;
      const rows = kind === undefined ? newest.all(before, limit) : newestOfKind.all(kind, before, limit);
      return rows.map(toRecord);
    },
  };
}

function toRecord(row: AuditRow): AuditRecord {
  return {
    seq: row.seq,
    wallMs: row.wall_ms,
    bootId: row.boot_id,
    bootMs: row.boot_ms,
    kind: row.kind as AuditKind,
    payload: row.payload,
    salt: row.salt,
    payloadHash: row.payload_hash,
    prevHash: row.prev_hash,
    hash: row.hash,
  };
}
