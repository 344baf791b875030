/** The daemon is killed while a held clip is copied, and its recorder goes on: what was copied is not given away. */
import { mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import { releaseByTwo } from '../support/two-people.ts';
import { NOW, OLD, vaulted } from '../support/vaulted.ts';
import { DAY, MINUTE, startWhole, type Whole } from '../support/whole.ts';

let w: Whole;
let clock: SimulatedClock;
let path: string;
const { online, hold, preserve, inVault, besideFootage } = vaulted(() => w);
beforeEach(() => {
  clock = new SimulatedClock(NOW);
});
afterEach(async () => {
  await w.close();
});

const sql = (text: string): unknown[] => w.app.rooms.state.db.prepare(text).pluck().all();
const reconcile = (): Promise<unknown> => w.app.rooms.ingest.reconcile('nvr', { full: true });

/** A clip is held and copied, and its row as the end of the daemon leaves it. */
async function copied(site: { readonly vault?: true } = {}): Promise<Buffer> {
  w = await startWhole({ clock, ...site });
  await online();
  path = w.record('nvr', OLD, 2);
  await reconcile();
  await hold();
  await preserve();
  const { db } = w.app.rooms.state;
  db.prepare('UPDATE copy SET state = 0, ino = NULL, mtime_ns = NULL, sha256 = NULL, made_ms = NULL').run();
  return readFileSync(w.path('nvr', path));
}

/** Longer than a finding waits for a word, and than an absence must last. */
async function goOn(): Promise<void> {
  clock.advance(61 * MINUTE);
  await w.job('clock');
  await preserve();
  await reconcile();
}

it.each([
  ['truncates the original', truncateSync],
  [
    'writes over the original',
    (at: string): void => {
      writeFileSync(at, 'something else');
    },
  ],
])('the clip lives on as its copy when the recorder %s', async (_what, happens) => {
  const content = await copied();
  happens(w.path('nvr', path));
  await w.restart();
  await online();
  await reconcile();
  const [copy = ''] = besideFootage();
  await preserve();
  await goOn();
  const held = `SELECT clip.name FROM clip JOIN dir ON dir.id = dir_id WHERE dir.path = '.fortnight/copies' AND clip.state = 1`;
  expect(sql(held)).toEqual([copy]);
  expect(readFileSync(w.path('nvr', join('.fortnight/copies', copy)))).toEqual(content);
});

/** The copy is in a vault that is away; what else there was of the clip has gone, and it is past its time. */
async function givenUp(): Promise<void> {
  await copied({ vault: true });
  renameSync(w.path('vault', ''), join(w.dir, 'unmounted'));
  mkdirSync(w.path('vault', ''));
  await w.app.rooms.roots.check();
  w.app.rooms.state.db.prepare('UPDATE pin SET state = 2').run(); // the file system takes no links
  rmSync(w.path('nvr', path));
  rmSync(w.path('nvr', '.fortnight/holds'), { recursive: true });
  for (let i = 0; i < 6; i += 1) await goOn();
  expect(sql('SELECT state FROM clip')).toEqual([3]);
  clock.advance(2 * DAY);
  await w.job('clock');
}

async function vaultComesBack(): Promise<void> {
  rmSync(w.path('vault', ''), { recursive: true });
  renameSync(join(w.dir, 'unmounted'), w.path('vault', ''));
  await w.app.rooms.roots.check();
  for (let i = 0; i < 6; i += 1) await goOn();
}

const late = (): number => w.app.rooms.desk.status().overdueClips;

it('a clip that was given up is there again when the vault with its copy comes back, past its time too', async () => {
  await givenUp();
  w.app.rooms.ingest.beat();
  expect(sql('SELECT state FROM clip')).toEqual([3]);
  expect(late()).toBe(0);
  await vaultComesBack();
  expect(inVault()).toHaveLength(1);
  expect(sql(`SELECT clip.state FROM clip JOIN root ON root.n = root_n WHERE root.id = 'vault'`)).toEqual([
    1,
  ]);
});

it('a clip that was given up counts as overdue once its hold is over, until the copy that may be there has gone', async () => {
  await givenUp();
  await releaseByTwo(w.app.rooms.holds, w.app.rooms.holds.current()[0]!.holdId);
  clock.advance(DAY + 10 * MINUTE);
  await w.job('clock');
  expect(late()).toBe(1);
  expect(w.app.rooms.desk.status().cameras[0]).toMatchObject({ oldestUnheldEndMs: OLD + 2000 });
  await vaultComesBack();
  await w.job('sweep');
  expect(inVault()).toEqual([]);
  expect(late()).toBe(0);
});
