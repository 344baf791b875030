/** A disk that is lost for good, and the one that was put in its place: of a source, and of the vault. */
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import { takeLock } from '../../src/db/lock.ts';
import { PASSWORDS } from '../support/http/world.ts';
import { releaseByTwo } from '../support/two-people.ts';
import { NOW, OLD, vaulted } from '../support/vaulted.ts';
import { DAY, MINUTE, startWhole, type Whole } from '../support/whole.ts';

const GONE_EXTERNAL = 3;
const OTHER_INSTALL = '11111111-2222-4333-8444-555555555555';

let w: Whole;
let clock: SimulatedClock;
const { online, hold, preserve, inVault, alarms, findings } = vaulted(() => w);

beforeEach(async () => {
  clock = new SimulatedClock(NOW);
  w = await startWhole({ clock, vault: true });
  await online();
});
afterEach(async () => {
  await w.close();
});

const rootOf = (id: string): { state: string; cause: string | null } | undefined =>
  w.app.rooms.roots.list().find((r) => r.id === id);
async function seen(id: string, state: string): Promise<void> {
  await w.app.rooms.roots.check();
  expect(rootOf(id)?.state).toBe(state);
}
/** The disk breaks; what was put in its place is empty but for what `put` puts there. */
async function lose(id: 'nvr' | 'vault', put: () => void = () => undefined): Promise<void> {
  const broken = join(w.dir, `broken-${id}`);
  rmSync(broken, { recursive: true, force: true });
  renameSync(w.path(id, ''), broken);
  mkdirSync(w.path(id, ''));
  put();
  await w.app.rooms.roots.check();
  expect(['offline', 'foreign']).toContain(rootOf(id)?.state);
}
async function replace(id: string, role: 'admin' | 'facility' = 'admin'): Promise<number> {
  const person = await w.as(role);
  const body = { password: PASSWORDS[role] };
  return (await person.ask('POST', `/api/v1/roots/${id}/disk`, { body })).status;
}
async function record(startMs = OLD): Promise<string> {
  const path = w.record('nvr', startMs, 2);
  await w.app.rooms.ingest.reconcile('nvr', { full: true });
  return path;
}
const receipts = (): unknown[] =>
  w.app.rooms.state.db.prepare('SELECT outcome FROM receipt ORDER BY rowid').pluck().all();
const states = (): unknown[] =>
  w.app.rooms.state.db.prepare('SELECT state FROM clip ORDER BY id').pluck().all();
async function replaced(): Promise<unknown> {
  const asked = await (await w.as('privacy')).get('/api/v1/audit?kind=disk_replaced');
  return asked.json['entries'];
}

