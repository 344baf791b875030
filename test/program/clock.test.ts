/** What was recorded in doubt moves with the clock, in the real index. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { everyRecord } from '../../src/audit/verify.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/base/clock.ts';
import { createAuditStore } from '../../src/db/audit.ts';
import { createClockStore } from '../../src/db/retention/clock.ts';
import { RetentionClock } from '../../src/retention/retention-clock.ts';
import { DAY, T0, makeFootage, type Footage } from '../support/footage.ts';

let f: Footage;
let r: RetentionClock;
let synchronised: boolean;

function start(): void {
  const store = createClockStore(f.db, f.audit, () => undefined);
  r = new RetentionClock(f.clock, store, {
    trust: 'synchronised',
    checkedBootMs: () => (synchronised ? f.clock.bootMs() : null),
  });
}

/** A clip that ends now by the wall clock, as a recorder and the ingest date it. */
const record = (name: string): number =>
  f.add(name, { startMs: f.clock.wallMs() - 10_000, endMs: f.clock.wallMs() });
const times = (id: number): Record<string, number> =>
  f.db
    .prepare('SELECT start_ms, end_ms, due_ms, cover_from_ms, cover_to_ms FROM clip WHERE id = ?')
    .get(id) as Record<string, number>;

/** Off, and back with the time at which it went off. */
function offAndBack(offMs: number): void {
  const wallMs = f.clock.wallMs();
  f.clock.reboot(offMs);
  f.clock.stepWallTo(wallMs);
  synchronised = false;
  start();
}

beforeEach(() => {
  f = makeFootage();
  synchronised = true;
  start();
});
afterEach(() => {
  f.close();
});

describe('a box without battery clock whose time source comes two days late (F-C4)', () => {
  it('dates what it recorded meanwhile anew, and nothing else', () => {
    const before = record('cam/before.mp4');
    f.clock.advance(MINUTE_MS);
    r.tick();
    const known = times(before);
    offAndBack(21 * DAY);
    f.clock.advance(DAY);
    r.tick();
    expect(r.suspect).toBe(false);
    const inDoubt = record('cam/in-doubt.mp4');
    const doubtful = times(inDoubt);
    f.clock.advance(DAY);
    const trueMs = f.clock.wallMs() + 21 * DAY;
    f.clock.stepWallTo(trueMs);
    synchronised = true;
    r.tick();
    const moved = 21 * DAY;
    expect(times(before)).toEqual(known);
    expect(times(inDoubt)).toEqual({
      start_ms: doubtful['start_ms']! + moved,
      end_ms: trueMs - DAY,
      due_ms: trueMs + 13 * DAY,
      cover_from_ms: doubtful['cover_from_ms'],
      cover_to_ms: doubtful['cover_to_ms']! + moved,
    });
    const steps = [...everyRecord(createAuditStore(f.db))].filter((a) => a.kind === 'clock_step');
    expect(JSON.parse(steps.at(-1)?.payload ?? '{}')).toMatchObject({
      kind: 'accepted',
      byMs: 21 * DAY - 20_000, // `r` had counted the seconds of the boot, which the wall clock had not
      rule: 'synchronised',
      clipsMoved: 1,
    });
  });

  it('knows after a crash since when it is in doubt', () => {
    f.clock.advance(MINUTE_MS);
    r.tick();
    offAndBack(10 * DAY);
    const clip = record('cam/a.mp4');
    const due = times(clip)['due_ms']!;
    start();
    f.clock.stepWallTo(f.clock.wallMs() + 10 * DAY);
    synchronised = true;
    r.tick();
    expect(times(clip)['due_ms']).toBe(due + 10 * DAY);
  });
});

it('a box that is off twelve hours each day keeps its footage later, never shorter, until its time source speaks', () => {
  const clips: { id: number; trueMs: number }[] = [];
  let trueMs = T0;
  for (let day = 0; day < 2; day += 1) {
    offAndBack(12 * HOUR_MS);
    trueMs += 12 * HOUR_MS + 20_000;
    clips.push({ id: record(`cam/${String(day)}.mp4`), trueMs });
    f.clock.advance(12 * HOUR_MS);
    trueMs += 12 * HOUR_MS;
    r.tick();
  }
  f.clock.stepWallTo(trueMs);
  synchronised = true;
  r.tick();
  expect(r.nowMs()).toBe(trueMs);
  for (const clip of clips) expect(times(clip.id)['due_ms']).toBeGreaterThanOrEqual(clip.trueMs + 14 * DAY);
});

it('a first start in 2037 dates its clips back when the clock is set right', () => {
  synchronised = false;
  f.db.prepare('DELETE FROM retention_clock').run();
  f.clock.stepWallTo(Date.UTC(2037, 0, 1));
  start();
  const clip = record('cam/a.mp4');
  f.clock.stepWallTo(T0);
  synchronised = true;
  r.tick();
  expect(r.nowMs()).toBe(T0);
  expect(times(clip)).toMatchObject({
    end_ms: T0,
    due_ms: T0 + 14 * DAY,
    cover_to_ms: Date.UTC(2037, 0, 1),
  });
  expect(times(clip)['cover_from_ms']).toBeLessThanOrEqual(T0);
});
