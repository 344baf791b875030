/** The mirrors of holds that are over, in the whole program. */
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import { checkState } from '../../src/cli/check/command.ts';
import { releaseByTwo } from '../support/two-people.ts';
import { DAY, MINUTE, makePeople, startWhole, until, type Whole } from '../support/whole.ts';
import { holdOver } from '../support/sweeping.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
let w: Whole;
let clock: SimulatedClock;
let holdId: string;
let other: string;

beforeEach(async () => {
  clock = new SimulatedClock(NOW);
  w = await startWhole({ clock });
  other = await place('other');
  holdId = await place('k1');
});
afterEach(async () => {
  await w.close();
});

async function place(key: string): Promise<string> {
  const { terms } = holdOver(['entrance'], NOW - 60 * MINUTE, NOW + 60 * MINUTE);
  return (await w.app.rooms.holds.place(terms, { by: 'facility', key })).hold.holdId;
}
const end = async (): Promise<void> => {
  await releaseByTwo(w.app.rooms.holds, holdId);
  clock.advance(DAY + MINUTE);
  await w.job('clock');
};
const mirror = (root: string, id = holdId): string => w.path(root, `.fortnight/holds/${id}.json`);
const mirrored = (id: string): boolean[] => ['nvr', 'media'].map((root) => existsSync(mirror(root, id)));
const mark = (root: string): unknown =>
  (JSON.parse(readFileSync(w.path(root, '.fortnight/marker.json'), 'utf8')) as { lastHoldSeq: unknown })
    .lastHoldSeq;
const state = (root: string): string | undefined =>
  w.app.rooms.roots.list().find((r) => r.id === root)?.state;

describe('the mirrors of a hold', () => {
  it('stay while it cools off, go from every root when it is over, and are not written again', async () => {
    await releaseByTwo(w.app.rooms.holds, holdId);
    await w.job('pins');
    expect(mirrored(holdId)).toEqual([true, true]);
    clock.advance(DAY + MINUTE);
    await w.job('clock');
    await w.job('pins');
    expect([mirrored(holdId), mirrored(other)]).toEqual([
      [false, false],
      [true, true],
    ]);
    await w.restart();
    await until(() => state('nvr') === 'online');
    expect(mirrored(holdId)).toEqual([false, false]);
    expect(checkState({ stateDir: join(w.dir, 'state') }, 'size').findings).toEqual([]);
  });

  it('go from a root that was away meanwhile, which learns the number all the same', async () => {
    const [here, away] = [w.path('media', ''), `${w.path('media', '').slice(0, -1)}.away`];
    renameSync(here, away);
    await w.app.rooms.roots.check();
    await until(() => state('media') === 'offline');
    await end();
    await w.job('pins');
    renameSync(away, here);
    await w.app.rooms.roots.check();
    await until(() => state('media') === 'online');
    await until(() => mark('media') === mark('nvr'));
    await w.job('pins');
    expect(mirrored(holdId)).toEqual([false, false]);
  });

  it('that know more than the journal stay: a hold that somebody set anew is not lost', async () => {
    await end();
    writeFileSync(mirror('media'), 'not signed by us');
    await w.job('pins');
    expect(mirrored(holdId)).toEqual([false, true]);
  });

  it('are gone, and a journal from before the end is still noticed', async () => {
    const journal = join(w.dir, 'state', 'holds.journal');
    copyFileSync(journal, `${journal}.yesterday`);
    await end();
    await w.job('pins');
    await w.restart({}, () => {
      renameSync(`${journal}.yesterday`, journal);
      for (const name of ['index.db', 'index.db-wal', 'index.db-shm'])
        rmSync(join(w.dir, 'state', name), { force: true });
    });
    await makePeople(w.app);
    expect([state('nvr'), state('media')]).toEqual(['recovery', 'recovery']);
    expect(w.app.rooms.holds.current().map((h) => [h.holdId, h.releasedMs])).toContainEqual([holdId, null]);
  });
});