describe('the vault', () => {
  it('is the new disk when an admin says so: copies are made there, and what waited for the old one goes', async () => {
    await record();
    const waits = await record(OLD + 20 * MINUTE);
    const { holdId } = await hold();
    await preserve();
    expect(inVault()).toHaveLength(2);
    await lose('vault');
    expect(rootOf('vault')).toMatchObject({ state: 'offline', cause: 'marker_missing' });
    expect(await replace('vault', 'facility')).toBe(403);
    expect(rootOf('vault')?.state).toBe('offline');
    expect(await replace('vault')).toBe(204);
    expect(rootOf('vault')?.state).toBe('online');
    expect(findings()).toEqual([]);
    await preserve();
    expect(inVault()).toHaveLength(2);
    expect(await replaced()).toMatchObject([
      { actor: 'admin', payload: { root: 'vault', clips: 0, pins: 0, copies: 2 } },
    ]);

    await lose('vault');
    clock.advance(2 * DAY);
    await w.job('clock');
    await releaseByTwo(w.app.rooms.holds, holdId);
    clock.advance(DAY + MINUTE);
    await w.job('clock');
    await w.job('sweep');
    expect(w.has('nvr', waits)).toBe(true);
    expect(await replace('vault')).toBe(204);
    await w.job('sweep');
    expect([w.has('nvr', waits), receipts()]).toEqual([false, ['deleted', 'deleted']]);
    expect(findings()).toEqual([]);
  });

  it('tells of held footage that lived on in it alone', async () => {
    const path = await record();
    await hold();
    await preserve();
    rmSync(w.path('nvr', path));
    rmSync(w.path('nvr', '.fortnight/holds'), { recursive: true });
    for (let scan = 1; scan <= 3; scan += 1) {
      await w.app.rooms.ingest.reconcile('nvr', { full: true });
      clock.advance(61 * MINUTE);
    }
    w.app.rooms.alarms.end('held_content_gone', 'entrance');
    await lose('vault');
    expect(await replace('vault')).toBe(204);
    expect(alarms()).toContain('held_content_gone entrance');
    expect(states()).toEqual([GONE_EXTERNAL]);
  });

  it('F-S8: takes the disk of another installation only by that word, and touches nothing on it before', async () => {
    await lose('vault', () => {
      mkdirSync(w.path('vault', '.fortnight'));
      const of = JSON.parse(
        readFileSync(join(w.dir, 'broken-vault/.fortnight/marker.json'), 'utf8'),
      ) as object;
      const theirs = JSON.stringify({ ...of, installId: OTHER_INSTALL });
      writeFileSync(w.path('vault', '.fortnight/marker.json'), theirs);
    });
    await seen('vault', 'foreign');
    const marker = (): string => readFileSync(w.path('vault', '.fortnight/marker.json'), 'utf8');
    expect(marker()).toContain(OTHER_INSTALL);
    // I14: their service is at work on it, on another machine that mounts the same share.
    const theirs = takeLock(w.path('vault', '.fortnight/daemon.lock'), 'their root');
    expect(await replace('vault')).toBe(503);
    expect(rootOf('vault')?.state).toBe('foreign');
    expect(marker()).toContain(OTHER_INSTALL);
    theirs.release();
    expect(await replace('vault')).toBe(204);
    expect(rootOf('vault')?.state).toBe('online');
    expect(marker()).not.toContain(OTHER_INSTALL);
  });
});

