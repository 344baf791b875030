/** What lies under the name of a copy: the daemon ended before it could say so, or could not take it away. */
import { readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FortnightError } from '../../src/base/errors.ts';
import { systemFiles, type FileCalls } from '../../src/base/file-calls.ts';
import { createCopyStore } from '../../src/db/holds/copies.ts';
import { HoldSet } from '../../src/holds/hold-set.ts';
import { createRootStore } from '../../src/db/roots.ts';
import type { CopyDisk, CopyStore } from '../../src/holds/keep/copies.ts';
import type { PreserverDeps } from '../../src/holds/keep/preserver.ts';
import { copyDiskOn } from '../support/copy-disk.ts';
import { DAY, T0, makeFootage, type Footage } from '../support/footage.ts';
import { preserverOn } from '../support/preserving.ts';
import { holdOver, makeSweeping } from '../support/sweeping.ts';

const START = T0 - 20 * DAY;
const [ASKED, MADE, FAILED, GOING] = [0, 1, 2, 3];
const ALTERED = 4;
let f: Footage;
let store: CopyStore;
let set: HoldSet;
let id: number;
let content: Buffer;

beforeEach(async () => {
  f = makeFootage();
  store = createCopyStore(f.db);
  set = new HoldSet();
  set.add(holdOver(['entrance'], START, START + 3_600_000));
  id = f.add('cam/1.mp4', { startMs: START + 60_000, endMs: START + 70_000, sizeBytes: 100_000 });
  content = readFileSync(source());
  await run({ store: ended() });
  expect([states(), onDisk()]).toEqual([[ASKED], [expect.stringMatching(/\.copy$/)]]);
});
afterEach(() => {
  f.close();
});

/** As a daemon leaves it that is killed before the rows are written. */
const ended = (): CopyStore => ({ ...store, answered: () => undefined });
const released = {
  ...holdOver(['entrance'], START, START + 3_600_000),
  version: 2,
  endsMs: T0 - DAY,
  releasedMs: T0 - DAY,
};
const unreadable: FileCalls['openSync'] = (path, flags, mode) => {
  if (String(path).endsWith('.copy')) throw broken('EIO');
  return systemFiles.openSync(path, flags, mode);
};
const source = (): string => f.path('cam/1.mp4');
const states = (): unknown[] => f.db.prepare('SELECT state FROM copy').pluck().all();
const run = (deps: Partial<PreserverDeps> = {}): Promise<void> => preserverOn(f, { set, ...deps }).run();
const on = (files: Partial<FileCalls>): CopyDisk => copyDiskOn(f, () => ({ ...systemFiles, ...files }));
const broken = (code: string): Error => Object.assign(new Error(code), { code });
const copyPath = (): string => f.path(join('.fortnight/copies', onDisk()[0]!));
async function expectToGoWithItsClip(): Promise<void> {
  await makeSweeping(f).sweeper.sweep();
  expect([onDisk(), states()]).toEqual([[], []]);
}
const onDisk = (): string[] => readdirSync(f.path('.fortnight/copies'));
function expectCopied(): void {
  const { dir, name } = store.places(id)[0]!;
  expect(readFileSync(f.path(join(dir, name)))).toEqual(content);
  const sha256 = f.db.prepare('SELECT sha256 FROM copy WHERE state = ?').pluck().get(MADE);
  expect(sha256).toEqual(createHash('sha256').update(content).digest());
}

describe('a copy nobody has heard of', () => {
  it('is the copy when the recorder took the original away meanwhile', async () => {
    rmSync(source());
    await run();
    expect(states()).toEqual([MADE]);
    expectCopied();
  });

  it('is the copy when there is no room for another, and none is missing', async () => {
    const room: unknown[] = [];
    const onRoom = (rootId: string, missing: object): unknown => room.push({ rootId, ...missing });
    await run({ keepFreeBytes: () => Number.MAX_SAFE_INTEGER, onRoom });
    expect(room).toEqual([{ rootId: 'nvr', clips: 0, bytes: 0 }]);
    expectCopied();
  });

  it('brings a clip back that was given up', async () => {
    rmSync(source());
    f.db.prepare('UPDATE clip SET state = 3').run();
    await run();
    expect(f.db.prepare('SELECT state FROM clip').pluck().all()).toEqual([1]);
    expectCopied();
  });

  it('is made durable before that is said', async () => {
    rmSync(source());
    const fsyncSync = (): void => {
      throw broken('EIO');
    };
    await run({ disk: on({ fsyncSync }) });
    expect(states()).toEqual([ASKED]);
  });

  it('is no copy of a clip that grew: it is read once, and goes with its clip', async () => {
    f.db.prepare('UPDATE clip SET size_bytes = size_bytes + 4').run();
    rmSync(source());
    f.db.prepare('UPDATE copy SET size_bytes = size_bytes + 4').run();
    const read = { files: 0 };
    const openSync: FileCalls['openSync'] = (path, flags, mode) => {
      if (String(path).endsWith('.copy')) read.files += 1;
      return systemFiles.openSync(path, flags, mode);
    };
    for (let i = 0; i < 3; i += 1) await run({ disk: on({ openSync }) });
    expect([read.files, states(), store.places(id)]).toEqual([1, [GOING], []]);
    await expectToGoWithItsClip();
  });

  it('that cannot be read is read another time', async () => {
    rmSync(source());
    await run({ disk: on({ openSync: unreadable }) });
    expect([states(), onDisk()]).toEqual([[ASKED], [expect.stringMatching(/\.copy$/)]]);
    await run();
    expectCopied();
  });

  it('that cannot be read goes with its clip, also one that was given up', async () => {
    rmSync(source());
    f.db.prepare('UPDATE clip SET state = 3').run();
    await run({ disk: on({ openSync: unreadable }) });
    expect(states()).toEqual([ASKED]);
    set.add(released);
    await run({ disk: on({ openSync: unreadable }) });
    expect([states(), onDisk()]).toEqual([[], []]);
  });

  it('is not read when no hold keeps it and its time has not come', async () => {
    set.add(released);
    f.db.prepare('UPDATE clip SET state = 3, due_ms = ?').run(T0 + DAY);
    await run();
    expect([states(), onDisk()]).toEqual([[], []]);
    expect(f.db.prepare('SELECT state FROM clip').pluck().all()).toEqual([3]);
  });

  it('of which only half is there, and none can be made, leaves nothing', async () => {
    renameSync(copyPath(), `${copyPath()}.new`);
    rmSync(source());
    await run();
    expect([states(), onDisk()]).toEqual([[FAILED], []]);
  });

  it.each(['there', 'away'])('whose clip is not known is a stray, with its disk %s', async (disk) => {
    f.db.prepare('DELETE FROM clip').run();
    const away = (): Promise<void> => Promise.reject(new FortnightError('root_refused', 'the disk is away'));
    await run(disk === 'away' ? { disk: { ...on({}), removeCopies: away } } : {});
    await run();
    expect([states(), onDisk()]).toEqual([[], [expect.stringMatching(/\.copy$/)]]);
  });
});

