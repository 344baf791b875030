/** Pins in the whole program: what people see of them, from the placement to the end of the hold. */
import {
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import { checkState } from '../../src/cli/check/command.ts';
import type { PlacedHold } from '../../src/holds/holds.ts';
import { releaseByTwo } from '../support/two-people.ts';
import { DAY, MINUTE, startWhole, until, type Whole } from '../support/whole.ts';
import { holdOver } from '../support/sweeping.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
let w: Whole;
let clock: SimulatedClock;
let path: string;
let placed: PlacedHold;

beforeAll(async () => {
  clock = new SimulatedClock(NOW);
  w = await startWhole({
    clock,
    before: (record) => {
      path = record('nvr', NOW - 30 * MINUTE);
    },
  });
  await until(() => clip() !== undefined);
  w.app.rooms.roots.confirmAdoption('nvr', { actor: 'facility', trustNames: false });
  await until(() => w.app.rooms.roots.verify('nvr') !== undefined);
});
afterAll(async () => {
  await w.close();
});

const clip = () =>
  w.app.rooms.reader.page({ cameraId: 'entrance', window: { fromMs: 0, toMs: NOW + DAY }, limit: 9 })[0];
const pinsOf = (holdId: string): string[] => {
  const dir = w.path('nvr', `.fortnight/holds/${holdId}`);
  return existsSync(dir) ? readdirSync(dir) : [];
};

describe('a hold', () => {
  it('pins what is there, and its answer says that nothing is left to pin', async () => {
    const { terms } = holdOver(['entrance'], NOW - 60 * MINUTE, NOW + 60 * MINUTE);
    placed = await w.app.rooms.holds.place(terms, { by: 'facility', key: 'k1' });
    await until(() => pinsOf(placed.hold.holdId).length === 1);
    const again = await w.app.rooms.holds.place(terms, { by: 'facility', key: 'k1' });
    expect(again.coverage).toMatchObject({ clips: 1, notPinned: 0 });
    const { holds } = w.app.rooms;
    expect(await holds.coverage(placed.hold.holdId)).toMatchObject({ clips: 1, notPinned: 0 });
    // Before anything is held there is nothing to pin.
    expect(await holds.preview(['entrance'], terms.window)).toMatchObject({ clips: 1, notPinned: 0 });
    expect(statSync(w.path('nvr', path)).nlink).toBe(2);
  });

  it('pins what is recorded after it was placed', async () => {
    w.record('nvr', NOW - 10 * MINUTE);
    await w.app.rooms.ingest.reconcile('nvr', { full: true });
    await until(() => pinsOf(placed.hold.holdId).length === 2);
  });

  it('is played from the copy when the recorder truncated the original', async () => {
    await w.app.rooms.preservation.preserver.run();
    // Nobody has noticed it yet: what the ingest makes of it is for other tests.
    await w.app.rooms.ingest.stop();
    const { id, sizeBytes } = clip()!;
    const original = readFileSync(w.path('nvr', path));
    const { atime, mtime } = statSync(w.path('nvr', path));
    truncateSync(w.path('nvr', path));
    const opened = await w.app.rooms.footage.open(id);
    expect(opened?.sizeBytes).toBe(sizeBytes);
    await opened?.close();
    writeFileSync(w.path('nvr', path), original);
    utimesSync(w.path('nvr', path), atime, mtime);
  });

  it('is played from the pin when the recorder removed the original', async () => {
    const { id } = clip()!;
    rmSync(w.path('nvr', path));
    const opened = await w.app.rooms.footage.open(id);
    expect(opened?.sizeBytes).toBe(clip()!.sizeBytes);
    await opened?.close();
  });

  it('survives a restart with its pins, and check finds nothing', async () => {
    await w.restart();
    await until(() => w.app.rooms.roots.verify('nvr') !== undefined);
    await w.app.rooms.pinner.run();
    expect(pinsOf(placed.hold.holdId)).toHaveLength(2);
    for (const minutes of [11, 61, 1]) {
      await w.app.rooms.ingest.reconcile('nvr', { full: true });
      clock.advance(minutes * MINUTE);
    }
    expect(clip()).toMatchObject({ state: 'live', flags: [] });
    expect(w.app.rooms.reader.location(clip()!.id)?.dir).toBe('.fortnight/copies');
    expect(checkState({ stateDir: join(w.dir, 'state') }, 'size').findings).toEqual([]);
  });

  it('frees clips and pins when it has ended, and leaves nothing in the directory of the root', async () => {
    clock.advance(15 * DAY);
    await w.job('clock');
    await w.job('sweep');
    expect(pinsOf(placed.hold.holdId)).toHaveLength(2);
    await releaseByTwo(w.app.rooms.holds, placed.hold.holdId);
    clock.advance(DAY + MINUTE);
    await w.job('clock');
    await w.job('sweep');
    await w.job('pins');
    expect(clip()).toBeUndefined();
    expect(existsSync(w.path('nvr', `.fortnight/holds/${placed.hold.holdId}`))).toBe(false);
    expect(readdirSync(w.path('nvr', '.fortnight/copies'))).toEqual([]);
    const receipts = w.app.rooms.state.db.prepare('SELECT reason, links_left FROM receipt').all();
    expect(receipts).toEqual([
      { reason: 'hold_released', links_left: 0 },
      { reason: 'hold_released', links_left: 0 },
    ]);
  });
});
