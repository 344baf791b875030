import { describe, expect, test } from 'vitest';
import { DAY_MS } from '../../src/base/clock.ts';
import { removableDirs } from '../../src/roots/removable.ts';
import {
  ADOPTION_MS,
  blockedBy,
  isReadable,
  judgeRoot,
  type Observation,
  type RootRecord,
  type Surroundings,
} from '../../src/roots/state.ts';
import { ENROLLED as record } from '../support/roots.ts';

const by: Surroundings = {
  installId: 'install-1',
  nowMs: 10 * DAY_MS,
  bootId: 'boot-1',
  holds: { length: () => 3, macAt: (seq) => `mac-${String(seq)}` },
  // Copies of the head up to record 100 are known.
  trail: { beyond: (head) => (Number(head) > 100 ? Number(head) : undefined), head: () => '100' },
  otherRoots: new Set(['root-2']),
};
const marker = { format: 1 as const, rootUuid: 'root-1', installId: 'install-1', lastHoldSeq: 3 };
const open: Extract<Observation, { reach: 'open' }> = {
  reach: 'open',
  place: '7@31',
  marker,
  writable: 'yes',
  holdsFiles: false,
  storage: {
    fsType: 0xef53,
    fsName: 'ext4',
    devices: [],
    snapshots: 0,
    device: '8:1',
    freeBytes: 1,
    totalBytes: 2,
  },
};
const fresh: RootRecord = { ...record, rootUuid: null };

const judge = (r: RootRecord, seen: Observation, s: Surroundings = by): [string, string?] => {
  const { state, act } = judgeRoot(r, seen, s);
  return act === undefined ? [state] : [state, act];
};

test('a root with its own marker is online', () => {
  expect(judge(record, open)).toEqual(['online']);
});

test('a new root is enrolled: online when it is empty, waiting for a person when it holds footage', () => {
  expect(judge(fresh, { ...open, marker: 'none' })).toEqual(['online', 'enrol']);
  expect(judge(fresh, { ...open, marker: 'none', holdsFiles: true })).toEqual(['adopting', 'enrol']);
});

test('a root that has seen more of the audit than there is waits for a person, and follows once confirmed (F-D3)', () => {
  const seen = { ...open, head: '101' };
  expect(judge(record, { ...open, head: '100' })).toEqual(['online']);
  expect(judgeRoot(record, seen, by)).toMatchObject({
    state: 'recovery',
    why: 'the root has seen the audit up to record 101: the index is an older or another one',
    recovery: { rootSeq: 3, confirmed: false },
  });
  const recovery = { rootSeq: 3, confirmed: false };
  // It does not end by new records that reach as far.
  expect(judge({ ...record, recovery }, open)).toEqual(['recovery']);
  expect(judge({ ...record, recovery: { ...recovery, confirmed: true } }, seen)).toEqual([
    'recovery',
    'renumber',
  ]);
  expect(judge({ ...record, recovery: { ...recovery, confirmed: true } }, open)).toEqual(['online']);
});

test('a new index takes a root over and says how far the audit before it had come', () => {
  expect(judgeRoot(fresh, { ...open, head: '101' }, by)).toMatchObject({
    state: 'online',
    act: 'take',
    why: 'as enrolled; a new index after record 101',
  });
});

test('an enrolled root without its marker is offline, never enrolled again', () => {
  expect(judge(record, { ...open, marker: 'none' })).toEqual(['offline']);
  expect(judge(record, { ...open, marker: 'none', holdsFiles: true })).toEqual(['offline']);
  expect(judge(record, { reach: 'none', why: 'missing', cause: 'missing' })).toEqual(['offline']);
});

test.each([
  ['of another installation', record, { ...marker, installId: 'install-2' }],
  ['of another root', record, { ...marker, rootUuid: 'root-9' }],
  ['of another source', fresh, { ...marker, rootUuid: 'root-2' }],
])('a marker %s makes the root foreign', (_, r, m) => {
  expect(judge(r, { ...open, marker: m })).toEqual(['foreign']);
});

test('a marker that cannot be read makes the root foreign, enrolled or not', () => {
  expect(judge(record, { ...open, marker: 'damaged' })).toEqual(['foreign']);
  expect(judge(fresh, { ...open, marker: 'damaged' })).toEqual(['foreign']);
});

test('a marker of ours that the index does not know of is taken, and its footage waits', () => {
  expect(judge(fresh, open)).toEqual(['online', 'take']);
  expect(judge(fresh, { ...open, holdsFiles: true })).toEqual(['adopting', 'take']);
});

test('adoption ends by a person, or after a day of retention time', () => {
  const waiting = { ...record, adoptionSinceMs: by.nowMs - ADOPTION_MS + 1 };
  expect(judge(waiting, open)).toEqual(['adopting']);
  expect(judge({ ...waiting, adoptionConfirmed: true }, open)).toEqual(['online']);
  expect(judge(waiting, open, { ...by, nowMs: by.nowMs + 1 })).toEqual(['online']);
});

