import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FortnightError } from '../../src/base/errors.ts';
import { systemFiles } from '../../src/base/file-calls.ts';
import { createCopyStore } from '../../src/db/holds/copies.ts';
import type { CopyDisk, CopyStore } from '../../src/holds/keep/copies.ts';
import type { HoldVersion } from '../../src/holds/hold.ts';
import { HoldSet } from '../../src/holds/hold-set.ts';
import type { Preserver } from '../../src/holds/keep/preserver.ts';
import { copyDiskOn } from '../support/copy-disk.ts';
import { DAY, T0, makeFootage, type Footage } from '../support/footage.ts';
import { preserverOn } from '../support/preserving.ts';
import { holdOver, makeSweeping, type Sweeping } from '../support/sweeping.ts';

const HOUR = 3_600_000;
const START = T0 - 20 * DAY;

let f: Footage;
let sweeping: Sweeping;
let set: HoldSet;
let store: CopyStore;
let files: typeof systemFiles;
let keepFreeBytes: number;
let room: { rootId: string; clips: number; bytes: number }[];
let onDisk: CopyDisk;
let preserver: Preserver;

beforeEach(() => {
  f = makeFootage();
  sweeping = makeSweeping(f);
  set = new HoldSet();
  store = createCopyStore(f.db);
  files = systemFiles;
  keepFreeBytes = 0;
  room = [];
  onDisk = copyDiskOn(f, () => files);
  preserver = makePreserver(onDisk);
});
afterEach(() => {
  f.close();
});

function makePreserver(disk: CopyDisk): Preserver {
  return preserverOn(f, {
    store,
    disk,
    set,
    keepFreeBytes: () => keepFreeBytes,
    onRoom: (rootId, missing) => room.push({ rootId, ...missing }),
  });
}

function hold(extra: Partial<HoldVersion> = {}): HoldVersion {
  const version = holdOver(['entrance'], START, START + HOUR, extra);
  set.add(version);
  sweeping.holds.splice(0, 1, version);
  return version;
}
const end = (): HoldVersion => hold({ version: 2, releasedMs: T0 - 2 * DAY, endsMs: T0 - DAY });
const clipAt = (minute: number): number =>
  f.add(`cam/${String(minute)}.mp4`, {
    startMs: START + minute * 60_000,
    endMs: START + minute * 60_000 + 10_000,
    sizeBytes: 3_000_000,
  });
const copies = (): string[] => {
  const dir = f.path('.fortnight/copies');
  return existsSync(dir) ? readdirSync(dir) : [];
};
const pathOfCopy = (id: number): string => {
  const { dir, name } = store.places(id)[0]!;
  return f.path(join(dir, name));
};
const rows = (): unknown[] => f.db.prepare('SELECT clip_id, state, why FROM copy').all();

describe('a held clip', () => {
  it('is copied, and its copy is what was hashed', async () => {
    const id = clipAt(1);
    clipAt(90);
    hold();
    await preserver.run();
    expect(copies()).toHaveLength(1);
    const content = readFileSync(pathOfCopy(id));
    expect(content).toEqual(readFileSync(f.path('cam/1.mp4')));
    const sha256 = f.db.prepare('SELECT sha256 FROM copy').pluck().get();
    expect(sha256).toEqual(createHash('sha256').update(content).digest());
    expect(statSync(pathOfCopy(id)).nlink).toBe(1);
  });

  it('is copied once', async () => {
    clipAt(1);
    hold();
    await preserver.run();
    let asked = 0;
    await makePreserver({ ...onDisk, copy: (...call) => ((asked += 1), onDisk.copy(...call)) }).run();
    expect(asked).toBe(0);
  });

  it('is copied once when its hold gave up a part of what it covers', async () => {
    clipAt(1);
    const { window } = holdOver(['entrance'], START, START + HOUR).terms;
    const given = { cameraIds: ['entrance'], window, sinceMs: T0 - DAY, endsMs: T0 + DAY };
    hold({ version: 2, act: 'narrowed', leaving: [given] });
    const asked: number[] = [];
    await makePreserver({
      ...onDisk,
      copy: (...call) => {
        asked.push(...call[1].map((task) => task.clipId));
        return onDisk.copy(...call);
      },
    }).run();
    expect([asked.length, copies().length]).toEqual([1, 1]);
  });

  it('keeps its copy when the recorder truncates it, and writes over it', async () => {
    const id = clipAt(1);
    hold();
    await preserver.run();
    const before = readFileSync(f.path('cam/1.mp4'));
    truncateSync(f.path('cam/1.mp4'));
    writeFileSync(f.path('cam/1.mp4'), 'something else');
    expect(readFileSync(pathOfCopy(id))).toEqual(before);
  });

  it('is not copied when its name means another file, and the attempt leaves nothing', async () => {
    const id = clipAt(1);
    hold();
    utimesSync(f.path('cam/1.mp4'), 1, 1);
    await preserver.run();
    expect([store.places(id), copies()]).toEqual([[], []]);
    expect(rows()).toEqual([{ clip_id: id, state: 2, why: 'changed' }]);
  });

  it('is not copied when it is written to while it is read', async () => {
    const id = clipAt(1);
    hold();
    files = {
      ...systemFiles,
      writeSync: (fd: number, ...rest: readonly unknown[]) => {
        utimesSync(f.path('cam/1.mp4'), 1, 1);
        return (systemFiles.writeSync as (fd: number, ...rest: readonly unknown[]) => number)(fd, ...rest);
      },
    };
    await preserver.run();
    expect([store.places(id), copies()]).toEqual([[], []]);
  });

  it('is copied anew after a crash in the middle of its copy', async () => {
    const id = clipAt(1);
    hold();
    const crash = Promise.reject(new FortnightError('root_refused', 'the process ended'));
    crash.catch(() => undefined);
    await makePreserver({
      ...onDisk,
      copy: (_root, [task]) => {
        mkdirSync(f.path('.fortnight/copies'));
        writeFileSync(
          f.path(`.fortnight/copies/${String(task!.clipId)}-${task!.ino.toString(36)}.copy.new`),
          'x',
        );
        return crash;
      },
    }).run();
    expect(rows()).toEqual([{ clip_id: id, state: 0, why: null }]);
    await preserver.run();
    expect(copies()).toHaveLength(1);
    expect(readFileSync(pathOfCopy(id))).toHaveLength(3_000_000);
  });
});

