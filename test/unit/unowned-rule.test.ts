import { expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../src/base/clock.ts';
import type { FileSight } from '../../src/retention/file-protocol.ts';
import { decideUnowned, type UnownedCircumstances } from '../../src/retention/unowned-rule.ts';

const NOW = Date.UTC(2026, 10, 1);
const OLD = NOW - 40 * DAY_MS;
const sight = (mtimeMs = OLD, ctimeMs = OLD): FileSight => ({
  ino: 7n,
  sizeBytes: 1,
  mtimeNs: BigInt(mtimeMs) * 1_000_000n,
  ctimeMs,
});
const by: UnownedCircumstances = {
  nowMs: NOW,
  deleteAfterMs: 30 * DAY_MS,
  reading: undefined,
  maxClipMs: HOUR_MS,
  cameraIds: new Set(['hall']),
  holds: [],
};
const named = (startMs: number): UnownedCircumstances => ({
  ...by,
  reading: {
    kind: 'video',
    recorderCamera: 'garden',
    startsMs: [startMs],
    endsMs: [],
    lengthMs: null,
    shifted: false,
    named: true,
  },
});

test('a file that is old by every evidence may go, exactly at its moment', () => {
  const edge = NOW - 30 * DAY_MS;
  expect(decideUnowned({ seenMs: edge }, sight(edge, edge), by)).toEqual({ mayDelete: true });
  expect(decideUnowned({ seenMs: edge }, sight(edge + 1, edge), by)).toMatchObject({ untilMs: NOW + 1 });
});

test.each([
  ['mtime', { seenMs: OLD }, sight(NOW - DAY_MS), by],
  ['change', { seenMs: OLD }, sight(OLD, NOW - DAY_MS), by],
  ['first sight', { seenMs: NOW - DAY_MS }, sight(), by],
  ['name', { seenMs: OLD }, sight(), named(NOW - DAY_MS)],
])('one young evidence keeps it: %s', (_, file, seen, circumstances) => {
  expect(decideUnowned(file, seen, circumstances)).toEqual({
    mayDelete: false,
    why: 'young',
    untilMs: NOW + 29 * DAY_MS,
  });
});
