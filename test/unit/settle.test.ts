import { expect, test } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../src/base/clock.ts';
import {
  ABANDONED_MS,
  finished,
  mayBeFinished,
  QUIET_MS,
  quietMs,
  SUPERSEDED_QUIET_MS,
  type Signs,
} from '../../src/ingest/settle.ts';

const NOW = 1_800_000_000_000;
const at = { wallMs: NOW, bootMs: 500_000, timesBelievable: true };
const sight = (mtimeMs: number, sizeBytes = 10): { ino: bigint; sizeBytes: number; mtimeNs: bigint } => ({
  ino: 5n,
  sizeBytes,
  mtimeNs: BigInt(mtimeMs) * 1_000_000n,
});
const quiet: Signs = { quietMs: 0, finalName: false, superseded: false };

test('an mtime that lies back is the first look', () => {
  expect(quietMs(sight(NOW - QUIET_MS), undefined, at)).toBe(QUIET_MS);
});

test('an mtime in the future, or while the clock is in doubt, proves nothing: two looks do', () => {
  const ahead = sight(NOW + HOUR_MS);
  expect(quietMs(ahead, undefined, at)).toBe(0);
  expect(quietMs(ahead, { ...ahead, sinceBootMs: 400_000 }, at)).toBe(100_000);
  const back = sight(NOW - HOUR_MS);
  expect(quietMs(back, undefined, { ...at, timesBelievable: false })).toBe(0);
});

test('a look at another size, inode or mtime proves nothing', () => {
  const now = sight(NOW + HOUR_MS);
  for (const other of [sight(NOW + HOUR_MS, 9), sight(NOW), { ...now, ino: 6n }]) {
    expect(quietMs(now, { ...other, sinceBootMs: 0 }, at)).toBe(0);
  }
});

test('quiet for two minutes and whole: finished; a millisecond less, or not whole: not', () => {
  expect(finished({ ...quiet, quietMs: QUIET_MS }, true)).toBe(true);
  expect(finished({ ...quiet, quietMs: QUIET_MS - 1 }, true)).toBe(false);
  expect(finished({ ...quiet, quietMs: QUIET_MS }, false)).toBe(false);
});

test('quiet for an hour: finished whatever its structure', () => {
  expect(finished({ ...quiet, quietMs: ABANDONED_MS }, false)).toBe(true);
  expect(finished({ ...quiet, quietMs: ABANDONED_MS - 1 }, false)).toBe(false);
});

test("the recorder's signal counts when the file is whole", () => {
  expect(finished({ ...quiet, finalName: true }, true)).toBe(true);
  expect(finished({ ...quiet, finalName: true }, false)).toBe(false);
});

test('a newer clip ends a recording that has stopped growing, not one that grows beside it', () => {
  const superseded = { ...quiet, superseded: true };
  expect(finished({ ...superseded, quietMs: SUPERSEDED_QUIET_MS }, false)).toBe(true);
  expect(finished({ ...superseded, quietMs: SUPERSEDED_QUIET_MS - 1 }, true)).toBe(false);
});

test('what is not worth reading would not be finished with the best content either', () => {
  for (const finalName of [false, true]) {
    for (const superseded of [false, true]) {
      for (const ms of [0, SUPERSEDED_QUIET_MS, MINUTE_MS, QUIET_MS, ABANDONED_MS]) {
        const signs = { quietMs: ms, finalName, superseded };
        if (!mayBeFinished(signs)) expect(finished(signs, true)).toBe(false);
      }
    }
  }
});
