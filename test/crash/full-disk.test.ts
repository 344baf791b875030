/** F-S1, F-S2: the disk of the state directory, and of the footage, is full. Needs root, for a small file system in memory. */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Passwords } from '../../src/access/passwords.ts';
import { joinRooms, type Rooms } from '../../src/app/rooms.ts';
import { SimulatedClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { checkState } from '../../src/cli/check/command.ts';
import { RESERVE_BYTES } from '../../src/db/reserve.ts';
import { BEGIN, CLIPS, HOLDS, configOf, layFootage, type Places } from './life.ts';
import { releaseByTwo } from '../support/two-people.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

const SIZE = '352m';
let disk: Scratch;
let places: Places;
let rooms: Rooms;
let missing: string | undefined;

beforeAll(async () => {
  disk = scratch();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', disk.path]);
  missing = mounted.status === 0 ? undefined : 'no file system of a fixed size can be mounted here';
  if (missing !== undefined) return;
  places = { state: join(disk.path, 'state'), footage: join(disk.path, 'footage') };
  mkdirSync(places.state, { mode: 0o700 });
  writeFileSync(join(places.state, 'reserve.new'), 'left by a crash while it was made');
  layFootage(places.footage);
  const clock = new SimulatedClock(BEGIN);
  rooms = joinRooms(configOf(places), {
    clock,
    log: silentLog,
    timeSync: { checkedBootMs: () => clock.bootMs(), look: () => Promise.resolve() },
    passwords: new Passwords({ memoryKib: 256, passes: 1 }),
  });
  rooms.retention.tick();
  await rooms.roots.start();
  await rooms.ingest.reconcile('nvr', { full: true });
  const online = new Promise<void>((resolve) => {
    rooms.roots.onChange(() => {
      resolve();
    });
  });
  rooms.roots.confirmAdoption('nvr', { actor: 'm.bakker', trustNames: false });
  await online;
});
afterAll(async () => {
  if (missing === undefined) {
    await rooms.ingest.stop();
    await rooms.sweeping.client.stop();
    rooms.roots.stop();
    await rooms.probes.stop();
    rooms.metrics.stop();
    rooms.state.close();
    spawnSync('umount', [disk.path]);
  }
  disk.remove();
});

const fill = (): string => join(disk.path, 'fill');
const there = (path: string): boolean => existsSync(join(places.footage, path));

/** Leaves not one block, also not in the log of the index, which is emptied first. */
function fillUp(): void {
  rooms.state.db.pragma('wal_checkpoint(TRUNCATE)');
  const fd = openSync(fill(), 'a');
  try {
    for (const chunk of [1 << 20, 4096]) {
      const bytes = Buffer.alloc(chunk);
      try {
        for (;;) if (writeSync(fd, bytes) < chunk) break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(fd);
  }
}

const record = (): number =>
  rooms.state.audit.append({ kind: 'view_start', actor: 'j.devries', payload: {} });
const place = (key: keyof typeof HOLDS): ReturnType<Rooms['holds']['place']> =>
  rooms.holds.place(HOLDS[key].terms, { by: 'm.bakker', key });

describe('F-S2: on a full disk', () => {
  it('a reserve is whole or not there: what a crash left of one is none', (ctx) => {
    if (missing !== undefined) return ctx.skip(missing);
    expect(statSync(join(places.state, 'reserve')).size).toBe(RESERVE_BYTES);
    expect(existsSync(join(places.state, 'reserve.new'))).toBe(false);
  });

  it('F-D13: no look at footage can be recorded, and holds are placed all the same', async (ctx) => {
    if (missing !== undefined) return ctx.skip(missing);
    fillUp();
    expect(record).toThrow(/full/);
    await place('standing');
    await place('released');
    expect(rooms.state.reserve.gone).toBe(false);
  });

  it('F-S1: what is due is deleted, and its receipts are written', async (ctx) => {
    if (missing !== undefined) return ctx.skip(missing);
    expect(await rooms.sweeping.sweeper.sweep()).toMatchObject({ deleted: CLIPS.free.length, failed: 0 });
    expect(CLIPS.free.some(there)).toBe(false);
  });

  it('without a reserve nothing is deleted any more, and it says so', async (ctx) => {
    if (missing !== undefined) return ctx.skip(missing);
    const holdId = rooms.holds
      .current()
      .find((h) => h.terms.caseRef === HOLDS.released.terms.caseRef)!.holdId;
    fillUp();
    await expect(releaseByTwo(rooms.holds, holdId)).rejects.toThrow();
    expect(rooms.state.reserve.gone).toBe(true);
    expect(rooms.desk.status().blocked).toContainEqual({
      rootId: 'nvr',
      reason: 'audit_reserve_gone',
    });
    expect(await rooms.sweeping.sweeper.sweep()).toMatchObject({ deleted: 0 });
    expect(CLIPS.released.every(there)).toBe(true);
  });

  it('F-S3: with room again everything goes on, and every promise holds', async (ctx) => {
    if (missing !== undefined) return ctx.skip(missing);
    rmSync(fill());
    expect(rooms.state.reserve.remake()).toBe(true);
    expect(record()).toBeGreaterThan(0);
    await rooms.sweeping.sweeper.sweep();
    expect(CLIPS.released.every(there)).toBe(true);
    expect(checkState({ stateDir: places.state }, 'size').findings).toEqual([]);
  });
});
