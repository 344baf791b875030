/** I11: the audit's chain, verified by its own reading of the format: a verifier shared with the writer shares its mistakes. */
import { createHash } from 'node:crypto';
import type { Findings } from './finding.ts';
import type { CheckDb } from './index-file.ts';

const FORMAT = 'fortnight audit v1';

interface Row {
  readonly seq: number;
  readonly wall_ms: number;
  readonly boot_id: string;
  readonly boot_ms: number;
  readonly kind: string;
  readonly payload: string | null;
  readonly salt: Buffer | null;
  readonly payload_hash: Buffer;
  readonly prev_hash: Buffer;
  readonly hash: Buffer;
}

const sha256 = (...parts: readonly (string | Buffer)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Returns how many records stand before the first that does not fit. */
export function checkAudit(db: CheckDb, findings: Findings): number {
  let seq = 0;
  let prev = sha256(FORMAT);
  for (const row of db.prepare('SELECT * FROM audit ORDER BY seq').iterate() as Iterable<Row>) {
    const fault = faultOf(row, { seq, hash: prev });
    if (fault !== undefined) {
      findings.add('audit_broken', `the audit fails at record ${String(row.seq)}: ${fault}`);
      return seq;
    }
    ({ seq, hash: prev } = row);
  }
  return seq;
}

function faultOf(row: Row, before: { readonly seq: number; readonly hash: Buffer }): string | undefined {
  if (row.seq !== before.seq + 1) return `record ${String(before.seq + 1)} is missing`;
  if (!row.prev_hash.equals(before.hash)) return 'it does not continue the record before it';
  const head = JSON.stringify([FORMAT, row.seq, row.wall_ms, row.boot_id, row.boot_ms, row.kind]);
  if (!sha256(head, row.payload_hash, row.prev_hash).equals(row.hash)) return 'the record was changed';
  const { payload, salt } = row;
  const whole = payload === null || salt === null || sha256(salt, payload).equals(row.payload_hash);
  return whole ? undefined : 'its contents were changed';
}
