/** A vault whose disk fails while it is mounted: over real mounts. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, type TestContext } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import { Mounts, whyNoMounts } from '../support/mounts.ts';
import { releaseByTwo } from '../support/two-people.ts';
import { NOW, OLD, vaulted } from '../support/vaulted.ts';
import { DAY, MINUTE, startWhole, until, type Whole } from '../support/whole.ts';

let w: Whole;
let clock: SimulatedClock;
let mounts: Mounts;
let image: string;
const { online, hold, preserve, inVault, besideFootage, alarms, findings } = vaulted(() => w);
const running: Whole[] = [];

beforeEach(() => {
  mounts = new Mounts();
});
afterEach(async () => {
  for (const whole of running.splice(0)) {
    await whole.app.stop();
    mounts.close();
    await whole.close().catch(() => undefined);
    rmSync(whole.dir, { recursive: true, force: true });
  }
});

const vault = (): string => w.path('vault', '');
const state = (): string | undefined => w.app.rooms.desk.status().vault?.state;
const receipts = (): unknown[] =>
  w.app.rooms.state.db.prepare('SELECT outcome FROM receipt ORDER BY rowid').pluck().all();

/** A held clip with its copy in a vault that is a file system of its own. */
async function begin(ctx: TestContext): Promise<{ path: string; holdId: string }> {
  const why = whyNoMounts('loop');
  if (why !== undefined) ctx.skip(`no loop mounts here: ${why}`);
  clock = new SimulatedClock(NOW);
  w = await startWhole({
    clock,
    vault: true,
    prepare: (dir) => {
      image = join(dir, 'vault.img');
      mounts.loop(image, join(dir, 'vault'));
    },
  });
  running.push(w);
  await online();
  const path = await record(OLD);
  const { holdId } = await hold();
  await preserve();
  expect([inVault().length, besideFootage()]).toEqual([1, []]);
  return { path, holdId };
}
async function record(startMs: number): Promise<string> {
  const path = w.record('nvr', startMs, 2);
  await w.app.rooms.ingest.reconcile('nvr', { full: true });
  return path;
}
async function becomes(wanted: string): Promise<void> {
  await until(async () => {
    await w.app.rooms.roots.check();
    return state() === wanted;
  });
}
async function repair(): Promise<void> {
  mounts.umount(vault());
  await becomes('offline');
  await mounts.repair(image);
  mounts.loop(image, vault());
  await becomes('online');
}
/** The hold has ended, and what it kept is past its time. */
async function release(holdId: string): Promise<void> {
  clock.advance(2 * DAY);
  await w.job('clock');
  await releaseByTwo(w.app.rooms.holds, holdId);
  clock.advance(DAY + MINUTE);
  await w.job('clock');
}

it('F-S4: read-only after an error: copies go beside the footage, what is there stays, and what is to go waits', async (ctx) => {
  const { path, holdId } = await begin(ctx);
  mounts.failExt4(vault());
  await becomes('readonly');
  await record(OLD + 20 * MINUTE);
  await preserve();
  await w.job('alarms');
  expect([inVault().length, besideFootage().length]).toEqual([1, 1]);
  expect(alarms()).toContain('vault_readonly vault');
  await release(holdId);
  await w.job('sweep');
  expect(w.has('nvr', path)).toBe(true);
  expect(receipts()).toEqual(['deleted']);
  await repair();
  await w.job('sweep');
  expect([w.has('nvr', path), inVault(), besideFootage()]).toEqual([false, [], []]);
  expect(receipts()).toEqual(['deleted', 'deleted']);
  expect(findings()).toEqual([]);
});

it('F-S4: failing when a copy in it is to go: nothing of its clip is claimed, and the clip goes when it is mounted again', async (ctx) => {
  const { path, holdId } = await begin(ctx);
  await release(holdId);
  // Met by the batch itself, which looks at no disk before.
  mounts.failExt4(vault());
  await w.job('sweep');
  await w.job('alarms');
  expect(w.has('nvr', path)).toBe(true);
  expect(receipts()).not.toContain('deleted');
  expect(alarms().some((a) => a === 'vault_failing vault' || a === 'vault_readonly vault')).toBe(true);
  await repair();
  clock.advance(2 * MINUTE);
  await w.job('clock');
  await w.job('sweep');
  expect([w.has('nvr', path), inVault()]).toEqual([false, []]);
  expect(receipts().at(-1)).toMatch(/^deleted/);
  expect(findings()).toEqual([]);
});
