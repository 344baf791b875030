/** Nothing breaks a hold: what people do to the configuration, the program and its clock while something is held. */
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildApp } from '../../src/app.ts';
import { checkAgainstState } from '../../src/app/continuity.ts';
import { SimulatedClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import type { Config } from '../../src/config/config.ts';
import type { HoldTerms, HoldVersion } from '../../src/holds/hold.ts';
import { holdOver } from '../support/sweeping.ts';
import { releaseByTwo } from '../support/two-people.ts';
import { DAY, MINUTE, startWhole, until, type Whole } from '../support/whole.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
let w: Whole;
let clock: SimulatedClock;
let held: string;
let hold: HoldVersion;

beforeAll(async () => {
  clock = new SimulatedClock(NOW);
  w = await startWhole({ clock });
  await online();
  held = w.record('nvr', NOW - 20 * DAY);
  hold = await place({ window: { fromMs: NOW - 20 * DAY, toMs: NOW - 20 * DAY + MINUTE } });
});
afterAll(async () => {
  await w.close();
});

const online = () =>
  until(() => w.app.rooms.roots.list().every((r) => w.app.rooms.roots.verify(r.id) !== undefined));

async function place(change: Partial<HoldTerms>): Promise<HoldVersion> {
  const { terms } = holdOver(['entrance'], 0, 0);
  const asked = { ...terms, reviewMs: clock.wallMs() + 30 * DAY, ...change };
  return (await w.app.rooms.holds.place(asked, { by: 'facility', key: undefined })).hold;
}

/** A sweep that takes what is past its time (so that the rest of the test means something) leaves what is held. */
async function sweepTakesOnlyWhatIsFree(): Promise<void> {
  await online();
  const free = w.record('nvr', NOW - 19 * DAY);
  await w.app.rooms.ingest.reconcile('nvr', { full: true });
  await w.job('clock');
  await w.job('sweep');
  expect(w.has('nvr', free)).toBe(false);
  expect(w.has('nvr', held)).toBe(true);
}

async function refused(change: Partial<Config>, sentence: RegExp): Promise<void> {
  const config = { ...w.config, ...change };
  const start = buildApp(config, { log: silentLog });
  await expect(start).rejects.toMatchObject({ code: 'config_invalid', exitCode: 78 });
  await expect(start).rejects.toThrow(sentence);
}

const without = (id: string): Config['cameras'] => w.config.cameras.filter((c) => c.id !== id);

it('F-D10: its camera is given another name: it is held under its id', async () => {
  const name = { nl: 'Voordeur', en: 'Front door', fr: 'Porte' };
  await w.restart({ cameras: w.config.cameras.map((c) => (c.id === 'entrance' ? { ...c, name } : c)) });
  await sweepTakesOnlyWhatIsFree();
  const { cameras } = (await (await w.as('facility')).get('/api/v1/cameras')).json;
  expect(cameras).toContainEqual(expect.objectContaining({ id: 'entrance', name }));
  expect(await w.app.rooms.holds.coverage(hold.holdId)).toMatchObject({ clips: 1 });
});

it('F-D10: its camera gets another id, or goes: no start without the old one, named with what it has', async () => {
  await w.app.stop();
  const renamed = [...without('entrance'), { ...w.config.cameras[0]!, id: 'front' }];
  await refused({ cameras: renamed }, /camera "entrance" still has 1 clip and 1 hold/);
  await refused({ cameras: without('entrance') }, /camera "entrance" still has 1 clip and 1 hold/);
  await w.restart();
  await sweepTakesOnlyWhatIsFree();
});

it('its source is removed, or led to another directory: no start', async () => {
  await w.app.stop();
  const [nvr, media] = w.config.sources;
  await refused({ sources: [media!] }, /source "nvr" still has 1 clip/);
  await refused({ sources: [{ ...nvr!, root: w.path('media', '..') }, media!] }, /its root is now/);
  await w.restart();
});

it('its camera and its source are retired: swept and held as before, and still to be held', async () => {
  const { cameras, sources } = w.config;
  await w.restart({
    cameras: cameras.map((c) => ({ ...c, retired: true })),
    sources: sources.map((s) => ({ ...s, retired: true })),
  });
  await sweepTakesOnlyWhatIsFree();
  const more = await place({ window: hold.terms.window });
  expect(await w.app.rooms.holds.coverage(more.holdId)).toMatchObject({ clips: 1 });
  await w.restart({ cameras, sources });
});

it('a camera that only a hold speaks of stays, until that has ended; a hold over its own end asks for nothing', async () => {
  const window = { fromMs: clock.wallMs(), toMs: clock.wallMs() + DAY };
  const future = await place({ cameraIds: ['hall'], window, endMs: clock.wallMs() + 2 * DAY });
  const [nvr] = w.config.sources;
  const smaller = {
    ...w.config,
    cameras: without('hall'),
    sources: [nvr!, { ...w.config.sources[1]!, cameras: {} }],
  };
  const check = (): void => {
    checkAgainstState(smaller);
  };
  expect(check).toThrow(/camera "hall" still has 1 hold/);
  // Over by itself, but cooling off still.
  clock.advance(2 * DAY + MINUTE);
  await w.job('clock');
  expect(check).toThrow(/camera "hall" still has 1 hold/);
  clock.advance(DAY);
  await w.job('clock');
  expect(check).not.toThrow();
  expect(future.releasedMs).toBeNull();
});

it('F-C1, F-C3: the wall clock steps ten years ahead and ten back: neither ends a hold, nor what cools off', async () => {
  const { holdId } = await place({ window: hold.terms.window });
  await releaseByTwo(w.app.rooms.holds, holdId);
  const now = clock.wallMs();
  for (const wallMs of [now + 3650 * DAY, now - 3650 * DAY, now]) {
    clock.stepWallTo(wallMs);
    await w.job('clock');
    expect(w.app.rooms.holds.current().find((h) => h.holdId === holdId)!.endsMs).toBeGreaterThan(
      w.app.rooms.retention.nowMs(),
    );
    await w.job('sweep');
    expect(w.has('nvr', held)).toBe(true);
  }
  await sweepTakesOnlyWhatIsFree();
});

it('F-D7: an index that a newer program has written is not touched, and the hold stands when that program is back', async () => {
  await w.app.stop();
  const index = new Database(join(w.config.stateDir, 'index.db'));
  const own = Number(index.pragma('user_version', { simple: true }));
  index.pragma(`user_version = ${String(own + 1)}`);
  const start = buildApp(w.config, { log: silentLog });
  await expect(start).rejects.toMatchObject({ code: 'state_newer', exitCode: 78 });
  expect(w.has('nvr', held)).toBe(true);
  index.pragma(`user_version = ${String(own)}`);
  index.close();
  await w.restart();
  await sweepTakesOnlyWhatIsFree();
});
