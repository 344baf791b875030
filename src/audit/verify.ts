/**
 * Verifies a chain of audit records. Pure and without the writer, so that it convinces somebody who trusts neither.
 * Finds an edit, a removal, a reorder and an insertion; a truncated tail or a chain rebuilt whole are found only by
 * an anchor kept elsewhere (a plain chain cannot: Ma and Tsudik, A new approach to secure logging).
 */
import { GENESIS, hashPayload, hashRecord, type AuditRecord } from './entry.ts';
import type { AuditStore } from './log.ts';

export type ChainFault =
  | 'sequence_gap' // a number is missing or stands twice
  | 'chain_broken' // the record does not continue the one before
  | 'record_changed' // the record's own hash does not match it
  | 'payload_changed' // the payload does not match its hash
  | 'anchor_differs' // an anchor knows another record at this place: the chain was written anew
  | 'anchor_missing'; // an anchor knows of more records: the end was cut off

export type Verdict =
  | {
      readonly ok: true;
      readonly records: number;
      readonly head: Anchor | undefined;
      /** Records behind the last anchor: that none of them was cut off or written anew cannot be told. */
      readonly unanchored: number;
    }
  | { readonly ok: false; readonly firstBadSeq: number; readonly fault: ChainFault };

/** Head of a chain that was seen before; it must still be part of the chain. */
export interface Anchor {
  readonly seq: number;
  readonly hash: string;
}

/** Verifies records as they come, from the first one on. `push` returns the fault of that record, if any. */
export class ChainVerifier {
  #seq = 0;
  #hash: Buffer = GENESIS;

  push(record: AuditRecord): ChainFault | undefined {
    const fault = this.#judge(record);
    this.#seq = record.seq;
    this.#hash = record.hash;
    return fault;
  }

  get head(): Anchor | undefined {
    return this.#seq === 0 ? undefined : { seq: this.#seq, hash: this.#hash.toString('hex') };
  }

  #judge(record: AuditRecord): ChainFault | undefined {
    if (record.seq !== this.#seq + 1) return 'sequence_gap';
    if (!record.prevHash.equals(this.#hash)) return 'chain_broken';
    if (!hashRecord(record).equals(record.hash)) return 'record_changed';
    const { payload, salt } = record;
    if (payload !== null && salt !== null && !hashPayload(salt, payload).equals(record.payloadHash))
      return 'payload_changed';
    return undefined;
  }
}

/** Verifies a whole chain, from record 1; stops at the first fault. */
export function verifyChain(records: Iterable<AuditRecord>, anchors: readonly Anchor[] = []): Verdict {
  const verifier = new ChainVerifier();
  const anchored = Map.groupBy(anchors, (a) => a.seq);
  let count = 0;
  let last = 0;
  for (const record of records) {
    const fault = verifier.push(record);
    if (fault !== undefined) return { ok: false, firstBadSeq: record.seq, fault };
    const here = anchored.get(record.seq) ?? [];
    const hash = record.hash.toString('hex');
    if (here.some((a) => a.hash !== hash))
      return { ok: false, firstBadSeq: record.seq, fault: 'anchor_differs' };
    if (here.length > 0) last = record.seq;
    count += 1;
  }
  const lost = anchors.find((a) => a.seq > count);
  if (lost !== undefined) return { ok: false, firstBadSeq: count + 1, fault: 'anchor_missing' };
  return { ok: true, records: count, head: verifier.head, unanchored: count - last };
}

/** Reads a store from its first record on, `page` records at a time. */
export function* everyRecord(store: Pick<AuditStore, 'read'>, page = 1000): Generator<AuditRecord> {
  for (let from = 0; ;) {
    const records = store.read(from, Number.MAX_SAFE_INTEGER, page);
    yield* records;
    const last = records.at(-1);
    if (last === undefined || records.length < page) return;
    from = last.seq + 1;
  }
}
