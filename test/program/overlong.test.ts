import { afterEach, beforeEach, expect, it } from 'vitest';
import { maySee } from '../../src/access/may-see.ts';
import { createStatusDesk, type StatusDesk } from '../../src/app/status.ts';
import { createClipReader } from '../../src/db/clips/clips.ts';
import { FLAG_BITS } from '../../src/db/clips/clip-row.ts';
import { createCoverage } from '../../src/db/clips/coverage.ts';
import { createStatusFigures } from '../../src/db/clips/status.ts';
import type { ClipReader } from '../../src/clips/store.ts';
import { HoldSet } from '../../src/holds/hold-set.ts';
import type { Alarms } from '../../src/alarms/alarms.ts';
import type { RetentionClock } from '../../src/retention/retention-clock.ts';
import { DAY, T0, makeFootage, type Footage } from '../support/footage.ts';
import { holdOver } from '../support/sweeping.ts';

const MINUTE = 60_000;
let f: Footage;
let holds: HoldSet;
let reader: ClipReader;
let desk: StatusDesk;
let clipId: number;

beforeEach(() => {
  f = makeFootage();
  holds = new HoldSet();
  reader = createClipReader(f.db, createCoverage(f.db));
  const nowMs = (): number => f.clock.wallMs();
  desk = createStatusDesk({
    clock: f.clock,
    retention: { nowMs, suspect: false, gapMs: () => 0, synchronised: true } as unknown as RetentionClock,
    retentionDays: () => 14,
    reader,
    figures: createStatusFigures(f.db),
    unowned: { counts: () => [] },
    unownedRule: () => undefined,
    holds,
    alarms: { all: () => [] } as unknown as Alarms,
    cameraIds: ['entrance'],
    recording: () => new Set(['entrance']),
    roots: () => [],
    vault: () => ({ copies: null, copyBytes: null, keepFreeBytes: 0 }),
    blocked: () => [],
    breakerSinceMs: () => null,
    disk: () => null,
    backlog: () => null,
    lastSweep: () => undefined,
    drill: () => undefined,
    held: () => undefined,
    ingest: () => ({ lagMs: 0, queue: 0 }),
  });
  clipId = f.add('hall/growing.ts', { startMs: T0, endMs: T0 + 2 * DAY, state: 0 });
  f.db
    .prepare('UPDATE clip SET flags = ?, due_ms = ?, finished_ms = NULL WHERE id = ?')
    .run(FLAG_BITS.overlong, T0 + 14 * DAY, clipId);
});
afterEach(() => {
  f.close();
});

const sight = (): string =>
  maySee({ clips: reader, currentHolds: () => holds.inForce() }, clipId, {
    userName: 'j.devries',
    nowMs: f.clock.wallMs(),
  }).see;

it('a file that grows past the retention of what it begins with is overdue, and as old as its start', () => {
  f.clock.advance(14 * DAY);
  expect(desk.status()).toMatchObject({ overdueClips: 0, oldestUnheldEndMs: T0 });
  f.clock.advance(5 * MINUTE + 1);
  expect(desk.status()).toMatchObject({ overdueClips: 1, oldestUnheldEndMs: T0 });
  expect(desk.snapshot().cameras).toMatchObject([{ cameraId: 'entrance', overdueClips: 1 }]);
});

it('a growing file that is held is not overdue, and is seen until its hold is released', () => {
  f.clock.advance(15 * DAY);
  expect(sight()).toBe('gone');
  const hold = holdOver(['entrance'], T0, T0 + MINUTE, {});
  holds.add(hold);
  expect(desk.status()).toMatchObject({ overdueClips: 0, oldestUnheldEndMs: null });
  expect(sight()).toBe('yes');
  const nowMs = f.clock.wallMs();
  holds.add({ ...hold, version: hold.version + 1, releasedMs: nowMs, endsMs: nowMs + DAY });
  expect(sight()).toBe('gone');
});
