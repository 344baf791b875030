/** The vault when something else is lost: the index, an hour of it, room, or the process in the middle of a copy. */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync as statOf,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import { Mounts } from '../support/mounts.ts';
import { releaseByTwo } from '../support/two-people.ts';
import { NOW, OLD, vaulted } from '../support/vaulted.ts';
import { DAY, MINUTE, startWhole, until, type Whole } from '../support/whole.ts';

let w: Whole;
let clock: SimulatedClock;
let mounts: Mounts;
const { online, hold, preserve, inVault, besideFootage, alarms, findings } = vaulted(() => w);

beforeEach(() => {
  clock = new SimulatedClock(NOW);
  mounts = new Mounts();
});
afterEach(async () => {
  await w.close().catch(() => undefined);
  mounts.close();
});

async function begin(prepare: (dir: string) => void = () => undefined): Promise<void> {
  w = await startWhole({ clock, vault: true, prepare });
  await online();
}
async function record(...minutes: number[]): Promise<string[]> {
  const paths = minutes.map((m) => w.record('nvr', OLD + m * MINUTE, 2));
  await w.app.rooms.ingest.reconcile('nvr', { full: true });
  return paths;
}
const rows = (): unknown[] =>
  w.app.rooms.state.db.prepare('SELECT clip_id, state, hex(sha256) AS sha256 FROM copy').all();
const hashOf = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex').toUpperCase();
const work = async (): Promise<void> => {
  await w.job('clock');
  await w.job('sweep');
  await w.job('pins');
};

/** Takes the index away, and puts `back` in its place. */
async function loseIndex(back?: string): Promise<void> {
  await w.restart({}, () => {
    for (const name of readdirSync(w.config.stateDir))
      if (name.startsWith('index.db')) rmSync(join(w.config.stateDir, name));
    if (back !== undefined) renameSync(back, join(w.config.stateDir, 'index.db'));
  });
  const { roots, ingest } = w.app.rooms;
  await until(() => roots.list().every((r) => r.state !== 'offline'));
  for (const { id, state } of roots.list()) {
    if (state === 'adopting') roots.confirmAdoption(id, { actor: 'facility', trustNames: false });
    if (state === 'recovery') roots.confirmHolds(id, { actor: 'facility', standing: 1 });
  }
  await until(async () => {
    await w.app.rooms.roots.check();
    return roots.list().every((r) => roots.verify(r.id) !== undefined);
  });
  for (const id of ['nvr', 'media']) await ingest.reconcile(id, { full: true });
  await w.job('pins');
}

describe('copies in the vault that the index does not know', () => {
  it('are taken over as they are when the index was lost: no byte is written again', async () => {
    await begin();
    const [path] = await record(0);
    await hold();
    await preserve();
    const before = w.path('vault', `.fortnight/copies/nvr/${inVault()[0]!}`);
    const sha256 = hashOf(before);
    const { ino } = statOf(before);
    await loseIndex();
    await preserve();
    expect(rows()).toMatchObject([{ state: 1, sha256 }]);
    expect(inVault()).toHaveLength(1);
    expect(statOf(w.path('vault', `.fortnight/copies/nvr/${inVault()[0]!}`)).ino).toBe(ino);
    await work();
    expect([w.has('nvr', path!), inVault().length]).toEqual([true, 1]);
    expect(findings()).toEqual([]);
  });

  it('are not taken over when they are not what the clip is: it is copied anew, and the other stays told of', async () => {
    await begin();
    await record(0);
    await hold();
    await preserve();
    const at = w.path('vault', `.fortnight/copies/nvr/${inVault()[0]!}`);
    const other = readFileSync(at);
    other[other.length >> 1]! ^= 1;
    await loseIndexAfter(() => {
      writeFileSync(at, other);
    });
    await preserve();
    expect(rows()).toMatchObject([{ state: 1, sha256: hashOf(w.path('nvr', footage())) }]);
  });

  it('are those of their clips when an older index was put back, and go with them', async () => {
    await begin();
    const [path] = await record(0);
    const { holdId } = await hold();
    await w.app.rooms.state.db.backup(join(w.dir, 'older.db'));
    await preserve();
    expect(inVault()).toHaveLength(1);
    await loseIndex(join(w.dir, 'older.db'));
    await preserve();
    expect(rows()).toMatchObject([{ state: 1 }]);
    clock.advance(2 * DAY);
    await work();
    await releaseByTwo(w.app.rooms.holds, holdId);
    clock.advance(DAY + MINUTE);
    await work();
    expect([w.has('nvr', path!), inVault()]).toEqual([false, []]);
    expect(findings()).toEqual([]);
  });

  it('stay while a hold may be about them when nobody knows whose they are, and are an alarm of the vault', async () => {
    await begin();
    const [path] = await record(0);
    await hold();
    await preserve();
    await loseIndexAfter(() => {
      rmSync(w.path('nvr', path!));
      rmSync(w.path('nvr', '.fortnight/holds'), { recursive: true });
    });
    clock.advance(20 * DAY);
    await work();
    expect(inVault()).toHaveLength(1);
    expect(alarms()).toContain('kept_without_clip vault');
  });
});

