import { existsSync, readdirSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FortnightError } from '../../src/base/errors.ts';
import { breathe } from '../../src/base/delay.ts';
import { silentLog } from '../../src/base/log.ts';
import { createMoveToPin, createPinStore } from '../../src/db/holds/pins.ts';
import { makePins, pruneHoldDirs, removePins } from '../../src/disk/pins.ts';
import { openVerified } from '../../src/disk/verified-root.ts';
import type { DirHandle } from '../../src/disk/handle.ts';
import type { HoldVersion } from '../../src/holds/hold.ts';
import { HoldSet } from '../../src/holds/hold-set.ts';
import { Pinner } from '../../src/holds/keep/pinner.ts';
import type { PinDisk, PinStore } from '../../src/holds/keep/pins.ts';
import { DAY, T0, makeFootage, type Footage } from '../support/footage.ts';
import { holdOver, makeSweeping, type Sweeping } from '../support/sweeping.ts';
import { until } from '../support/whole.ts';

const CLAIM = '7b0e4a1c-6a53-4d52-9c11-0d6c0a4b1f10';
const ORDER = '11111111-2222-4333-8444-555555555555';
const HOUR = 3_600_000;

let f: Footage;
let sweeping: Sweeping;
let set: HoldSet;
let store: PinStore;
let pinner: Pinner;
let online: boolean;

beforeEach(() => {
  f = makeFootage();
  sweeping = makeSweeping(f);
  set = new HoldSet();
  store = createPinStore(f.db);
  online = true;
  pinner = makePinner(onDisk);
});
afterEach(async () => {
  await pinner.stop();
  f.close();
});

const below = (work: (root: DirHandle) => void): void => {
  const open = openVerified(f.address.path, f.address.expected);
  if (open.root === undefined) throw new FortnightError('root_refused', open.why);
  work(open.root);
  open.root.close();
};

/** As the root's thread does it. */
const onDisk: PinDisk = {
  pin: (_root, holdId, tasks) =>
    new Promise((resolve) => {
      below((root) => {
        resolve(makePins(root, holdId, tasks));
      });
    }),
  unpin: (_root, holdId, loose) => {
    below((root) => {
      removePins(root, holdId, loose);
    });
    return Promise.resolve();
  },
  prunePins: () => {
    below((root) => {
      pruneHoldDirs(root);
    });
    return Promise.resolve();
  },
};

function makePinner(disk: PinDisk): Pinner {
  return new Pinner({
    store,
    disk,
    set,
    clip: (id) => sweeping.reader.clip(id),
    onlineRoots: () => (online ? ['nvr'] : []),
    nowMs: () => f.clock.wallMs(),
    breathe,
    log: silentLog,
  });
}

/** An hour of one camera, held. */
function hold(holdId: string, extra: Partial<HoldVersion> = {}): HoldVersion {
  const version = holdOver(['entrance'], T0 - 20 * DAY, T0 - 20 * DAY + HOUR, { holdId, ...extra });
  set.add(version);
  const at = sweeping.holds.findIndex((h) => h.holdId === holdId);
  sweeping.holds.splice(at < 0 ? sweeping.holds.length : at, 1, version);
  return version;
}
/** It was released and its cooling-off is over. */
const end = (version: HoldVersion): HoldVersion =>
  hold(version.holdId, { version: version.version + 1, releasedMs: T0 - 2 * DAY, endsMs: T0 - DAY });

const clipAt = (minute: number, name = `cam/${String(minute)}.mp4`): number =>
  f.add(name, { startMs: T0 - 20 * DAY + minute * 60_000, endMs: T0 - 20 * DAY + minute * 60_000 + 10_000 });
const pins = (holdId: string): string[] => {
  const dir = f.path(`.fortnight/holds/${holdId}`);
  return existsSync(dir) ? readdirSync(dir) : [];
};
const rows = (): unknown[] => f.db.prepare('SELECT * FROM pin').all();
const receipts = (): unknown[] =>
  f.db.prepare('SELECT clip_id, outcome, reason, links_left FROM receipt ORDER BY clip_id').all();