test('a root that cannot be written to is read-only', () => {
  expect(judge(record, { ...open, writable: 'read_only' })).toEqual(['readonly']);
  expect(judge(record, { ...open, writable: 'refused' })).toEqual(['readonly']);
  expect(judge(fresh, { ...open, marker: 'none', writable: 'read_only' })).toEqual(['readonly']);
});

describe('a root that knows of holds we do not', () => {
  const seen = (lastHoldSeq: number, lastHoldMac?: string): Observation => ({
    ...open,
    marker: { ...marker, lastHoldSeq, ...(lastHoldMac !== undefined && { lastHoldMac }) },
  });
  const waiting = { ...record, recovery: { rootSeq: 4, confirmed: false } };
  const confirmed = { ...record, recovery: { rootSeq: 4, confirmed: true } };

  test('waits for a person when its number is higher than ours', () => {
    expect(judgeRoot(record, seen(4), by)).toMatchObject({
      state: 'recovery',
      recovery: { rootSeq: 4, confirmed: false },
    });
  });

  test('waits for a person when another list has grown as long meanwhile', () => {
    expect(judge(record, seen(3, 'mac-3'))).toEqual(['online']);
    expect(judge(record, seen(2, 'of another list'))).toEqual(['recovery']);
  });

  test('goes on waiting however long the list becomes', () => {
    expect(judge(waiting, seen(4))).toEqual(['recovery']);
    expect(judge(waiting, seen(2, 'mac-2'))).toEqual(['recovery']);
    expect(judgeRoot(waiting, seen(9), by).recovery).toEqual({ rootSeq: 9, confirmed: false });
  });

  test('is renumbered when a person confirmed the list, and waits no more when it has been', () => {
    expect(judge(confirmed, seen(4))).toEqual(['recovery', 'renumber']);
    expect(judge(confirmed, seen(3, 'of another list'))).toEqual(['recovery', 'renumber']);
    expect(judgeRoot(confirmed, seen(3, 'mac-3'), by)).toMatchObject({ state: 'online', recovery: null });
  });

  test('waits anew when its marker has moved beyond what was confirmed', () => {
    expect(judgeRoot(confirmed, seen(5), by)).toMatchObject({
      state: 'recovery',
      recovery: { rootSeq: 5, confirmed: false },
    });
  });
});

test('a failing root stays so until it is mounted again or the box is started again', () => {
  const failing = {
    ...record,
    failing: { place: open.place, bootId: 'boot-1', why: 'EIO at fsync', cause: 'not_durable' as const },
  };
  expect(judge(failing, open)).toEqual(['failing']);
  expect(judge(failing, { reach: 'none', why: 'EIO', cause: 'stale' })).toEqual(['failing']);
  expect(judge(failing, { ...open, place: '7@99' })).toEqual(['online']);
  expect(judge(failing, open, { ...by, bootId: 'boot-2' })).toEqual(['online']);
});

test('only an online root blocks nothing, and what may be read is not always what may be deleted from', () => {
  const states = ['online', 'offline', 'foreign', 'readonly', 'failing', 'adopting', 'recovery'] as const;
  expect(states.filter((s) => blockedBy(s).length === 0)).toEqual(['online']);
  expect(states.filter(isReadable)).toEqual(['online', 'readonly', 'adopting', 'recovery']);
});

test.each<[string, RootRecord, Observation]>([
  ['missing', record, { reach: 'none', why: 'x', cause: 'missing' }],
  ['stale', record, { reach: 'none', why: 'x', cause: 'stale' }],
  ['marker_missing', record, { ...open, marker: 'none' }],
  ['marker_damaged', record, { ...open, marker: 'damaged' }],
  ['other_install', record, { ...open, marker: { ...marker, installId: 'install-2' } }],
  ['other_root', record, { ...open, marker: { ...marker, rootUuid: 'root-9' } }],
  ['other_source', fresh, { ...open, marker: { ...marker, rootUuid: 'root-2' } }],
  ['mounted_read_only', record, { ...open, writable: 'read_only' }],
  ['write_refused', record, { ...open, writable: 'refused' }],
])('a root that is not online names its cause: %s', (cause, r, seen) => {
  expect(judgeRoot(r, seen, by).cause).toBe(cause);
});

test('F-S28: empty date directories go a day after the retention, deepest first; a camera keeps its own', () => {
  const at = { nowMs: 30 * DAY_MS, retentionMs: 14 * DAY_MS };
  const dirs = [
    { path: '', closesMs: null },
    { path: 'hall', closesMs: null },
    { path: '01', closesMs: 15 * DAY_MS - 1 },
    { path: '01/23', closesMs: 15 * DAY_MS - 1 },
    { path: '02', closesMs: 15 * DAY_MS },
  ];
  expect(removableDirs(dirs, at)).toEqual(['01/23', '01']);
});