/** What a recorder does to its files, and others to the vault, while the daemon is down and the index is lost. */
async function loseIndexAfter(deed: () => void): Promise<void> {
  deed();
  await loseIndex();
}
const footage = (): string => {
  const [clip] = w.app.rooms.reader.page({
    cameraId: 'entrance',
    window: { fromMs: 0, toMs: NOW },
    limit: 1,
  });
  const { dir, name } = w.app.rooms.reader.location(clip!.id)!;
  return `${dir}/${name}`;
};

describe('a process that ends between a copy and its row', () => {
  it('takes what is whole for the copy at the next start, and what is half away', async () => {
    await begin();
    await record(0);
    await hold();
    await preserve();
    const name = inVault()[0]!;
    const dir = w.path('vault', '.fortnight/copies/nvr');
    // As it was between the rename and the row that says "made"; and half of it besides.
    w.app.rooms.state.db.exec(
      'UPDATE copy SET state = 0, ino = NULL, mtime_ns = NULL, sha256 = NULL, made_ms = NULL',
    );
    copyFileSync(join(dir, name), join(dir, `${name}.new`));
    await w.restart();
    await until(() => w.app.rooms.roots.verify('vault') !== undefined);
    expect(findings()).toEqual([]);
    await preserve();
    expect(inVault()).toEqual([name]);
    expect(rows()).toMatchObject([{ state: 1, sha256: hashOf(join(dir, name)) }]);
    expect(findings()).toEqual([]);
  });
});

describe('a vault that is full', () => {
  it('F-S1: keeps what is in it, copies go beside the footage, and it is told until there is room', async (ctx) => {
    let missing: string | undefined;
    await begin((dir) => {
      try {
        mounts.tmpfs(join(dir, 'vault'), 'size=1m');
      } catch (error) {
        missing = String(error);
      }
    });
    if (missing !== undefined) ctx.skip(`no file system of a fixed size can be mounted here: ${missing}`);
    const paths = await record(0, 10, 20);
    writeFileSync(w.path('vault', 'fill'), Buffer.alloc(1024 * 1024 - 64 * 1024));
    const { holdId } = await hold();
    await w.app.rooms.roots.check();
    await preserve();
    expect([inVault().filter((n) => n.endsWith('.new')), besideFootage().length]).toEqual([[], 3]);
    expect(alarms()).toContain('vault_full vault');
    expect((await w.app.rooms.holds.coverage(holdId)).notPinned).toBe(0);
    clock.advance(2 * DAY);
    await work();
    expect(paths.map((path) => w.has('nvr', path))).toEqual([true, true, true]);
    await preserve();
    expect(alarms()).toContain('vault_full vault');
    rmSync(w.path('vault', 'fill'));
    await record(30);
    await until(async () => {
      await w.app.rooms.roots.check();
      const { freeBytes = 0 } = w.app.rooms.desk.status().vault ?? {};
      return freeBytes > 512 * 1024;
    });
    await preserve();
    expect(alarms()).not.toContain('vault_full vault');
    expect([inVault().length, besideFootage().length]).toEqual([1, 3]);
    await releaseByTwo(w.app.rooms.holds, holdId);
    clock.advance(DAY + MINUTE);
    await work();
    expect([inVault(), besideFootage()]).toEqual([[], []]);
    expect(findings()).toEqual([]);
  });
});
