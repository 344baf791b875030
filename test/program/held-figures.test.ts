import { statSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Alarms } from '../../src/alarms/alarms.ts';
import { HeldDesk } from '../../src/app/held-figures.ts';
import { breathe } from '../../src/base/delay.ts';
import { createAlarmStore } from '../../src/db/alarms.ts';
import { createHeldFigures } from '../../src/db/holds/held-figures.ts';
import { createPinStore } from '../../src/db/holds/pins.ts';
import { HoldSet } from '../../src/holds/hold-set.ts';
import { T0, makeFootage, type Footage } from '../support/footage.ts';
import { holdOver } from '../support/sweeping.ts';

const CLAIM = '7b0e4a1c-6a53-4d52-9c11-0d6c0a4b1f10';
const MINUTE = 60_000;
let f: Footage;
let alarms: Alarms;
let desk: HeldDesk;
beforeEach(() => {
  f = makeFootage();
  alarms = new Alarms(
    createAlarmStore(f.db),
    { alarmRaised: () => undefined, alarmEnded: () => undefined },
    () => T0,
  );
  const set = new HoldSet();
  // A clip that two holds cover counts once.
  set.add(holdOver(['entrance'], T0, T0 + 60 * MINUTE));
  set.add(
    holdOver(['entrance', 'hall'], T0, T0 + 30 * MINUTE, { holdId: '11111111-2222-4333-8444-555555555555' }),
  );
  set.add(
    holdOver(['hall'], T0 + 40 * MINUTE, T0 + 60 * MINUTE, {
      holdId: '21111111-2222-4333-8444-555555555555',
      endsMs: T0,
    }),
  );
  const pins = createPinStore(f.db);
  desk = new HeldDesk(
    {
      store: createHeldFigures(f.db),
      covered: (cameraId, window) => pins.covered(cameraId, window),
      set,
      nowMs: () => T0 + 60 * MINUTE,
      breathe,
    },
    alarms,
  );
});
afterEach(() => {
  f.close();
});

const clip = (minute: number, path = `cam/${String(minute)}.mp4`, camera = 'entrance'): number =>
  f.add(path, { startMs: T0 + minute * MINUTE, endMs: T0 + minute * MINUTE + 10_000, camera });
const pin = (id: number, minute: number, why: string | null = null): void => {
  const { ino } = statSync(f.path(`cam/${String(minute)}.mp4`), { bigint: true });
  f.db.prepare('INSERT INTO pin VALUES (?, ?, ?, 1, ?, ?)').run(id, CLAIM, ino, why === null ? 1 : 2, why);
};
const copy = (id: number): void => {
  f.db
    .prepare(
      `INSERT INTO copy (clip_id, root_n, source_n, source_ino, size_bytes, state, ino, mtime_ns, sha256)
       VALUES (?, 1, 1, 1, 1000, 1, 1, 1, x'00')`,
    )
    .run(id);
};

it('held clips are counted once, by what keeps them from their recorder', async () => {
  pin(clip(1), 1);
  const both = clip(2);
  pin(both, 2);
  copy(both);
  copy(clip(3));
  clip(4);
  clip(5, `.fortnight/holds/${CLAIM}/5-x.pin`);
  clip(6, '.fortnight/copies/6-x.copy', 'hall');
  clip(50, 'cam/other.mp4', 'hall'); // only a hold that is over covers it
  expect(desk.last()).toBeUndefined();
  await desk.renew();
  expect(desk.last()).toMatchObject({ kept: { both: 1, pin: 2, copy: 2, neither: 1 }, copyBytes: 2000 });
});

it('pins that the system refuses are an alarm, with what it says, until there are copies', async () => {
  const [one, two] = [clip(1), clip(2)];
  pin(one, 1, 'EPERM');
  pin(two, 2, 'EPERM');
  await desk.renew();
  expect(alarms.all()).toMatchObject([
    { code: 'pins_refused', subject: 'nvr', detail: { clips: 2, errno: 'EPERM' } },
  ]);
  copy(one);
  copy(two);
  await desk.renew();
  expect([alarms.all(), desk.last()?.refused]).toEqual([[], []]);
});
