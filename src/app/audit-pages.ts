/** The audit as the server and the command line read it; the whole chain is verified in slices. */
import { ChainVerifier } from '../audit/verify.ts';
import { breathe } from '../base/delay.ts';
import type { AuditReader } from '../db/audit.ts';
import type { AuditPages } from '../http/deps.ts';

/** Records verified without letting anything else run: about 5 ms. */
const SLICE = 250;

export function createAuditPages(store: AuditReader): AuditPages {
  let last: boolean | null = null;
  return {
    head: () => store.head(),
    newest: (query) => store.newest(query),
    lastVerified: () => last,
    verify: async () => {
      const verifier = new ChainVerifier();
      const end = store.head()?.seq ?? 0;
      let records = 0;
      for (let from = 1; from <= end; from += SLICE) {
        for (const record of store.read(from, Math.min(end, from + SLICE - 1), SLICE)) {
          if (verifier.push(record) !== undefined) {
            last = false;
            return { ok: false, records, firstBadSeq: record.seq };
          }
          records += 1;
        }
        await breathe();
      }
      last = records === end;
      return { ok: last, records, firstBadSeq: last ? null : records + 1 };
    },
  };
}
