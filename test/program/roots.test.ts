import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockRoot } from '../../src/app/root-lock.ts';
import { createAuditLog } from '../../src/audit/log.ts';
import { DAY_MS, HOUR_MS, SimulatedClock } from '../../src/base/clock.ts';
import { newId } from '../../src/base/ids.ts';
import { silentLog } from '../../src/base/log.ts';
import { createAuditStore } from '../../src/db/audit.ts';
import { ensureInstall } from '../../src/db/install.ts';
import { openIndex, type Db } from '../../src/db/open.ts';
import { createRootStore, ensureRoots } from '../../src/db/roots.ts';
import { enrol, observe, renumber, testRoot } from '../../src/disk/root-probe.ts';
import { RootHangs, type RootDisk, type Roots } from '../../src/roots/contract.ts';
import { createRoots } from '../../src/roots/roots.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';
import { NOTHING_TO_REPLACE } from '../support/roots.ts';

let dir: Scratch;
let db: Db;
let root: string;
let clock: SimulatedClock;
let roots: Roots;
let trusted: string[];
let list: string[];
let full: boolean;
let disk: RootDisk;

beforeEach(() => {
  dir = scratch();
  root = join(dir.path, 'nvr');
  mkdirSync(root);
  db = openIndex(join(dir.path, 'index.db'));
  clock = new SimulatedClock(Date.UTC(2026, 5, 1));
  trusted = [];
  list = [];
  full = false;
  disk = {
    observe: (path, enrolled) => Promise.resolve(observe(path, enrolled)),
    enrol: (path, marker, over) => {
      enrol(path, { marker, over });
      return Promise.resolve();
    },
    renumber: (path, marker) => {
      renumber(path, marker);
      return Promise.resolve();
    },
    selfTest: (path) => Promise.resolve(testRoot(path)),
  };
  roots = service();
});
afterEach(() => {
  roots.stop();
  db.close();
  dir.remove();
});

function service(): Roots {
  const { installId } = ensureInstall(db, { installId: newId(), pathKey: Buffer.alloc(32) }, clock.wallMs());
  ensureRoots(db, [{ id: 'nvr', root }], clock.wallMs());
  const store = createRootStore(
    db,
    createAuditLog(createAuditStore(db), clock, () => undefined),
  );
  return createRoots({
    store: { ...store, changed: (id, to) => !full && store.changed(id, to) },
    disk: {
      observe: (path, enrolled) => disk.observe(path, enrolled),
      enrol: (path, marker, over) => disk.enrol(path, marker, over),
      renumber: (path, to) => disk.renumber(path, to),
      selfTest: (path) => disk.selfTest(path),
    },
    clock,
    log: silentLog,
    installId,
    ...NOTHING_TO_REPLACE,
    nowMs: () => clock.wallMs(),
    holds: { length: () => list.length, macAt: (seq) => list[seq - 1] },
    trail: { beyond: () => undefined, head: () => 'head' },
    lock: lockRoot,
    onTrustNames: (id) => trusted.push(id),
  });
}

async function look(): Promise<string | undefined> {
  await roots.check();
  return roots.list()[0]?.state;
}

test('an empty root is enrolled and online; deletion is blocked by nothing', async () => {
  expect(roots.verify('nvr')).toBeUndefined();
  await roots.start();
  expect(roots.list()).toMatchObject([{ id: 'nvr', state: 'online', blocked: [] }]);
  expect(roots.verify('nvr')).toMatchObject({ path: root });
  expect(existsSync(join(root, '.fortnight/marker.json'))).toBe(true);
});