describe('a source', () => {
  it('claims nothing of what lay on the lost disk: its clips are missing, held ones are told of', async () => {
    for (let i = 0; i < 3; i += 1) w.record('nvr', OLD + i * 20 * MINUTE, 2);
    await record(OLD + 2 * DAY);
    await hold();
    await lose('nvr');
    expect(await replace('nvr')).toBe(204);
    expect(rootOf('nvr')?.state).toBe('online');
    // Without scans, and before a sweep could take the emptiness of another disk for anything.
    expect(new Set(states())).toEqual(new Set([GONE_EXTERNAL]));
    expect(alarms()).toContain('held_content_gone entrance');
    clock.advance(20 * DAY);
    await w.job('clock');
    await w.job('sweep');
    expect(receipts()).toEqual([]);
    const told = await (await w.as('privacy')).get('/api/v1/audit?kind=clips_missing');
    expect(told.json['entries']).toMatchObject([{ payload: { root: 'nvr', clips: 4 } }]);
    expect(await replaced()).toMatchObject([{ payload: { root: 'nvr', clips: 4, pins: 3 } }]);
  });

  it('does not say "deleted" of a file whose deletion was under way when the disk went', async () => {
    const path = await record();
    clock.advance(2 * DAY);
    await w.job('clock');
    const { store, protocol } = w.app.rooms.sweeping;
    const [due] = store.due('nvr', clock.wallMs(), 1);
    // As a crash between T1 and U leaves it.
    store.begin('nvr', [due!.clipId], () => ({ mayDelete: true, maySee: false, reasons: [] }) as never);
    await lose('nvr');
    expect(await replace('nvr')).toBe(204);
    expect(receipts()).toEqual(['failed']);
    await protocol.settle('nvr');
    expect(receipts()).toEqual(['failed']);
    expect(existsSync(join(w.dir, 'broken-nvr', path))).toBe(true);
    clock.advance(2 * MINUTE);
    await w.job('clock');
    await w.job('sweep');
    expect(receipts()).toEqual(['failed']);
    expect(findings()).toEqual([]);
  });

  it('waits for the adoption of footage that lies on the new disk', async () => {
    const old = w.record('media', NOW - 20 * DAY, 2);
    await lose('nvr', () => {
      renameSync(w.path('media', old.split('/')[0]!), w.path('nvr', 'footage'));
    });
    expect(await replace('nvr')).toBe(204);
    expect(rootOf('nvr')?.state).toBe('adopting');
  });

  it('refuses while the disk is the one it was, is not there, or is another source’s', async () => {
    expect(await replace('nvr')).toBe(409);
    renameSync(w.path('nvr', ''), join(w.dir, 'away'));
    await seen('nvr', 'offline');
    expect(await replace('nvr')).toBe(409);
    renameSync(w.path('media', ''), w.path('nvr', ''));
    await seen('nvr', 'foreign');
    expect(rootOf('nvr')?.cause).toBe('other_source');
    expect(await replace('nvr')).toBe(409);
    renameSync(w.path('nvr', ''), w.path('media', ''));
    renameSync(join(w.dir, 'away'), w.path('nvr', ''));
    await seen('nvr', 'online');
    expect(await replaced()).toEqual([]);
  });

  it('tells of held footage that lived on there as its pin alone', async () => {
    const path = await record();
    await hold();
    rmSync(w.path('nvr', path));
    for (let scan = 1; scan <= 3; scan += 1) {
      await w.app.rooms.ingest.reconcile('nvr', { full: true });
      clock.advance(61 * MINUTE);
    }
    expect(states()).toEqual([1]);
    w.app.rooms.alarms.end('held_content_gone', 'entrance');
    await lose('nvr');
    expect(await replace('nvr')).toBe(204);
    expect(states()).toEqual([GONE_EXTERNAL]);
    expect(alarms()).toContain('held_content_gone entrance');
  });

  it('lets a held clip live on as its copy in the vault', async () => {
    await record();
    await hold();
    await preserve();
    await lose('nvr');
    expect(await replace('nvr')).toBe(204);
    expect(states()).toEqual([1]);
    const [clip] = w.app.rooms.reader.page({
      cameraId: 'entrance',
      window: { fromMs: OLD, toMs: OLD + MINUTE },
      limit: 1,
    });
    expect(w.app.rooms.reader.location(clip!.id)).toMatchObject({ rootId: 'vault' });
    expect(findings()).toEqual([]);
  });

  it('is told of a disk of this installation that knows more holds: a facility manager looks first (I10)', async () => {
    await lose('nvr', () => {
      mkdirSync(w.path('nvr', '.fortnight'));
      const of = JSON.parse(readFileSync(join(w.dir, 'broken-nvr/.fortnight/marker.json'), 'utf8')) as object;
      const ours = { ...of, rootUuid: OTHER_INSTALL, lastHoldSeq: 9 };
      writeFileSync(w.path('nvr', '.fortnight/marker.json'), JSON.stringify(ours));
    });
    expect(await replace('nvr')).toBe(204);
    expect(rootOf('nvr')?.state).toBe('recovery');
    w.app.rooms.roots.confirmHolds('nvr', { actor: 'facility', standing: 0 });
    await seen('nvr', 'online');
  });

  it('is not taken when the disk has gone since it was seen, and nothing is done then', async () => {
    await lose('nvr');
    const away = join(w.dir, 'gone-again');
    renameSync(w.path('nvr', ''), away);
    mkdirSync(w.path('nvr', ''));
    expect(await replace('nvr')).toBe(409);
    expect(readdirSync(w.path('nvr', ''))).toEqual([]);
    rmSync(w.path('nvr', ''), { recursive: true });
    expect(await replace('nvr')).toBe(409);
    renameSync(join(w.dir, 'broken-nvr'), w.path('nvr', ''));
    await seen('nvr', 'online');
    expect(await replaced()).toEqual([]);
  });
});
