import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerRange, rangeCounts } from '../../src/http/range.ts';

describe('a Range header', () => {
  it('never leads outside the file, and never to an empty part', () => {
    const header = fc.oneof(
      fc.tuple(fc.nat(40), fc.nat(40)).map(([a, b]) => `bytes=${String(a)}-${String(b)}`),
      fc.nat(40).map((a) => `bytes=${String(a)}-`),
      fc.nat(40).map((a) => `bytes=-${String(a)}`),
      fc.stringMatching(/^(bytes|items)=[0-9, -]{0,12}$/),
      fc.string(),
    );
    fc.assert(
      fc.property(header, fc.nat(30), (value, size) => {
        const answer = answerRange(value, size);
        if (answer.kind !== 'part') return;
        expect(answer.from).toBeGreaterThanOrEqual(0);
        expect(answer.from).toBeLessThan(answer.to);
        expect(answer.to).toBeLessThanOrEqual(size);
      }),
    );
  });

  it('from first to last gives exactly those bytes that exist', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.nat(30), fc.nat(30), (first, last, size) => {
        const bytes = Array.from({ length: size }, (_, i) => i);
        const wanted = bytes.slice(first, last + 1);
        const answer = answerRange(`bytes=${String(first)}-${String(last)}`, size);
        if (last < first) expect(answer).toEqual({ kind: 'whole' });
        else if (wanted.length === 0) expect(answer).toEqual({ kind: 'unsatisfiable' });
        else expect(answer).toEqual({ kind: 'part', from: wanted[0], to: wanted.at(-1)! + 1 });
      }),
    );
  });

  it('of a suffix gives the last bytes, all of them when it asks for more than there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 30 }), (length, size) => {
        const from = Math.max(0, size - length);
        expect(answerRange(`bytes=-${String(length)}`, size)).toEqual({ kind: 'part', from, to: size });
      }),
    );
  });

  it('that is absent, of another unit, of several parts or malformed is no range', () => {
    for (const header of [
      undefined,
      '',
      'items=0-1',
      'bytes=0-1,3-4',
      'bytes=a-b',
      'bytes=--1',
      'bytes',
      'bytes=-',
    ])
      expect(answerRange(header, 10)).toEqual({ kind: 'whole' });
  });

  it('counts only for the content the client has seen', () => {
    expect(rangeCounts(undefined, '"a"')).toBe(true);
    expect(rangeCounts('"a"', '"a"')).toBe(true);
    expect(rangeCounts('W/"a"', '"a"')).toBe(false);
    expect(rangeCounts('"b"', '"a"')).toBe(false);
  });
});
