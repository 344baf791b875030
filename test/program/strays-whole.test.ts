/** The index is lost while footage is held: what lies pinned and copied is still kept, told of, and gone in the end. */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import { checkState } from '../../src/cli/check/command.ts';
import { releaseByTwo } from '../support/two-people.ts';
import { DAY, MINUTE, startWhole, until, type Whole } from '../support/whole.ts';
import { holdOver } from '../support/sweeping.ts';

/** The clock of this machine, by which the copies have their times on the disk. */
const NOW = Math.floor(Date.now() / MINUTE) * MINUTE;
let w: Whole;
let clock: SimulatedClock;
let holdId: string;
let left: string;
let gone: string;

beforeAll(async () => {
  clock = new SimulatedClock(NOW);
  w = await startWhole({
    clock,
    before: (record) => {
      gone = record('nvr', NOW - 40 * MINUTE);
      left = record('nvr', NOW - 30 * MINUTE);
    },
  });
  await until(() => clips().length === 2);
  await online();
  const { terms } = holdOver(['entrance'], NOW - 60 * MINUTE, NOW + 60 * MINUTE);
  holdId = (await w.app.rooms.holds.place(terms, { by: 'facility', key: 'k1' })).hold.holdId;
  await until(() => pins().length === 2);
  await w.app.rooms.preservation.preserver.run();
});
afterAll(async () => {
  await w.close();
});

const clips = () =>
  w.app.rooms.reader.page({ cameraId: 'entrance', window: { fromMs: 0, toMs: NOW + DAY }, limit: 9 });
const below = (path: string): string[] => {
  const dir = w.path('nvr', path);
  return existsSync(dir) ? readdirSync(dir) : [];
};
const pins = (): string[] => below(`.fortnight/holds/${holdId}`);
const copies = (): string[] => below('.fortnight/copies');
const online = async (): Promise<void> => {
  const { roots } = w.app.rooms;
  roots.confirmAdoption('nvr', { actor: 'facility', trustNames: false });
  await until(() => roots.verify('nvr') !== undefined);
};
const alarm = () => w.app.rooms.alarms.all().find((a) => a.code === 'kept_without_clip');
const findings = () => checkState({ stateDir: join(w.dir, 'state') }, 'size').findings;
const work = async (): Promise<void> => {
  await w.job('clock');
  await w.job('sweep');
  await w.job('pins');
};

describe('the index is lost, and a recorder took one original away', () => {
  it('a pin whose clip is found again is that clip’s; the others stay, and an alarm tells how many', async () => {
    await w.restart({}, () => {
      rmSync(w.path('nvr', gone));
      for (const name of readdirSync(join(w.dir, 'state')))
        if (name.startsWith('index.db')) rmSync(join(w.dir, 'state', name));
    });
    await until(() => clips().length === 1);
    await online();
    await w.app.rooms.ingest.reconcile('nvr', { full: true });
    await w.app.rooms.preservation.preserver.run();
    await work();
    expect(pins()).toHaveLength(2);
    expect(statSync(w.path('nvr', left)).nlink).toBe(2);
    // The copy of what was found again is made anew, and the one before it is a second; the other clip has none but its own.
    expect(copies()).toHaveLength(2);
    expect(alarm()).toMatchObject({ subject: 'nvr', detail: { files: 2 } });
    expect(findings()).toEqual([]);
  });

  it('all of it goes when the hold has ended', async () => {
    clock.advance(15 * DAY);
    await work();
    expect(pins()).toHaveLength(2);
    await releaseByTwo(w.app.rooms.holds, holdId);
    clock.advance(DAY + MINUTE);
    await work();
    expect([w.has('nvr', left), pins(), copies(), alarm()]).toEqual([false, [], [], undefined]);
    expect(existsSync(w.path('nvr', `.fortnight/holds/${holdId}`))).toBe(false);
    expect(findings()).toEqual([]);
  });
});
