/** Disks that come, go, are swapped, stop answering: the whole program over real mounts. Numbers: faults and attacks. */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import type { Status } from '../../src/http/api/index.ts';
import { Mounts, whyNoMounts } from '../support/mounts.ts';
import { DAY, MINUTE, startWhole, until, type Whole } from '../support/whole.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const CLIPS = 5;
const NOTHING_GONE = { onDisk: CLIPS, live: CLIPS, receipts: 0 };

let w: Whole;
let mounts: Mounts;
let clock: SimulatedClock;
let paths: string[];

const running: Whole[] = [];

beforeEach(() => {
  mounts = new Mounts();
});
afterEach(async () => {
  mounts.close();
  for (const whole of running.splice(0)) await whole.close();
});

type Root = Status['roots'][number];
const status = (): Status => w.app.rooms.desk.status();
const nvr = (): Root => status().roots.find((r) => r.id === 'nvr')!;
const backing = (name: string): string => join(w.dir, name);
const root = (): string => w.path('nvr', '');

/** Starts over recordings of half an hour ago, after `prepare` has mounted something at the root. */
async function start(prepare: (at: string, dir: string) => void): Promise<void> {
  clock = new SimulatedClock(NOW);
  w = await startWhole({
    clock,
    prepare: (dir) => {
      prepare(join(dir, 'nvr'), dir);
    },
    before: (record) => {
      paths = Array.from({ length: CLIPS }, (_, i) => record('nvr', NOW - 30 * MINUTE - i * MINUTE));
    },
  });
  running.push(w);
  await until(() => nvr().state === 'adopting');
  await w.app.rooms.ingest.reconcile('nvr', { full: true });
  w.app.rooms.roots.confirmAdoption('nvr', { actor: 'facility', trustNames: false });
  await until(() => nvr().state === 'online');
}

/** On a directory of its own, so that the disk can be taken away and brought back. */
function disk(at: string, dir: string): void {
  mkdirSync(join(dir, 'disk'));
  mounts.bind(join(dir, 'disk'), at);
}

async function look(state: Root['state'], cause: Root['cause']): Promise<void> {
  await w.app.rooms.roots.check();
  expect(nvr()).toMatchObject({ state, cause });
}

const live = (): number => status().cameras.find((c) => c.id === 'entrance')!.clips;
const receipts = (): number =>
  w.app.rooms.state.db.prepare<[], number>('SELECT count(*) FROM receipt').pluck().get()!;
const onDisk = (): number => paths.filter((path) => w.has('nvr', path)).length;
const blocked = (): string[] =>
  status()
    .blocked.filter((b) => b.rootId === 'nvr')
    .map((b) => b.reason);

/** Everything is due, and four jobs that could conclude something from what they see have run. */
async function everythingRuns(): Promise<void> {
  await w.job('sweep');
  await w.app.rooms.ingest.reconcile('nvr', { full: true });
  clock.advance(2 * 60 * MINUTE);
  await w.app.rooms.ingest.reconcile('nvr', { full: true });
  await w.job('sweep');
  await w.job('directories');
  await w.job('alarms');
}

async function everythingIsDeleted(): Promise<void> {
  await look('online', null);
  await until(() => blocked().length === 0);
  await w.job('sweep');
  expect(onDisk()).toBe(0);
  expect(live()).toBe(0);
  expect(receipts()).toBe(CLIPS);
}

function needs(ctx: TestContext, ...kind: Parameters<typeof whyNoMounts>): void {
  const why = whyNoMounts(...kind);
  if (why !== undefined) ctx.skip(`no ${kind.join(' ')} mounts here: ${why}`);
}

