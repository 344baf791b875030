import { describe, expect, it } from 'vitest';
import { diskWatch } from '../../src/retention/disk-watch.ts';
import { judgeFound, youngByName, type FoundFile, type WatchTerms } from '../../src/retention/watchdog.ts';
import { holdOver } from '../support/sweeping.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 21, 12);

const terms: WatchTerms = {
  nowMs: NOW,
  retentionMs: 14 * DAY,
  holds: [],
  trustNames: false,
  behindMs: 0,
};

/** A clip that ended so long ago by its name and by its mtime. */
function ended(agoMs: number, change: Partial<FoundFile> = {}): FoundFile {
  const endMs = NOW - agoMs;
  return {
    cameraId: 'entrance',
    startsMs: [endMs - 10_000],
    endsMs: [],
    statedLengthMs: 10_000,
    maxClipMs: HOUR,
    mtimeMs: endMs,
    birthMs: 0,
    ...change,
  };
}

describe('the watchdog', () => {
  it('calls a file overdue five minutes after its time, and not before', () => {
    expect(judgeFound(ended(14 * DAY + 5 * MINUTE - 1), terms).overdue).toBe(false);
    expect(judgeFound(ended(14 * DAY + 5 * MINUTE), terms)).toEqual({
      endMs: NOW - 14 * DAY - 5 * MINUTE,
      held: false,
      overdue: true,
    });
  });

  it('sees what a hold keeps by name and by mtime, and that an ended one keeps nothing', () => {
    const at = NOW - 20 * DAY;
    const over = (extra = {}) => ({
      ...terms,
      holds: [holdOver(['entrance'], at - MINUTE, at + MINUTE, extra)],
    });
    expect(judgeFound(ended(20 * DAY), over()).held).toBe(true);
    expect(judgeFound(ended(30 * DAY, { mtimeMs: at }), over()).held).toBe(true);
    expect(judgeFound(ended(20 * DAY, { cameraId: 'hall' }), over()).held).toBe(false);
    expect(judgeFound(ended(20 * DAY), over({ releasedMs: NOW - 2 * DAY, endsMs: NOW - DAY })).held).toBe(
      false,
    );
  });

  it('does not call a file old for its name alone', () => {
    expect(judgeFound(ended(400 * DAY, { mtimeMs: NOW - DAY }), terms).overdue).toBe(false);
    expect(judgeFound(ended(20 * DAY, { mtimeMs: NOW - DAY }), { ...terms, trustNames: true }).overdue).toBe(
      true,
    );
  });

  it('counts a file that still grows from when it was made', () => {
    const growing = ended(0, { startsMs: [NOW - 15 * DAY], statedLengthMs: null, maxClipMs: null });
    expect(judgeFound(growing, terms).overdue).toBe(false);
    expect(judgeFound({ ...growing, birthMs: NOW - 15 * DAY }, terms).overdue).toBe(true);
  });

  it('allows for a wall clock that is behind', () => {
    expect(judgeFound(ended(16 * DAY), { ...terms, behindMs: 3 * DAY }).overdue).toBe(false);
  });

  it('asks no more of a file whose name says that it is young', () => {
    expect(youngByName([NOW - DAY], terms)).toBe(true);
    expect(youngByName([NOW - 14 * DAY], terms)).toBe(false);
    expect(youngByName([NOW + 1], terms)).toBe(false);
    expect(youngByName([], terms)).toBe(false);
  });

  it('leaves out what the index keeps for a reason, and names what the index has lost', () => {
    const walk = {
      files: 9,
      unreadableDirs: 0,
      oldestUnheldEndMs: 1,
      overdueFiles: 4,
      overdue: ['lost', 'kept', 'late', 'lost too'],
    };
    const says = (path: string) => (path.startsWith('lost') ? 'unknown' : path === 'kept' ? 'kept' : 'known');
    const { watch, lost } = diskWatch(walk, NOW, says);
    expect(lost).toEqual(['lost', 'lost too']);
    expect(watch).toMatchObject({ overdueFiles: 3, unindexedFiles: 2, walkedMs: NOW });
  });
});