test('footage that was there before waits for a person, is readable meanwhile, and the person may trust its names', async () => {
  writeFileSync(join(root, 'old.mp4'), 'x');
  await roots.start();
  expect(roots.list()).toMatchObject([{ state: 'adopting', blocked: ['adoption'] }]);
  expect(roots.verify('nvr')).toBeUndefined();
  expect(roots.readable('nvr')).toBeDefined();
  roots.confirmAdoption('nvr', { actor: 'fatima', trustNames: true });
  expect(await look()).toBe('online');
  expect(trusted).toEqual(['nvr']);
  expect(roots.list()[0]).toMatchObject({ trustNames: true, adoptionSinceMs: null });
  const kinds = db.prepare<[], string>('SELECT kind FROM audit ORDER BY seq').pluck().all();
  expect(kinds).toEqual(['root_state', 'root_adopted', 'root_state']);
  expect(() => {
    roots.confirmAdoption('nvr', { actor: 'fatima', trustNames: false });
  }).toThrow('no adoption waits');
});

test('without a person, adoption ends after a day of retention time, also over a restart', async () => {
  writeFileSync(join(root, 'old.mp4'), 'x');
  await roots.start();
  clock.advance(DAY_MS - HOUR_MS);
  expect(await look()).toBe('adopting');
  roots.stop();
  roots = service();
  await roots.start();
  expect(roots.list()[0]?.state).toBe('adopting');
  clock.advance(HOUR_MS);
  expect(await look()).toBe('online');
});

test('a disk that is unmounted is offline, and online again when it is back', async () => {
  const said: string[] = [];
  roots.onChange((view) => said.push(view.state));
  await roots.start();
  renameSync(root, `${root}.away`);
  mkdirSync(root);
  expect(await look()).toBe('offline');
  expect(roots.readable('nvr')).toBeUndefined();
  expect(existsSync(join(root, '.fortnight'))).toBe(false);
  rmSync(root, { recursive: true });
  expect(await look()).toBe('offline');
  renameSync(`${root}.away`, root);
  expect(await look()).toBe('online');
  expect(said.filter((s, i) => s !== said[i - 1])).toEqual(['online', 'offline', 'online']);
});

test('another disk on the path is foreign', async () => {
  await roots.start();
  const path = join(root, '.fortnight/marker.json');
  const marker = JSON.parse(readFileSync(path, 'utf8')) as { rootUuid: string };
  writeFileSync(path, JSON.stringify({ ...marker, rootUuid: 'ffffffff-ffff-4fff-bfff-ffffffffffff' }));
  expect(await look()).toBe('foreign');
  expect(roots.blocked('nvr')).toEqual(['root_foreign']);
});

test('a second daemon on the same root is refused at its start', async () => {
  await roots.start();
  const second = service();
  await expect(second.start()).rejects.toMatchObject({ code: 'state_locked' });
});

test('a failed fsync makes the root failing until the box is started again', async () => {
  await roots.start();
  roots.markFailing('nvr', 'EIO at fsync', 'not_durable');
  expect(roots.list()).toMatchObject([
    { state: 'failing', why: 'EIO at fsync', cause: 'not_durable', blocked: ['root_failing'] },
  ]);
  expect(await look()).toBe('failing');
  roots.stop();
  roots = service();
  await roots.start();
  expect(roots.list()[0]?.state).toBe('failing');
  clock.reboot(HOUR_MS);
  expect(await look()).toBe('online');
});

test('a call that hangs makes the root failing; any other trouble makes it offline until the next look', async () => {
  await roots.start();
  const working = disk;
  disk = { ...disk, observe: () => Promise.reject(new Error('no thread')) };
  expect(await look()).toBe('offline');
  disk = working;
  expect(await look()).toBe('online');
  disk = { ...disk, observe: () => Promise.reject(new RootHangs('a call hangs')) };
  expect(await look()).toBe('failing');
});