describe('pins', () => {
  it('give every clip of a hold a second name, and no other clip', async () => {
    const held = [clipAt(1), clipAt(2)];
    clipAt(90);
    await pinner.pin(hold(CLAIM));
    expect(
      pins(CLAIM)
        .map((name) => Number(name.split('-')[0]))
        .sort(),
    ).toEqual(held);
    for (const name of pins(CLAIM)) expect(name).toMatch(/^\d+-[0-9a-z]+\.pin$/); // no footage to a cleaner
    expect(store.made(CLAIM)).toBe(2);
    expect(statSync(f.path('cam/1.mp4')).nlink).toBe(2);
    expect(statSync(f.path('cam/90.mp4')).nlink).toBe(1);
  });

  it('are made for clips that arrive later', async () => {
    hold(CLAIM);
    hold(ORDER);
    pinner.arrived([clipAt(1), clipAt(90)]);
    await until(() => pins(CLAIM).length === 1 && pins(ORDER).length === 1);
  });

  it('are made once: a second run does nothing', async () => {
    clipAt(1);
    await pinner.pin(hold(CLAIM));
    let asked = 0;
    const counting = makePinner({ ...onDisk, pin: (...call) => ((asked += 1), onDisk.pin(...call)) });
    await counting.run();
    expect(asked).toBe(0);
    expect(store.made(CLAIM)).toBe(1);
  });

  it('wait for a root that is away', async () => {
    clipAt(1);
    online = false;
    await pinner.pin(hold(CLAIM));
    expect([rows(), pins(CLAIM)]).toEqual([[], []]);
    online = true;
    await pinner.run();
    expect(pins(CLAIM)).toHaveLength(1);
  });

  it.each([
    ['before the link', false],
    ['after the link', true],
  ])('are caught up with when a crash came %s', async (_when, linked) => {
    clipAt(1);
    const crash = Promise.reject(new FortnightError('root_refused', 'the process ended'));
    crash.catch(() => undefined);
    await makePinner({
      ...onDisk,
      pin: async (...call) => {
        if (linked) await onDisk.pin(...call);
        return crash;
      },
    }).pin(hold(CLAIM));
    expect([rows().length, store.made(CLAIM)]).toEqual([1, 0]);
    await pinner.run();
    expect([pins(CLAIM).length, store.made(CLAIM)]).toEqual([1, 1]);
  });

  it('are found again when a crash came after the link and the recorder took the name since', async () => {
    clipAt(1);
    await pinner.pin(hold(CLAIM));
    f.db.exec('UPDATE pin SET state = 0');
    rmSync(f.path('cam/1.mp4'));
    await pinner.run();
    expect(store.made(CLAIM)).toBe(1);
  });

  it('are not made of another file that has the name by now', async () => {
    clipAt(1);
    writeFileSync(f.path('cam/other.mp4'), 'another recording');
    renameSync(f.path('cam/other.mp4'), f.path('cam/1.mp4'));
    await pinner.pin(hold(CLAIM));
    expect([pins(CLAIM), rows()]).toEqual([[], []]);
  });

  it('name the errno of a refusal, and are tried again', async () => {
    const id = clipAt(1);
    const refusing = makePinner({
      ...onDisk,
      pin: (_root, _hold, tasks) =>
        Promise.resolve(tasks.map(({ clipId, ino }) => ({ clipId, ino, found: 'refused', errno: 'EMLINK' }))),
    });
    await refusing.pin(hold(CLAIM));
    expect(rows()).toMatchObject([{ clip_id: id, state: 2, why: 'EMLINK' }]);
    await pinner.run();
    expect(rows()).toMatchObject([{ clip_id: id, state: 1, why: null }]);
  });
});

