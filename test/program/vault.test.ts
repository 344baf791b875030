/** The vault, by the whole program: copies apart from the recorders, and what becomes of them. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import type { Clip } from '../../src/clips/clip.ts';
import type { HoldVersion } from '../../src/holds/hold.ts';
import { READ_AGAIN_MS } from '../../src/holds/keep/verifier.ts';
import { releaseByTwo } from '../support/two-people.ts';
import { NOW, OLD, vaulted } from '../support/vaulted.ts';
import { DAY, MINUTE, startWhole, type Whole } from '../support/whole.ts';

let w: Whole;
let clock: SimulatedClock;
const { online, hold, preserve, inVault, besideFootage, alarms, findings } = vaulted(() => w);

beforeEach(async () => {
  clock = new SimulatedClock(NOW);
  w = await startWhole({ clock, vault: true });
  await online();
});
afterEach(async () => {
  await w.close();
});
async function seen(state: string): Promise<void> {
  await w.app.rooms.roots.check();
  expect(w.app.rooms.desk.status().vault?.state).toBe(state);
}
const blocked = (): string[] => w.app.rooms.desk.status().blocked.map((b) => `${b.rootId} ${b.reason}`);
const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
async function record(startMs = OLD): Promise<{ path: string; clip: Clip; sha256: string }> {
  const path = w.record('nvr', startMs, 2);
  await w.app.rooms.ingest.reconcile('nvr', { full: true });
  const window = { fromMs: startMs, toMs: startMs + 1000 };
  const [clip] = w.app.rooms.reader.page({ cameraId: 'entrance', window, limit: 1 });
  return { path, clip: clip!, sha256: hashOf(w.path('nvr', path)) };
}
/** Released by two, and the cooling-off is over; what it kept is past its time by then. */
async function release({ holdId }: HoldVersion): Promise<void> {
  clock.advance(2 * DAY);
  await w.job('clock');
  await releaseByTwo(w.app.rooms.holds, holdId);
  clock.advance(DAY + MINUTE);
  await w.job('clock');
}
/** The content that people are shown under the clip's id. */
async function played(clipId: number): Promise<string | undefined> {
  const opened = await w.app.rooms.footage.open(clipId);
  if (opened === undefined) return undefined;
  const content = Buffer.alloc(opened.sizeBytes);
  readSync(opened.fd, content, 0, content.length, 0);
  await opened.close();
  return createHash('sha256').update(content).digest('hex');
}
/** As if the disk were not mounted: the directory is there, and empty. */
async function unmount(): Promise<void> {
  renameSync(w.path('vault', ''), join(w.dir, 'unmounted'));
  mkdirSync(w.path('vault', ''));
  await seen('offline');
}
async function mount(): Promise<void> {
  rmSync(w.path('vault', ''), { recursive: true });
  renameSync(join(w.dir, 'unmounted'), w.path('vault', ''));
  await seen('online');
}
const receipts = (): unknown[] => w.app.rooms.state.db.prepare('SELECT outcome, reason FROM receipt').all();

describe('a held clip', () => {
  it('is copied into the vault, and nothing of it beside the footage', async () => {
    const { sha256 } = await record();
    await hold();
    await preserve();
    expect([inVault().length, besideFootage()]).toEqual([1, []]);
    expect(hashOf(w.path('vault', `.fortnight/copies/nvr/${inVault()[0]!}`))).toBe(sha256);
    expect(findings()).toEqual([]);
  });

  it.each([
    [
      'truncates it',
      (path: string) => {
        truncateSync(path);
      },
    ],
    [
      'unlinks it',
      (path: string) => {
        rmSync(path);
      },
    ],
    [
      'writes over it',
      (path: string) => {
        writeFileSync(path, 'something else');
      },
    ],
  ])('is played from the vault when its recorder %s, and lives on there', async (_, deed) => {
    const { path, clip, sha256 } = await record();
    await hold();
    await preserve();
    deed(w.path('nvr', path));
    rmSync(w.path('nvr', '.fortnight/holds'), { recursive: true });
    expect(await played(clip.id)).toBe(sha256);
    for (const minutes of [11, 61, 1]) {
      await w.app.rooms.ingest.reconcile('nvr', { full: true });
      clock.advance(minutes * MINUTE);
    }
    expect(w.app.rooms.reader.location(clip.id)).toMatchObject({ rootId: 'vault' });
    expect(await played(clip.id)).toBe(sha256);
    clock.advance(3 * DAY);
    await w.job('clock');
    await w.job('sweep');
    expect(await played(clip.id)).toBe(sha256);
    expect(inVault()).toHaveLength(1);
  });

  it('has its copy decoded, and read again each month, in the vault', async () => {
    await record();
    await hold();
    await preserve();
    const { inspector, verifier } = w.app.rooms.preservation;
    await inspector.run();
    const row = (): unknown => w.app.rooms.state.db.prepare('SELECT found, read_ms FROM copy').get();
    expect(row()).toEqual({ found: 0, read_ms: null });
    clock.advance(READ_AGAIN_MS + MINUTE);
    await w.job('clock');
    await verifier.run();
    expect(row()).toEqual({ found: 0, read_ms: w.app.rooms.retention.nowMs() });
    writeFileSync(w.path('vault', `.fortnight/copies/nvr/${inVault()[0]!}`), 'rot');
    clock.advance(READ_AGAIN_MS + MINUTE);
    await w.job('clock');
    await verifier.run();
    expect(row()).toMatchObject({ found: 4 });
    await preserve();
    expect(row()).toMatchObject({ found: null });
    expect(findings()).toEqual([]);
  });
});

