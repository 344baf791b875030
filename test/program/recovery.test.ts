import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import { PASSWORDS } from '../support/http/world.ts';
import { DAY, MINUTE, makePeople, startWhole, until, type Whole } from '../support/whole.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const WANTED = NOW - 15 * DAY;
const password = PASSWORDS.facility;

let w: Whole;
let wanted: string;
let old: string;

beforeEach(async () => {
  w = await startWhole({ clock: new SimulatedClock(NOW) });
  await hold('the one that matters', WANTED);
  await hold('another', NOW - 5 * DAY);
  wanted = w.record('nvr', WANTED);
  old = w.record('nvr', NOW - 20 * DAY);
});
afterEach(async () => {
  await w.close();
});

const state = (name: string): string => join(w.dir, 'state', name);
const rootState = (): string | undefined => w.app.rooms.roots.list().find((r) => r.id === 'nvr')?.state;
const removeIndex = (): void => {
  for (const name of ['index.db', 'index.db-wal', 'index.db-shm']) rmSync(state(name), { force: true });
};
const removeMirrors = (): void => {
  for (const id of ['nvr', 'media']) rmSync(w.path(id, '.fortnight/holds'), { recursive: true });
};

async function hold(title: string, atMs: number): Promise<void> {
  const facility = await w.as('facility');
  const terms = { caseRef: 'Z-1', kind: 'legal_claim', ground: 'gdpr_17_3_e', cameraIds: ['entrance'] };
  const window = { fromMs: atMs - MINUTE, toMs: atMs + MINUTE, reviewMs: NOW + 30 * DAY };
  const body = { ...terms, ...window, title, reason: 'The insurer asks to keep the footage.' };
  expect((await facility.ask('POST', '/api/v1/holds', { body })).status).toBe(201);
}

async function confirm(role: 'facility' | 'security', secret = password): Promise<number> {
  const person = await w.as(role);
  const path = '/api/v1/roots/nvr/holds-confirmed';
  return (await person.ask('POST', path, { body: { password: secret } })).status;
}

/** Everything on the disk is indexed and swept as far as anything lets it. */
async function sweep(): Promise<void> {
  await w.app.rooms.ingest.reconcile('nvr', { full: true });
  await w.job('sweep');
}

describe('the list of holds', () => {
  it('is waited for when every copy of it is lost: by a facility manager, not by new holds (F-D5)', async () => {
    await w.restart({}, () => {
      removeIndex();
      removeMirrors();
      rmSync(state('holds.journal'));
    });
    await makePeople(w.app);
    expect(rootState()).toBe('recovery');
    for (const title of ['one', 'two', 'three']) await hold(title, NOW - 3 * DAY);
    await w.app.rooms.roots.check();
    await sweep();
    expect(rootState()).toBe('recovery');
    expect(w.has('nvr', old) && w.has('nvr', wanted)).toBe(true);
    await w.job('alarms');
    expect(w.app.rooms.alarms.all()).toMatchObject([
      { code: 'recovery_waiting', subject: 'media' },
      { code: 'recovery_waiting', subject: 'nvr' },
    ]);

    expect(await confirm('security', PASSWORDS.security)).toBe(403);
    expect(await confirm('facility', 'not the password at all')).toBe(403);
    expect(rootState()).toBe('recovery');
    expect(await confirm('facility')).toBe(204);
    await until(() => rootState() === 'online');
    expect(await confirm('facility')).toBe(409);
    await sweep();
    expect(w.has('nvr', old)).toBe(false);
    await w.restart();
    expect(rootState()).toBe('online');
    const audit = (await (await w.as('privacy')).get('/api/v1/audit?kind=holds_confirmed')).json;
    expect(audit['entries']).toMatchObject([
      { actor: 'facility', payload: { root: 'nvr', holds: 3, list: 3, rootKnew: 2 } },
    ]);
  });

  it('comes back from the disks when the state directory is of yesterday, and is waited for all the same (F-D3)', async () => {
    await w.restart({}, () => {
      copyFileSync(state('index.db'), state('index.yesterday'));
    });
    await hold('of today', NOW - 16 * DAY);
    const today = w.record('nvr', NOW - 16 * DAY);
    const journal = state('holds.journal');
    await w.restart({}, () => {
      removeIndex();
      copyFileSync(state('index.yesterday'), state('index.db'));
      rmSync(journal);
    });
    expect(rootState()).toBe('recovery');
    expect(w.app.rooms.state.holdSet.all().map((h) => h.terms.title)).toContain('of today');
    await sweep();
    expect(w.has('nvr', old)).toBe(true);
    expect(await confirm('facility')).toBe(204);
    await until(() => rootState() === 'online');
    await sweep();
    expect([old, wanted, today].map((path) => w.has('nvr', path))).toEqual([false, true, true]);
  });

  it('is waited for when an older index was put back, also when it lacks no hold (F-D3)', async () => {
    await w.restart({}, () => {
      copyFileSync(state('index.db'), state('index.yesterday'));
    });
    await w.job('checkpoint');
    const was = w.app.rooms.state.auditStore.head()!.seq;
    const roots = (): string[] => w.app.rooms.roots.list().map((r) => r.state);
    await w.restart();
    expect(roots()).toEqual(['online', 'online']);
    await w.restart({}, () => {
      removeIndex();
      copyFileSync(state('index.yesterday'), state('index.db'));
    });
    expect(roots()).toEqual(['recovery', 'recovery']);
    await sweep();
    expect(w.has('nvr', old)).toBe(true);
    const audit = (await (await w.as('privacy')).get('/api/v1/audit?kind=root_state')).json;
    const whys = (audit['entries'] as { payload: { state: string; why: string } }[])
      .filter(({ payload }) => payload.state === 'recovery')
      .map(({ payload }) => Number(/up to record (\d+)/.exec(payload.why)?.[1]));
    expect(whys).toHaveLength(2);
    expect(Math.min(...whys)).toBeGreaterThanOrEqual(was);
    expect(await confirm('facility')).toBe(204);
    await until(() => rootState() === 'online');
    await sweep();
    expect([old, wanted].map((path) => w.has('nvr', path))).toEqual([false, true]);
    await w.restart();
    expect(rootState()).toBe('online');
  });

  it('is whole when only the index is lost: nobody needs to confirm it (F-D1)', async () => {
    await w.job('checkpoint');
    await w.restart({}, removeIndex);
    expect(rootState()).not.toBe('recovery');
    expect(w.app.rooms.state.holdSet.all()).toHaveLength(2);
    await w.app.rooms.roots.check();
    await w.app.rooms.ingest.reconcile('nvr', { full: true });
    expect(rootState()).not.toBe('recovery');
    const { db } = w.app.rooms.state;
    const whys = db.prepare("SELECT payload ->> 'why' FROM audit WHERE kind = 'root_state'").pluck().all();
    expect(whys).toContainEqual(expect.stringMatching(/; a new index after record \d+$/));
  });
});