describe('a disk that does not make a copy durable', () => {
  it('gets no copy, and the clip is tried again', async () => {
    const id = clipAt(1);
    hold();
    files = {
      ...systemFiles,
      fsyncSync: (fd) => {
        if (systemFiles.fstatSync(fd).isFile()) throw Object.assign(new Error('i/o error'), { code: 'EIO' });
      },
    };
    await preserver.run();
    expect([store.places(id), copies(), rows()]).toEqual([[], [], [{ clip_id: id, state: 0, why: null }]]);
    files = systemFiles;
    await preserver.run();
    expect(copies()).toHaveLength(1);
  });
});

describe('a disk without room', () => {
  it('gets no copy that would take what is to be recorded, and says what is missing', async () => {
    const id = clipAt(1);
    hold();
    keepFreeBytes = Number.MAX_SAFE_INTEGER;
    await preserver.run();
    expect([store.places(id), copies()]).toEqual([[], []]);
    expect(room).toEqual([{ rootId: 'nvr', clips: 1, bytes: 3_000_000 }]);
    keepFreeBytes = 0;
    await preserver.run();
    expect(copies()).toHaveLength(1);
    expect(room.at(-1)).toEqual({ rootId: 'nvr', clips: 0, bytes: 0 });
  });

  it('says so once of a clip that several holds cover', async () => {
    clipAt(1);
    hold();
    set.add(holdOver(['entrance'], START, START + HOUR, { holdId: '11111111-2222-4333-8444-555555555555' }));
    keepFreeBytes = Number.MAX_SAFE_INTEGER;
    await preserver.run();
    expect(room).toEqual([{ rootId: 'nvr', clips: 1, bytes: 3_000_000 }]);
  });

  it('keeps the clip when it is full after all, and nothing of a half copy', async () => {
    const id = clipAt(1);
    hold();
    files = {
      ...systemFiles,
      writeSync: () => {
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      },
    };
    await preserver.run();
    expect([store.places(id), copies(), existsSync(f.path('cam/1.mp4'))]).toEqual([[], [], true]);
    expect(room).toMatchObject([{ clips: 1 }]);
  });
});

describe('the end of the last hold', () => {
  it('takes the copy with its clip, in the same batch', async () => {
    clipAt(1);
    hold();
    await preserver.run();
    end();
    await sweeping.sweeper.sweep();
    expect([existsSync(f.path('cam/1.mp4')), copies(), rows()]).toEqual([false, [], []]);
  });

  it('takes the copy of a clip whose time has not come, and leaves the clip', async () => {
    f.add('cam/young.mp4', { startMs: T0 - DAY, endMs: T0 - DAY + 10_000 });
    const young = { terms: holdOver(['entrance'], T0 - DAY, T0 - DAY + HOUR).terms };
    hold(young);
    await preserver.run();
    expect(copies()).toHaveLength(1);
    hold({ ...young, version: 2, releasedMs: T0 - 1000, endsMs: T0 - 1 });
    await preserver.run();
    expect([copies(), rows(), existsSync(f.path('cam/young.mp4'))]).toEqual([[], [], true]);
  });

  it('waits, at X, for a copy that is being written, and takes it', async () => {
    const id = clipAt(1);
    hold();
    const copying = Promise.withResolvers<undefined>();
    const slow = makePreserver({
      ...onDisk,
      copy: async (...call) => {
        await copying.promise;
        return onDisk.copy(...call);
      },
    });
    const running = slow.run();
    const over = slow.over([id]).then(() => copies());
    copying.resolve(undefined);
    expect(await over).toEqual([]);
    await running;
    rmSync(f.path('cam/1.mp4'));
  });
});
