/** Held footage when the configuration changes: names change, cameras and sources are retired, pins and mirrors stay. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import { checkState } from '../../src/cli/check/command.ts';
import type { Config } from '../../src/config/config.ts';
import { DAY, MINUTE, startWhole, until, type Whole } from '../support/whole.ts';
import { holdOver } from '../support/sweeping.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
let w: Whole;
let clock: SimulatedClock;
let holdId: string;
let path: string;

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
  const { terms } = holdOver(['entrance'], NOW - 60 * MINUTE, NOW + 60 * MINUTE);
  holdId = (await w.app.rooms.holds.place(terms, { by: 'facility', key: 'k1' })).hold.holdId;
  await until(() => pins().length === 1);
});
afterAll(async () => {
  await w.close();
});

const clip = () =>
  w.app.rooms.reader.page({ cameraId: 'entrance', window: { fromMs: 0, toMs: NOW + DAY }, limit: 9 })[0];
const pins = (): string[] => {
  const dir = w.path('nvr', `.fortnight/holds/${holdId}`);
  return existsSync(dir) ? readdirSync(dir) : [];
};
const mirrored = (): boolean => existsSync(w.path('nvr', `.fortnight/holds/${holdId}.json`));
const another = { nl: 'Achterdeur', en: 'Back door', fr: 'Porte arrière' };
const renamed = (): Partial<Config> => ({
  cameras: w.config.cameras.map((camera) => ({ ...camera, name: another })),
});
const retired = (): Partial<Config> => ({
  cameras: w.config.cameras.map((camera) => ({ ...camera, retired: true })),
  sources: w.config.sources.map((source) => ({ ...source, retired: true })),
});

describe('what is held', () => {
  it.each([
    ['its cameras are renamed', renamed],
    ['its cameras and sources are retired', retired],
  ])('keeps its pins and mirrors when %s, past its time as well', async (_what, change) => {
    await w.restart(change());
    await until(() => w.app.rooms.roots.verify('nvr') !== undefined);
    clock.advance(15 * DAY);
    await w.app.rooms.ingest.reconcile('nvr', { full: true });
    for (const job of ['clock', 'sweep', 'pins']) await w.job(job);
    expect([w.has('nvr', path), pins().length, mirrored()]).toEqual([true, 1, true]);
    expect(w.app.rooms.alarms.all().filter((a) => a.code === 'kept_without_clip')).toEqual([]);
    expect(checkState({ stateDir: join(w.dir, 'state') }, 'size').findings).toEqual([]);
  });

  it('is played from its pin when its retired recorder is emptied', async () => {
    rmSync(w.path('nvr', path));
    const opened = await w.app.rooms.footage.open(clip()!.id);
    expect(opened?.sizeBytes).toBe(clip()!.sizeBytes);
    await opened?.close();
  });
});
