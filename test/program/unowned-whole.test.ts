/** Files nobody owns in the whole program: listed for those who may see names, deleted when an administrator said so. */
import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import { PASSWORDS } from '../support/http/world.ts';
import { DAY, startWhole, until, type Whole } from '../support/whole.ts';

let w: Whole;
let clock: SimulatedClock;
beforeEach(async () => {
  clock = new SimulatedClock(Date.now());
  w = await startWhole({ clock });
});
afterEach(async () => {
  await w.close();
});

it('are listed page by page with their names escaped, and go by a rule of the configuration that was confirmed', async () => {
  const strange = Buffer.concat([Buffer.from(w.path('nvr', '/')), Buffer.from('ev\x1b[2Jil')]);
  writeFileSync(strange, 'x');
  writeFileSync(w.path('nvr', 'empty.txt'), '');
  await until(() => w.app.rooms.roots.verify('nvr') !== undefined);
  await w.app.rooms.ingest.reconcile('nvr', { full: true });

  expect((await (await w.as('security')).get('/api/v1/unowned')).status).toBe(403);
  const admin = await w.as('admin');
  const first = (await admin.get('/api/v1/unowned?limit=1')).json;
  expect(first['files']).toMatchObject([{ rootId: 'nvr', path: 'empty.txt', reason: 'no_layout' }]);
  const second = (await admin.get(`/api/v1/unowned?limit=1&cursor=${String(first['nextCursor'])}`)).json;
  expect(second['files']).toMatchObject([{ path: 'ev\\u{1b}[2Jil' }]);
  expect((await admin.get('/api/v1/unowned?cursor=zz')).status).toBe(400);
  const nvr = (): unknown => w.app.rooms.desk.status().roots.find((r) => r.id === 'nvr');
  expect(nvr()).toMatchObject({
    unowned: 2,
    unownedBy: [{ reason: 'no_layout', files: 2, bytes: 1, empty: 1 }],
    unownedRule: null,
  });

  await w.restart({ sources: w.config.sources.map((s) => ({ ...s, unownedDeleteAfterMs: 30 * DAY })) });
  await until(() => w.app.rooms.roots.verify('nvr') !== undefined);
  clock.advance(31 * DAY);
  await w.job('unowned');
  expect(existsSync(strange)).toBe(true);
  const body = { password: PASSWORDS.admin };
  const path = '/api/v1/roots/nvr/unowned-rule';
  expect((await (await w.as('facility')).ask('POST', path, { body })).status).toBe(403);
  expect((await (await w.as('admin')).ask('POST', path, { body })).status).toBe(204);
  await w.job('unowned');
  expect(existsSync(strange)).toBe(false);
  expect(existsSync(w.path('nvr', 'empty.txt'))).toBe(false);
  expect(nvr()).toMatchObject({
    unowned: 0,
    unownedBy: [],
    unownedRule: { deleteAfterMs: 30 * DAY, confirmed: true },
  });
});

it('are not what fits the layout without content or without a time: those are clips, and counted apart', async () => {
  await until(() => w.app.rooms.roots.verify('nvr') !== undefined);
  const hourAgo = (clock.wallMs() - 3_600_000) / 1000;
  for (const name of ['empty', 'undatable', 'whole']) {
    const at = w.path(
      'nvr',
      w.record('nvr', clock.wallMs() - DAY - { empty: 1, undatable: 2, whole: 3 }[name]! * 600_000),
    );
    if (name === 'empty') {
      writeFileSync(at, '');
      utimesSync(at, hourAgo, hourAgo);
    }
    if (name === 'undatable') utimesSync(at, 0, 0);
  }
  await w.app.rooms.ingest.reconcile('nvr', { full: true });
  const nvr = (): unknown => w.app.rooms.desk.status().roots.find((r) => r.id === 'nvr');
  expect(nvr()).toMatchObject({ unowned: 0, oddClips: { empty: 1, undatable: 1 } });
  const metrics = await (await fetch(`http://127.0.0.1:${String(w.metricsPort)}/metrics`)).text();
  expect(metrics).toContain('fortnight_odd_clips{root="nvr",kind="empty"} 1');
  expect(metrics).toContain('fortnight_odd_clips{root="nvr",kind="undatable"} 1');
  expect(metrics).toContain('fortnight_odd_clips{root="media",kind="empty"} 0');
});