describe('a root that knows of holds which were lost here', () => {
  const confirm = (): void => {
    roots.confirmHolds('nvr', { actor: 'fatima', standing: list.length });
  };
  const marker = (): unknown => JSON.parse(readFileSync(join(root, '.fortnight/marker.json'), 'utf8'));

  beforeEach(async () => {
    list = ['a'.repeat(64), 'b'.repeat(64)];
    await roots.start();
    roots.stop();
    list = [];
    roots = service();
    await roots.start();
  });

  test('waits for a person, whatever new holds there are, also over a restart', async () => {
    expect(roots.list()).toMatchObject([{ state: 'recovery', blocked: ['recovery'] }]);
    expect(roots.verify('nvr')).toBeUndefined();
    expect(roots.readable('nvr')).toBeDefined();
    list = ['c'.repeat(64), 'd'.repeat(64), 'e'.repeat(64)];
    expect(await look()).toBe('recovery');
    roots.stop();
    roots = service();
    await roots.start();
    expect(roots.list()[0]?.state).toBe('recovery');
  });

  test('is as any other when a person confirmed the list, with a record of who and which', async () => {
    list = ['c'.repeat(64)];
    confirm();
    expect(await look()).toBe('online');
    expect(marker()).toMatchObject({ lastHoldSeq: 1, lastHoldMac: 'c'.repeat(64) });
    const payload = db
      .prepare<[], string>("SELECT payload FROM audit WHERE kind = 'holds_confirmed'")
      .pluck()
      .get();
    expect(JSON.parse(payload ?? '')).toEqual({
      actor: 'fatima',
      root: 'nvr',
      holds: 1,
      list: 1,
      rootKnew: 2,
    });
    expect(confirm).toThrow('does not wait');
    roots.stop();
    roots = service();
    await roots.start();
    expect(roots.list()[0]?.state).toBe('online');
  });

  test('is brought to its end by the next start when a crash came after the confirmation', async () => {
    const working = disk;
    disk = { ...disk, renumber: () => Promise.reject(new Error('killed')) };
    confirm();
    expect(await look()).not.toBe('online');
    roots.stop();
    disk = working;
    roots = service();
    await roots.start();
    expect(roots.list()[0]?.state).toBe('online');
    expect(marker()).toMatchObject({ lastHoldSeq: 0 });
  });
});

describe('on a full state disk', () => {
  const recorded = (): string[] =>
    db
      .prepare<[], string>("SELECT payload FROM audit WHERE kind = 'root_state' ORDER BY seq")
      .pluck()
      .all()
      .map((p) => (JSON.parse(p) as { state: string }).state);

  test('a root leaves online at once, and each change is recorded in its order when there is room', async () => {
    await roots.start();
    full = true;
    renameSync(root, `${root}.away`);
    expect(await look()).toBe('offline');
    expect(roots.verify('nvr')).toBeUndefined();
    roots.markFailing('nvr', 'EIO at fsync', 'not_durable');
    expect(await look()).toBe('failing');
    expect(recorded()).toEqual(['online']);
    full = false;
    expect(await look()).toBe('failing');
    expect(recorded()).toEqual(['online', 'offline', 'failing']);
  });

  test('a root does not come online before that is recorded', async () => {
    await roots.start();
    renameSync(root, `${root}.away`);
    expect(await look()).toBe('offline');
    full = true;
    renameSync(`${root}.away`, root);
    expect(await look()).toBe('offline');
    expect(roots.list()[0]?.why).toContain('no room');
    full = false;
    expect(await look()).toBe('online');
    expect(recorded()).toEqual(['online', 'offline', 'online']);
  });
});

test('the self-test tries what the service does and leaves nothing behind', async () => {
  mkdirSync(join(root, 'hall'));
  writeFileSync(join(root, 'hall/a.mp4'), 'x');
  await roots.start();
  const { selfTest } = roots.list()[0]!;
  expect(selfTest?.items.map((i) => [i.check, i.ok])).toEqual(
    ['create', 'fsync', 'link', 'unlink', 'read_clips', 'unlink_clips', 'link_clips'].map((c) => [c, true]),
  );
  expect(existsSync(join(root, '.fortnight/self-test'))).toBe(false);
  expect(existsSync(join(root, '.fortnight/self-test.link'))).toBe(false);
});
