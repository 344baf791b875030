import { expect, test } from 'vitest';
import {
  judgeAbsence,
  pairMoved,
  SECOND_SCAN_MS,
  THIRD_SCAN_MS,
  type Absent,
} from '../../src/ingest/missing.ts';

const NOW = 1_800_000_000_000;
const absent = (id: number, missingMs: number | null, missedTwice = false): Absent => ({
  id,
  missingMs,
  missedTwice,
});
const many = (n: number, missingMs: number | null, missedTwice = false): Absent[] =>
  Array.from({ length: n }, (_, i) => absent(i, missingMs, missedTwice));

test('the first miss is noted, the second counts after ten minutes and not before', () => {
  expect(judgeAbsence([absent(1, null)], 1000, NOW).changes).toEqual([{ id: 1, as: 'once' }]);
  expect(judgeAbsence([absent(1, NOW - SECOND_SCAN_MS + 1)], 1000, NOW).changes).toEqual([]);
  expect(judgeAbsence([absent(1, NOW - SECOND_SCAN_MS)], 1000, NOW).changes).toEqual([{ id: 1, as: 'gone' }]);
});

test.each([
  [50, 100_000, false],
  [51, 100_000, true],
  [10, 1000, false],
  [11, 1000, true],
])('%i of %i clips missing: mass loss is %s', (lost, clips, mass) => {
  const judged = judgeAbsence(many(lost, NOW - SECOND_SCAN_MS), clips, NOW);
  expect(judged.massLoss).toBe(mass);
  expect(new Set(judged.changes.map((c) => c.as))).toEqual(new Set([mass ? 'twice' : 'gone']));
});

test('a mass loss is believed an hour after the second scan, and is not announced again', () => {
  const early = judgeAbsence(many(60, NOW - THIRD_SCAN_MS + 1, true), 100, NOW);
  expect(early).toEqual({ massLoss: false, changes: [] });
  const late = judgeAbsence(many(60, NOW - THIRD_SCAN_MS, true), 100, NOW);
  expect(late.massLoss).toBe(false);
  expect(late.changes.every((c) => c.as === 'gone')).toBe(true);
  expect(late.changes).toHaveLength(60);
});

const file = (
  id: number,
  ino: bigint,
  extra: object = {},
): Parameters<typeof pairMoved>[1] extends Iterable<infer C> ? C : never => ({
  id,
  ino,
  sizeBytes: 100,
  mtimeNs: 5n,
  fingerprint: '0123456789abcdef',
  ...extra,
});

test('a vanished file is found under its new name by inode and content', () => {
  const vanished = new Map([[7n, file(1, 7n)]]);
  expect(pairMoved(vanished, [file(2, 8n), file(3, 7n)])).toEqual([{ fromId: 1, toId: 3 }]);
});

test('an inode that is used again for other content is no move', () => {
  const vanished = new Map([[7n, file(1, 7n)]]);
  expect(pairMoved(vanished, [file(3, 7n, { fingerprint: 'another one .....' })])).toEqual([]);
  expect(pairMoved(vanished, [file(3, 7n, { sizeBytes: 101 })])).toEqual([]);
  expect(pairMoved(vanished, [file(3, 7n, { fingerprint: null })])).toEqual([]);
});

test('a recording under its temporary name has moved to a file that is at least as long and as young', () => {
  const vanished = new Map([[7n, file(1, 7n, { fingerprint: null })]]);
  expect(pairMoved(vanished, [file(3, 7n, { sizeBytes: 500 })])).toHaveLength(1);
  expect(pairMoved(vanished, [file(3, 7n, { sizeBytes: 99 })])).toEqual([]);
  expect(pairMoved(vanished, [file(3, 7n, { mtimeNs: 4n })])).toEqual([]);
});
