import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextRecord, type AuditRecord } from '../../src/audit/entry.ts';
import { anchorText, anchorsIn, readCheckpoint, signCheckpoint } from '../../src/audit/checkpoint.ts';
import { verifyChain, type Anchor } from '../../src/audit/verify.ts';

function chain(length: number): AuditRecord[] {
  const records: AuditRecord[] = [];
  for (let i = 0; i < length; i += 1) {
    const at = { wallMs: 1000 + i, bootId: 'b', bootMs: i };
    records.push(
      nextRecord(records.at(-1), at, { kind: 'login', actor: `user${String(i)}`, payload: { n: i } }),
    );
  }
  return records;
}

const records = chain(20);
const at = fc.integer({ min: 0, max: 19 });
const seqOf = (i: number): number => records[i]!.seq;
const firstBad = (list: readonly AuditRecord[]): number | undefined => {
  const verdict = verifyChain(list);
  return verdict.ok ? undefined : verdict.firstBadSeq;
};

describe('the chain of audit records', () => {
  it('is whole as it was written', () => {
    expect(verifyChain(records)).toMatchObject({ ok: true, records: 20, head: { seq: 20 } });
  });

  it.each<[string, (r: AuditRecord) => AuditRecord]>([
    ['payload', (r) => ({ ...r, payload: (r.payload ?? '').replace('user', 'User') })],
    ['kind', (r) => ({ ...r, kind: 'logout' })],
    ['time', (r) => ({ ...r, wallMs: r.wallMs + 1 })],
    ['boot time', (r) => ({ ...r, bootMs: r.bootMs + 1 })],
    ['salt', (r) => ({ ...r, salt: Buffer.alloc(16) })],
    ['payload hash', (r) => ({ ...r, payloadHash: Buffer.alloc(32) })],
    ['hash', (r) => ({ ...r, hash: Buffer.alloc(32) })],
  ])('F-D15: names the record whose %s was changed', (_what, change) => {
    fc.assert(
      fc.property(at, (i) => {
        expect(firstBad(records.map((r, j) => (j === i ? change(r) : r)))).toBe(seqOf(i));
      }),
    );
  });

  it('F-D14: names the first record after one that was removed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 18 }), (i) => {
        expect(firstBad(records.filter((_, j) => j !== i))).toBe(seqOf(i + 1));
      }),
    );
  });

  it('finds two records that changed places, and one that stands twice', () => {
    fc.assert(
      fc.property(at, at, (i, j) => {
        fc.pre(i !== j);
        const swapped = [...records];
        [swapped[i], swapped[j]] = [records[j]!, records[i]!];
        expect(firstBad(swapped)).toBeDefined();
        expect(firstBad([...records.slice(0, i + 1), records[i]!, ...records.slice(i + 1)])).toBe(seqOf(i));
      }),
    );
  });

  it('still verifies when payloads have expired', () => {
    const expired = records.map((r, i) => (i < 10 ? { ...r, payload: null, salt: null } : r));
    expect(verifyChain(expired)).toMatchObject({ ok: true, records: 20 });
  });

  it('F-D14: finds a tail that was cut off and a chain that was rebuilt only by an anchor', () => {
    const head = { seq: 20, hash: records[19]!.hash.toString('hex') };
    expect(verifyChain(records.slice(0, 15))).toMatchObject({ ok: true });
    const cut = verifyChain(records.slice(0, 15), [head]);
    expect(cut).toEqual({ ok: false, firstBadSeq: 16, fault: 'anchor_missing' });
    expect(verifyChain(chain(20))).toMatchObject({ ok: true });
    const rebuilt = verifyChain(chain(20), [head]);
    expect(rebuilt).toEqual({ ok: false, firstBadSeq: 20, fault: 'anchor_differs' });
    expect(verifyChain(records, [head])).toMatchObject({ ok: true, unanchored: 0 });
  });

  it('says how many records no anchor vouches for, and believes no anchor that contradicts another', () => {
    const anchor = (seq: number): Anchor => ({ seq, hash: records[seq - 1]!.hash.toString('hex') });
    expect(verifyChain(records, [anchor(12), anchor(5)])).toMatchObject({ ok: true, unanchored: 8 });
    expect(verifyChain(records)).toMatchObject({ unanchored: 20 });
    const other = { seq: 12, hash: '0'.repeat(64) };
    expect(verifyChain(records, [other, anchor(12)])).toMatchObject({ ok: false, firstBadSeq: 12 });
  });
});

describe('a checkpoint', () => {
  const key = Buffer.alloc(32, 7);
  const checkpoint = { seq: 20, hash: 'ab'.repeat(32), rMs: 1_795_000_000_000 };

  it('is read as it was signed, and by nobody else, and not when a byte of it was changed', () => {
    const line = signCheckpoint(checkpoint, key);
    expect(readCheckpoint(line, key)).toEqual(checkpoint);
    expect(readCheckpoint(line, Buffer.alloc(32, 8))).toBeUndefined();
    expect(readCheckpoint(line.replace('20', '21'), key)).toBeUndefined();
    for (const text of ['', '{}', 'null', '[]', '"x"', line.slice(1)])
      expect(readCheckpoint(text, key)).toBeUndefined();
  });

  it('is found as an anchor wherever it stands in a text', () => {
    const line = `Nov 21 box fortnight[7]: {"anchor":"${anchorText(checkpoint)}"}\n${anchorText(checkpoint)}`;
    const { seq, hash } = checkpoint;
    expect(anchorsIn(line)).toEqual([
      { seq, hash },
      { seq, hash },
    ]);
    expect(anchorsIn(`20:${hash}ab and x20:${hash}`)).toEqual([]);
  });
});