describe('the end of a hold', () => {
  it('takes the pins with their clips, and the receipt knows no other name', async () => {
    const id = clipAt(1);
    const claim = hold(CLAIM);
    await pinner.pin(claim);
    await sweeping.sweeper.sweep();
    expect(existsSync(f.path('cam/1.mp4'))).toBe(true);
    end(claim);
    f.db.exec('UPDATE clip SET parked = 0');
    await sweeping.sweeper.sweep();
    expect(existsSync(f.path('cam/1.mp4'))).toBe(false);
    expect([pins(CLAIM), rows()]).toEqual([[], []]);
    expect(receipts()).toEqual([{ clip_id: id, outcome: 'deleted', reason: 'hold_released', links_left: 0 }]);
    await pinner.run();
    expect(existsSync(f.path(`.fortnight/holds/${CLAIM}`))).toBe(false);
  });

  it('also takes pins that were asked for and never confirmed', async () => {
    clipAt(1);
    const claim = hold(CLAIM);
    await pinner.pin(claim);
    f.db.exec('UPDATE pin SET state = 0');
    end(claim);
    await sweeping.sweeper.sweep();
    expect([pins(CLAIM), rows()]).toEqual([[], []]);
  });

  it('takes a clip that lives under its pin, also when the recorder truncated it first', async () => {
    const id = clipAt(1);
    const claim = hold(CLAIM);
    await pinner.pin(claim);
    truncateSync(f.path('cam/1.mp4'));
    rmSync(f.path('cam/1.mp4'));
    const dirId = (_root: number, path: string): number =>
      Number(f.db.prepare('INSERT INTO dir (root_n, path) VALUES (1, ?)').run(path).lastInsertRowid);
    expect(createMoveToPin(f.db, dirId)(id)).toBe(true);
    end(claim);
    await sweeping.sweeper.sweep();
    expect([pins(CLAIM), rows(), sweeping.reader.clip(id)]).toEqual([[], [], undefined]);
    expect(receipts()).toMatchObject([{ outcome: 'deleted', reason: 'hold_released', links_left: 0 }]);
  });

  it('counts the names that others gave the content', async () => {
    clipAt(1);
    const claim = hold(CLAIM);
    await pinner.pin(claim);
    below((root) => {
      const cam = root.openDir('cam');
      cam.link('1.mp4', root, 'elsewhere');
      cam.close();
    });
    end(claim);
    await sweeping.sweeper.sweep();
    expect(receipts()).toMatchObject([{ links_left: 1 }]);
  });

  it('leaves the clip and its pin to another hold that covers it', async () => {
    clipAt(1);
    const claim = hold(CLAIM);
    await pinner.pin(claim);
    await pinner.pin(hold(ORDER));
    end(claim);
    await pinner.run();
    await sweeping.sweeper.sweep();
    expect([pins(CLAIM).length, pins(ORDER).length]).toEqual([0, 1]);
    expect(existsSync(f.path('cam/1.mp4'))).toBe(true);
  });

  it('takes no pin from a clip that another hold covers and could not pin', async () => {
    clipAt(1);
    const claim = hold(CLAIM);
    await pinner.pin(claim);
    hold(ORDER);
    end(claim);
    const refusing = makePinner({
      ...onDisk,
      pin: (_root, _hold, tasks) =>
        Promise.resolve(tasks.map(({ clipId, ino }) => ({ clipId, ino, found: 'refused', errno: 'EPERM' }))),
    });
    await refusing.run();
    expect([pins(CLAIM).length, pins(ORDER).length]).toEqual([1, 0]);
  });

  it('takes the pins of clips whose time has not come, and leaves the clips', async () => {
    const id = f.add('cam/young.mp4', { startMs: T0 - DAY, endMs: T0 - DAY + 10_000 });
    const young = { terms: holdOver(['entrance'], T0 - DAY, T0 - DAY + HOUR).terms };
    const claim = hold(CLAIM, young);
    await pinner.pin(claim);
    hold(CLAIM, { ...young, version: 2, releasedMs: T0 - 1000, endsMs: T0 - 1 });
    await pinner.run();
    expect([pins(CLAIM), rows(), sweeping.reader.clip(id)?.state]).toEqual([[], [], 'live']);
    expect(statSync(f.path('cam/young.mp4')).nlink).toBe(1);
  });
});