describe('a disk that is not as it should be', () => {
  for (const first of ['the look', 'the sweep']) {
    it(`F-S4 read-only after an error, met by ${first}: nothing is claimed, the overdue grow, and all go when it is repaired`, async (ctx) => {
      needs(ctx, 'loop');
      await start((at, dir) => {
        mounts.loop(join(dir, 'nvr.img'), at);
      });
      clock.advance(15 * DAY);
      mounts.failExt4(root());
      // What the sweep meets is an fsync that fails: only mounting again heals that.
      if (first === 'the sweep') await w.job('sweep');
      else await look('readonly', 'mounted_read_only');
      await everythingRuns();
      expect({ onDisk: onDisk(), live: live(), receipts: receipts() }).toEqual(NOTHING_GONE);
      expect(nvr()).toMatchObject(
        first === 'the sweep'
          ? { state: 'failing', cause: 'not_durable' }
          : { state: 'readonly', cause: 'mounted_read_only' },
      );
      expect(status().overdueClips).toBe(first === 'the sweep' ? 0 : CLIPS);
      expect(status().alarms.map((a) => a.code)).toContain(`root_${nvr().state}`);
      mounts.umount(root());
      await look('offline', 'marker_missing');
      await mounts.repair(join(w.dir, 'nvr.img'));
      mounts.loop(join(w.dir, 'nvr.img'), root());
      await everythingIsDeleted();
    });
  }

  it('F-S6 absent at the start: offline with its reason, the index as it was, the pages there', async (ctx) => {
    needs(ctx, 'bind');
    await start(disk);
    mounts.umount(root());
    clock.advance(15 * DAY);
    await w.restart();
    expect(nvr()).toMatchObject({ state: 'offline', cause: 'marker_missing' });
    await everythingRuns();
    expect(readdirSync(root())).toEqual([]);
    expect({ live: live(), receipts: receipts() }).toEqual({ live: CLIPS, receipts: 0 });
    expect((await (await w.as('security')).get('/api/v1/status')).json).toMatchObject({
      alarms: expect.arrayContaining([
        expect.objectContaining({ code: 'root_offline', subject: 'nvr' }),
      ]) as unknown,
    });
    mounts.bind(backing('disk'), root());
    await everythingIsDeleted();
  });

  it('F-S8 another disk on its path: never adopted, never swept, whether empty, full or of another Fortnight', async (ctx) => {
    needs(ctx, 'loop');
    await start((at, dir) => {
      mounts.loop(join(dir, 'nvr.img'), at);
    });
    clock.advance(15 * DAY);
    const kept = join(w.dir, 'kept');
    cpSync(root(), kept, { recursive: true, preserveTimestamps: true });
    mounts.umount(root());

    mounts.loop(join(w.dir, 'other.img'), root());
    await look('offline', 'marker_missing');
    cpSync(kept, root(), { recursive: true, preserveTimestamps: true });
    const own = join(root(), '.fortnight');
    rmSync(own, { recursive: true });
    await everythingRuns();
    expect(existsSync(own)).toBe(false);
    expect(onDisk()).toBe(CLIPS);

    mkdirSync(own, { mode: 0o700 });
    const marker = { format: 1, rootUuid: randomId(), installId: randomId(), lastHoldSeq: 0 };
    writeFileSync(join(own, 'marker.json'), JSON.stringify(marker));
    await look('foreign', 'other_install');
    marker.installId = w.app.rooms.state.install.installId;
    writeFileSync(join(own, 'marker.json'), JSON.stringify(marker));
    await look('foreign', 'other_root');
    await everythingRuns();
    expect({ onDisk: onDisk(), live: live(), receipts: receipts() }).toEqual(NOTHING_GONE);
    expect(status().alarms.map((a) => a.code)).toContain('root_foreign');

    mounts.umount(root());
    mounts.loop(join(w.dir, 'nvr.img'), root());
    await everythingIsDeleted();
  });

  it('F-S9 mounted, but nobody answers: offline as stale, nothing concluded, and all goes on when it is back', async (ctx) => {
    needs(ctx, 'fuse');
    await start(disk);
    clock.advance(15 * DAY);
    mounts.fuse(root()).die();
    await look('offline', 'stale');
    await everythingRuns();
    expect({ live: live(), receipts: receipts() }).toEqual({ live: CLIPS, receipts: 0 });
    mounts.umount(root());
    await everythingIsDeleted();
  });

  it('F-S9 a directory that answers with an error is unknown, not empty', async (ctx) => {
    needs(ctx, 'fuse');
    await start(disk);
    const dir = join(root(), paths[0]!, '..');
    mounts.fuse(dir).die();
    clock.advance(MINUTE);
    await everythingRuns();
    expect(
      w.app.rooms.state.db
        .prepare('SELECT count(*) AS n FROM clip WHERE missing_ms IS NOT NULL OR state <> 1')
        .get(),
    ).toEqual({ n: 0 });
    expect(nvr()).toMatchObject({ state: 'online', lastScan: 'done', unreadableDirs: 1 });
    mounts.umount(dir);
    await w.app.rooms.ingest.reconcile('nvr', { full: true });
    expect(nvr().unreadableDirs).toBe(0);
    expect(live()).toBe(CLIPS);
  });

  it('F-S17 a mount inside the root is not crossed: what lies there is neither indexed nor deleted', async (ctx) => {
    needs(ctx, 'bind');
    await start(disk);
    const elsewhere = backing('elsewhere');
    mkdirSync(join(elsewhere, 'front_door'), { recursive: true });
    const day = '2026-10-01';
    const inside = join(root(), day, '03', 'front_door');
    mkdirSync(inside, { recursive: true });
    cpSync(join(root(), paths[0]!), join(elsewhere, '00.00.mp4'));
    mounts.bind(elsewhere, inside);
    clock.advance(15 * DAY);
    await everythingRuns();
    expect(existsSync(join(elsewhere, '00.00.mp4'))).toBe(true);
    expect(onDisk()).toBe(0);
    expect(receipts()).toBe(CLIPS);
    expect(nvr().unowned).toBe(1);
  });
});

function randomId(): string {
  return crypto.randomUUID();
}
