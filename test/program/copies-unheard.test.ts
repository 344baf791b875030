/** The daemon is killed while a held clip is copied, and its recorder goes on: what was copied is not given away. */
import { mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
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

it('a clip that was given up is there again when the vault with its copy comes back, past its time too', async () => {
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
  w.app.rooms.ingest.beat();
  expect(sql('SELECT state FROM clip')).toEqual([3]);
  rmSync(w.path('vault', ''), { recursive: true });
  renameSync(join(w.dir, 'unmounted'), w.path('vault', ''));
  await w.app.rooms.roots.check();
  for (let i = 0; i < 6; i += 1) await goOn();
  expect(inVault()).toHaveLength(1);
  expect(sql(`SELECT clip.state FROM clip JOIN root ON root.n = root_n WHERE root.id = 'vault'`)).toEqual([
    1,
  ]);
});