describe('a copy that was altered', () => {
  beforeEach(async () => {
    await run();
    f.db.prepare(`UPDATE copy SET found = ${String(ALTERED)}`).run();
  });
  const found = (): unknown => f.db.prepare('SELECT state, found FROM copy').get();

  it('is what it was when it was made anew before the daemon ended', async () => {
    await run({ store: ended() });
    rmSync(source());
    await run();
    expect(found()).toEqual({ state: MADE, found: null });
    const [place] = store.places(id);
    const { ino, mtimeNs } = statSync(copyPath(), { bigint: true });
    expect([place?.ino, place?.mtimeNs]).toEqual([ino, mtimeNs]);
  });

  it('stays that when the daemon ended before another was made', async () => {
    writeFileSync(copyPath(), Buffer.alloc(100_000, 9));
    f.db.prepare(`UPDATE copy SET state = ${String(ASKED)}`).run();
    rmSync(source());
    await run();
    expect(found()).toEqual({ state: MADE, found: ALTERED });
  });
});

it('what lay on a disk that was taken out goes with its clip should the disk come back', async () => {
  await run();
  const by = {
    actor: 'admin',
    why: 'x',
    rootUuid: f.address.expected.rootUuid,
    nowMs: T0,
    adopting: false,
    recoverySeq: null,
  };
  createRootStore(f.db, f.audit).diskReplaced('nvr', by);
  const [away, moved] = [join(f.dir, 'cam'), join(f.dir, 'copies')];
  renameSync(f.path('cam'), away);
  renameSync(f.path('.fortnight/copies'), moved);
  await run();
  expect(states()).toEqual([GOING]);
  rmSync(f.path('.fortnight/copies'), { recursive: true });
  renameSync(away, f.path('cam'));
  renameSync(moved, f.path('.fortnight/copies'));
  await expectToGoWithItsClip();
});

it('half a copy that cannot be taken away goes with its clip', async () => {
  await run();
  rmSync(copyPath());
  f.db.prepare('DELETE FROM copy').run();
  const refuse = (): never => {
    throw broken('EIO');
  };
  const unlinkSync: FileCalls['unlinkSync'] = (path) => {
    if (onDisk().length > 0) throw broken('EBUSY');
    systemFiles.unlinkSync(path);
  };
  await run({ disk: on({ renameSync: refuse, unlinkSync }) });
  expect([states(), onDisk()]).toEqual([[GOING], [expect.stringMatching(/\.copy\.new$/)]]);
  await expectToGoWithItsClip();
});

it('what the vault does not take has its copy below its root', async () => {
  f.db
    .prepare(
      `INSERT INTO root (id, path, root_uuid, enrolled_ms, state, state_since_ms, adoption_confirmed)
       VALUES ('vault', '/vault', 'v', 0, 'online', 0, 1)`,
    )
    .run();
  f.db.prepare('DELETE FROM copy').run();
  rmSync(f.path('.fortnight/copies'), { recursive: true });
  const below = on({});
  const copy: CopyDisk['copy'] = (at, tasks, keepFreeBytes) =>
    at.placeId === 'nvr'
      ? below.copy(at, tasks, keepFreeBytes)
      : Promise.resolve(
          tasks.map(
            ({ clipId, ino }) => ({ clipId, sourceIno: ino, found: 'failed', errno: 'EIO' }) as const,
          ),
        );
  await run({ disk: { ...below, copy }, vault: () => 'vault', onlineRoots: () => ['nvr', 'vault'] });
  expect(store.places(id).map((place) => place.rootId)).toEqual(['nvr']);
  expectCopied();
});
