/**
 * Nothing breaks a hold: the disk of the footage is full, then that of the state. Needs root, for small file systems in
 * memory.
 */
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, type TestContext } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import { checkState } from '../../src/cli/check/command.ts';
import type { HoldPlaced } from '../../src/http/api/index.ts';
import type { Client } from '../support/http/client.ts';
import { Mounts } from '../support/mounts.ts';
import { DAY, MINUTE, startWhole, until, type Whole } from '../support/whole.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const OLD = NOW - 14 * DAY + 5 * MINUTE;
const FOOTAGE = 'size=8m';
/** Of less no reserve is made. */
const STATE = 'size=352m';

let mounts: Mounts;
let w: Whole;
let clock: SimulatedClock;
let missing: string | undefined;
let held: string;
let free: string;

beforeEach(async () => {
  mounts = new Mounts();
  clock = new SimulatedClock(NOW);
  w = await startWhole({ clock, prepare: (dir) => (missing = mount(dir)) });
  if (missing !== undefined) return;
  await until(() => w.app.rooms.roots.list().every((r) => w.app.rooms.roots.verify(r.id) !== undefined));
  held = w.record('nvr', OLD);
  free = w.record('nvr', OLD + 10 * MINUTE);
  await w.app.rooms.ingest.reconcile('nvr', { full: true });
});
afterEach(async () => {
  await w.close().catch(() => undefined);
  mounts.close();
});

function mount(dir: string): string | undefined {
  try {
    mounts.tmpfs(join(dir, 'nvr'), FOOTAGE);
    mkdirSync(join(dir, 'state'));
    mounts.tmpfs(join(dir, 'state'), `${STATE},mode=0700`);
    return undefined;
  } catch (error) {
    return String(error);
  }
}

const skip = (ctx: TestContext): void => {
  if (missing !== undefined) ctx.skip(`no file system of a fixed size can be mounted here: ${missing}`);
};
const alarms = (): string[] => w.app.rooms.alarms.all().map((a) => `${a.code} ${a.subject}`);
const mirrors = (): string[] =>
  readdirSync(w.path('nvr', '.fortnight/holds')).filter((n) => n.endsWith('.json'));
const links = (path: string): number => statSync(w.path('nvr', path)).nlink;

/** Leaves not one block on the disk below `dir`. */
function fillUp(dir: string): void {
  const fd = openSync(join(dir, 'fill'), 'a');
  try {
    for (const chunk of [1 << 20, 4096]) while (writeSync(fd, Buffer.alloc(chunk)) === chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    try {
      while (writeSync(fd, Buffer.alloc(4096)) === 4096);
    } catch {
      // Full.
    }
  } finally {
    closeSync(fd);
  }
}

/** `facility`: somebody who had signed in before the disk was full. */
async function place(facility: Client, atMs: number): Promise<HoldPlaced> {
  const { status, json } = await facility.ask('POST', '/api/v1/holds', {
    body: {
      ...{ cameraIds: ['entrance'], fromMs: atMs, toMs: atMs + MINUTE, reviewMs: NOW + 30 * DAY },
      ...{ caseRef: 'Z-1', title: 'A fall in the hall', kind: 'legal_claim', ground: 'gdpr_17_3_e' },
      reason: 'The insurer asks to keep the footage.',
    },
  });
  expect(status).toBe(201);
  return json as HoldPlaced;
}

/** All that is past its time goes, and nothing else. */
async function sweepInTime(): Promise<void> {
  clock.advance(20 * MINUTE);
  await w.job('clock');
  await w.job('sweep');
  expect(w.has('nvr', held)).toBe(true);
}

it('F-S1: the footage disk: the hold is answered and binds, what lacks is told, and follows when there is room', async (ctx) => {
  skip(ctx);
  const facility = await w.as('facility');
  const before = await place(facility, OLD);
  await until(() => links(held) === 2);
  fillUp(w.path('nvr', ''));
  const { hold } = await place(facility, OLD);
  expect(mirrors()).toEqual([`${before.hold.id}.json`]);
  await w.app.rooms.preservation.preserver.run();
  expect(alarms()).toEqual(expect.arrayContaining(['mirror_refused nvr', 'copies_stopped nvr']));
  await sweepInTime();
  expect(w.has('nvr', free)).toBe(false);
  expect(links(held)).toBeGreaterThanOrEqual(2);
  rmSync(w.path('nvr', 'fill'));
  await w.job('clock');
  await w.app.rooms.pinner.run();
  expect(mirrors()).toContain(`${hold.id}.json`);
  expect(alarms()).not.toContain('mirror_refused nvr');
  expect(links(held)).toBe(3);
  expect(checkState({ stateDir: w.config.stateDir }, 'size').findings).toEqual([]);
});

it('F-S2: the state disk: the hold is answered and binds by its journal, and what stops is told', async (ctx) => {
  skip(ctx);
  const facility = await w.as('facility');
  const before = await place(facility, OLD);
  await until(() => links(held) === 2);
  w.app.rooms.state.db.pragma('wal_checkpoint(TRUNCATE)');
  fillUp(w.config.stateDir);
  const { hold, coverage } = await place(facility, OLD + 10 * MINUTE);
  expect(coverage).toMatchObject({ clips: 1 });
  await sweepInTime();
  expect(w.has('nvr', free)).toBe(true);
  expect(mirrors()).toHaveLength(2);
  // The reserve is used; now the last block goes as well, and that of the footage.
  fillUp(w.config.stateDir);
  fillUp(w.path('nvr', ''));
  const failed = await facility.ask('POST', `/api/v1/holds/${before.hold.id}/review`, {
    body: { version: 1, reviewMs: NOW + 60 * DAY, reason: 'The claim goes on for another month.' },
  });
  expect(failed.status).toBeGreaterThanOrEqual(500);
  await w.job('sweep');
  await w.job('alarms');
  expect(w.app.rooms.desk.status().blocked).toContainEqual({ rootId: 'nvr', reason: 'audit_reserve_gone' });
  expect(alarms()).toContain('audit_unwritable ');
  expect([held, free].map(links)).toEqual([2, 2]);
  rmSync(join(w.config.stateDir, 'fill'));
  rmSync(w.path('nvr', 'fill'));
  await w.restart();
  await w.job('clock');
  await w.job('alarms');
  expect(alarms()).toEqual([]);
  expect(w.app.rooms.holds.current().map((h) => h.holdId)).toContain(hold.id);
});