describe('a release', () => {
  it('takes the copy in the vault with the clip, under one receipt', async () => {
    const { path } = await record();
    const placed = await hold();
    await preserve();
    await release(placed);
    await w.job('sweep');
    expect([w.has('nvr', path), inVault()]).toEqual([false, []]);
    expect(receipts()).toEqual([{ outcome: 'deleted', reason: 'hold_released' }]);
    expect(findings()).toEqual([]);
  });

  it('takes a clip that lives on in the vault, and its pins beside the footage', async () => {
    const { path, clip } = await record();
    const placed = await hold();
    await preserve();
    truncateSync(w.path('nvr', path));
    await w.app.rooms.ingest.reconcile('nvr', { full: true });
    expect(w.app.rooms.reader.location(clip.id)).toMatchObject({ rootId: 'vault' });
    await release(placed);
    await w.job('sweep');
    await w.job('pins');
    expect(inVault()).toEqual([]);
    expect(receipts()).toContainEqual({ outcome: 'deleted', reason: 'hold_released' });
    expect(existsSync(w.path('nvr', `.fortnight/holds/${placed.holdId}`))).toBe(false);
    expect(findings()).toEqual([]);
  });

  it('takes the copy of a clip whose time has not come, and leaves the clip', async () => {
    const { path } = await record();
    const placed = await hold();
    await preserve();
    await releaseByTwo(w.app.rooms.holds, placed.holdId);
    clock.advance(DAY - MINUTE);
    await w.job('clock');
    await preserve();
    w.app.rooms.state.db.prepare('UPDATE clip SET due_ms = due_ms + ?').run(10 * DAY);
    clock.advance(2 * MINUTE);
    await w.job('clock');
    await preserve();
    expect([w.has('nvr', path), inVault()]).toEqual([true, []]);
  });

  it('waits for a vault that is away: nothing is claimed, nothing is shown, and it is told', async () => {
    const { path, clip } = await record();
    const other = await record(OLD + 2 * 60 * MINUTE);
    const placed = await hold();
    await preserve();
    await unmount();
    await release(placed);
    await w.job('sweep');
    await w.job('alarms');
    expect([w.has('nvr', path), w.has('nvr', other.path)]).toEqual([true, false]);
    expect(receipts()).toEqual([{ outcome: 'deleted', reason: 'retention' }]);
    expect(blocked()).toEqual(['nvr vault_offline']);
    expect(alarms()).toContain('vault_offline vault');
    const security = await w.as('security');
    expect((await security.ask('GET', `/api/v1/clips/${String(clip.id)}`)).status).toBe(410);
    await mount();
    await w.job('sweep');
    await w.job('alarms');
    expect([w.has('nvr', path), inVault()]).toEqual([false, []]);
    expect(receipts()).toContainEqual({ outcome: 'deleted', reason: 'hold_released' });
    expect([blocked(), alarms()]).toEqual([[], []]);
    expect(findings()).toEqual([]);
  });

  it('leaves a clip of which nothing more is known when its vault went in the middle of its batch', async () => {
    const { path } = await record();
    const placed = await hold();
    await preserve();
    await release(placed);
    // Gone between the last look and the batch.
    renameSync(w.path('vault', ''), join(w.dir, 'unmounted'));
    mkdirSync(w.path('vault', ''));
    await w.job('sweep');
    expect(w.has('nvr', path)).toBe(true);
    expect(receipts()).toEqual([{ outcome: 'failed', reason: 'hold_released' }]);
    await seen('offline');
    await mount();
    clock.advance(2 * MINUTE);
    await w.job('clock');
    await w.job('sweep');
    expect([w.has('nvr', path), inVault()]).toEqual([false, []]);
    expect(findings()).toEqual([]);
  });
});

describe('a vault that is away while something is held', () => {
  it('is offline, not empty: copies go beside the footage, and those in it stay known', async () => {
    const first = await record();
    await hold();
    await preserve();
    await unmount();
    const second = await record(OLD + 20 * MINUTE);
    await preserve();
    await w.job('alarms');
    expect(besideFootage()).toHaveLength(1);
    expect(existsSync(w.path('vault', '.fortnight'))).toBe(false);
    expect(alarms()).toContain('vault_offline vault');
    rmSync(w.path('nvr', first.path));
    rmSync(w.path('nvr', '.fortnight/holds'), { recursive: true });
    expect(await played(first.clip.id)).toBeUndefined();
    await mount();
    expect(await played(first.clip.id)).toBe(first.sha256);
    truncateSync(w.path('nvr', second.path));
    expect(await played(second.clip.id)).toBe(second.sha256);
  });

  it('is foreign when another disk lies in its place, and nothing is touched there', async () => {
    await record();
    await hold();
    await preserve();
    await unmount();
    const marker = w.path('vault', '.fortnight/marker.json');
    mkdirSync(w.path('vault', '.fortnight'));
    const of = JSON.parse(readFileSync(join(w.dir, 'unmounted/.fortnight/marker.json'), 'utf8')) as object;
    writeFileSync(marker, JSON.stringify({ ...of, installId: '11111111-2222-4333-8444-555555555555' }));
    await seen('foreign');
    await record(OLD + 20 * MINUTE);
    await preserve();
    await w.job('alarms');
    expect(alarms()).toContain('vault_foreign vault');
    expect(readdirSync(w.path('vault', '.fortnight'))).toEqual(['marker.json']);
  });
});
