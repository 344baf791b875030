/** The watchdog of I13 in the whole program: what it says of real files, and of those the index has lost. */
import { chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import { holdOver } from '../support/sweeping.ts';
import { releaseByTwo } from '../support/two-people.ts';
import { DAY, startWhole, until, type Whole } from '../support/whole.ts';

const T0 = Date.UTC(2026, 10, 1, 12);

let clock: SimulatedClock;
let w: Whole;
beforeEach(async () => {
  clock = new SimulatedClock(T0);
  w = await startWhole({ clock });
});
afterEach(async () => {
  await w.close();
});

const disk = () => w.app.rooms.desk.status().roots.find((r) => r.id === 'nvr')!.disk;
async function walk(): Promise<NonNullable<ReturnType<typeof disk>>> {
  await w.job('watchdog');
  return disk()!;
}
const reconcile = () => w.app.rooms.ingest.reconcile('nvr', { full: true });
const metric = async (name: string) =>
  new RegExp(`^${name}\\{root="nvr"\\} (.*)$`, 'm').exec(
    await (await fetch(`http://127.0.0.1:${String(w.metricsPort)}/metrics`)).text(),
  )?.[1];

it('the status says when the oldest clip goes that nothing holds, not when a held one is due', async () => {
  w.record('nvr', T0 - 14 * DAY + 60_000);
  w.record('nvr', T0 - 13 * DAY);
  await reconcile();
  const next = () => w.app.rooms.desk.status().nextDueMs;
  expect(next()).toBe(T0 + 70_000);
  const { terms } = holdOver(['entrance'], T0 - 15 * DAY, T0 - 13.5 * DAY);
  await w.app.rooms.holds.place(terms, { by: 'facility', key: 'k' });
  expect(next()).toBe(T0 + DAY + 10_000);
});

describe('the watchdog', () => {
  it('says how old the oldest footage on the disk is, without the index', async () => {
    w.record('nvr', T0 - 3 * DAY);
    w.record('nvr', T0 - 5 * DAY);
    expect(await walk()).toEqual({
      walkedMs: T0,
      oldestUnheldEndMs: T0 - 5 * DAY + 10_000,
      overdueFiles: 0,
      unindexedFiles: 0,
      unreadableDirs: 0,
    });
    expect(await metric('fortnight_disk_oldest_unheld_age_seconds')).toBe(String(5 * 86_400 - 10));
    expect(await metric('fortnight_disk_walk_timestamp_seconds')).toBe(String(T0 / 1000));
  });

  it('notices a file past its time that the index has lost, says so, and brings it back', async () => {
    const file = w.record('nvr', T0 - 14 * DAY - 3_600_000);
    await reconcile();
    w.app.rooms.state.db.prepare('DELETE FROM clip').run();
    await w.job('sweep');
    expect(w.has('nvr', file)).toBe(true);
    expect(w.app.rooms.desk.status().overdueClips).toBe(0);
    expect(await walk()).toMatchObject({ overdueFiles: 1, unindexedFiles: 1 });
    expect(await metric('fortnight_disk_overdue_files')).toBe('1');
    expect(await metric('fortnight_disk_unindexed_files')).toBe('1');
    await w.job('alarms');
    expect(w.app.rooms.desk.status().alarms).toMatchObject([
      { code: 'disk_overdue', subject: 'nvr', detail: { files: 1, unindexed: 1 } },
    ]);
    await until(async () => {
      await w.job('sweep');
      return !w.has('nvr', file);
    });
    expect(await walk()).toMatchObject({ overdueFiles: 0, unindexedFiles: 0 });
    await w.job('alarms');
    expect(w.app.rooms.desk.status().alarms).toEqual([]);
  });

  it('notices pins and copies that nothing keeps and the index does not know, and has them gone through', async () => {
    await reconcile();
    const plant = (path: string, recordedMs: number): string => {
      mkdirSync(dirname(w.path('nvr', path)), { recursive: true });
      writeFileSync(w.path('nvr', path), 'footage');
      utimesSync(w.path('nvr', path), recordedMs / 1000, recordedMs / 1000);
      return path;
    };
    const holds = '.fortnight/holds/11111111-2222-4333-8444-555555555555';
    const old = [
      plant(`${holds}/7-abc.pin`, T0 - 15 * DAY),
      plant('.fortnight/copies/8-abc.copy', T0 - 15 * DAY),
    ];
    plant(`${holds}/9-abd.pin`, T0 - 13 * DAY);
    writeFileSync(w.path('nvr', `${holds}.json`), '{}');
    const { terms } = holdOver(['entrance'], T0 - DAY, T0);
    const { hold } = await w.app.rooms.holds.place(terms, { by: 'facility', key: 'k' });
    expect(await walk()).toMatchObject({ overdueFiles: 0 });
    await releaseByTwo(w.app.rooms.holds, hold.holdId);
    clock.advance(DAY + 60 * 60_000);
    expect(await walk()).toMatchObject({ overdueFiles: 0 });
    rmSync(w.path('nvr', `${holds}.json`));
    clock.advance(2 * 60 * 60_000);
    expect(await walk()).toMatchObject({ overdueFiles: 3, unindexedFiles: 3 });
    await until(() => old.every((path) => !w.has('nvr', path)));
  });

  it('counts what is past its time while deletion is blocked, and leaves the reason to what blocks it', async () => {
    w.record('nvr', T0 - 13 * DAY);
    await reconcile();
    clock.advance(2 * DAY);
    w.app.rooms.sweeping.store.setBreaker('nvr', { open: true, by: 'system', nowMs: T0, dueClips: 1 });
    expect(await walk()).toMatchObject({ overdueFiles: 1, unindexedFiles: 0 });
    await w.job('alarms');
    const { alarms, blocked } = w.app.rooms.desk.status();
    expect(blocked).toEqual([{ rootId: 'nvr', reason: 'breaker' }]);
    expect(alarms.map((a) => a.code)).not.toContain('disk_overdue');
  });

  it('says nothing of a root whose adoption was confirmed since it was walked: what was late may be gone', async () => {
    w.record('nvr', T0 - 15 * DAY);
    const blocked = vi.spyOn(w.app.rooms.roots, 'blocked').mockReturnValue(['adoption']);
    expect(await walk()).toMatchObject({ overdueFiles: 1 });
    blocked.mockRestore();
    expect(disk()).toBeNull();
    await w.job('alarms');
    expect(w.app.rooms.desk.status().alarms.map((a) => a.code)).not.toContain('disk_overdue');
    expect(await walk()).toMatchObject({ overdueFiles: 1 });
  });

  it('does not count what a hold keeps', async () => {
    w.record('nvr', T0 - 13 * DAY);
    await reconcile();
    const facility = await w.as('facility');
    const placed = await facility.ask('POST', '/api/v1/holds', {
      headers: { 'idempotency-key': '0b6d2f0e-7c1d-4f0a-9a55-2c4b8a6c1e01' },
      body: {
        caseRef: 'Z-1',
        title: 'A fall',
        kind: 'legal_claim',
        ground: 'gdpr_17_3_e',
        reason: 'The insurer asks for it.',
        cameraIds: ['entrance'],
        fromMs: T0 - 14 * DAY,
        toMs: T0 - 12 * DAY,
        reviewMs: T0 + 30 * DAY,
      },
    });
    expect(placed.status).toBe(201);
    clock.advance(2 * DAY);
    expect(await walk()).toMatchObject({ overdueFiles: 0, oldestUnheldEndMs: null });
  });

  it('follows no link, and says which directories it could not read', async () => {
    const file = w.record('nvr', T0 - 3 * DAY);
    symlinkSync('/', w.path('nvr', 'everything'));
    expect(await walk()).toMatchObject({ oldestUnheldEndMs: T0 - 3 * DAY + 10_000, unreadableDirs: 0 });
    let deep = w.path('nvr', 'deep');
    for (let i = 0; i < 40; i += 1) deep += '/d';
    mkdirSync(deep, { recursive: true });
    expect(await walk()).toMatchObject({ unreadableDirs: 1 });
    if (process.getuid?.() !== 0) {
      chmodSync(dirname(w.path('nvr', file)), 0);
      expect(await walk()).toMatchObject({ unreadableDirs: 2, oldestUnheldEndMs: null });
      chmodSync(dirname(w.path('nvr', file)), 0o700);
    }
  });

  it('looks at the times of every file at its first walk of the day, later only where the name does not say that it is young', async () => {
    const file = w.record('nvr', T0 - DAY);
    const old = (T0 - 20 * DAY) / 1000;
    utimesSync(w.path('nvr', file), old, old);
    expect((await walk()).oldestUnheldEndMs).toBe(T0 - 20 * DAY);
    expect((await walk()).oldestUnheldEndMs).toBe(T0 - DAY);
    clock.advance(DAY);
    expect((await walk()).oldestUnheldEndMs).toBe(T0 - 20 * DAY);
  });

  it('walks on when a root is not there, and does not walk it', async () => {
    writeFileSync(w.path('nvr', 'a.txt'), '');
    w.app.rooms.roots.markFailing('nvr', 'an fsync failed', 'not_durable');
    await w.job('watchdog');
    expect(w.app.rooms.desk.status().roots.map((r) => [r.id, r.disk !== null])).toEqual([
      ['nvr', false],
      ['media', true],
    ]);
  });
});
