/** Pins and copies that the index does not know: what becomes of them, with the disk's thread called in place. */
import { linkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HoldSet } from '../../src/holds/hold-set.ts';
import { DAY, T0 } from '../support/footage.ts';
import { CLAIM, ENDED, HOUR, ORDER, START, StrayLab } from '../support/stray-lab.ts';
import { holdOver } from '../support/sweeping.ts';

let lab: StrayLab;
beforeEach(() => {
  lab = new StrayLab();
});
afterEach(() => {
  lab.f.close();
});

const PIN = `.fortnight/holds/${CLAIM}/1-abc.pin`;
const COPY = '.fortnight/copies/4711-abc.copy';

describe('a pin of another index', () => {
  it('becomes the pin of the clip whose file it is', async () => {
    const id = lab.clip();
    lab.hold(CLAIM);
    const old = lab.pinAs(CLAIM);
    await lab.run();
    expect([lab.there(old), lab.isMade(id, CLAIM), lab.names(CLAIM).length, lab.kept]).toEqual([
      false,
      true,
      1,
      0,
    ]);
    expect(lab.names(CLAIM)[0]).toMatch(new RegExp(`^${String(id)}-`));
    expect(statSync(lab.f.path('cam/1.mp4')).nlink).toBe(2);
    expect(lab.kinds()).toEqual([]);
  });

  it('becomes so too when its recorder took the original away since', async () => {
    const id = lab.clip();
    lab.hold(CLAIM);
    lab.pinAs(CLAIM);
    rmSync(lab.f.path('cam/1.mp4'));
    await lab.run();
    expect([lab.isMade(id, CLAIM), lab.names(CLAIM).length]).toEqual([true, 1]);
  });

  it('goes when the clip has its own pin, which stays', async () => {
    const id = lab.clip();
    lab.hold(CLAIM);
    const old = lab.pinAs(CLAIM);
    const own = old.replace('/4711-', `/${String(id)}-`);
    linkSync(lab.f.path('cam/1.mp4'), lab.f.path(own));
    await lab.run();
    expect([lab.there(old), lab.there(own), lab.isMade(id, CLAIM)]).toEqual([false, true, true]);
  });

  it('that bears the very name of the clip’s pin stays', async () => {
    const id = lab.clip();
    lab.hold(CLAIM);
    const old = lab.pinAs(CLAIM);
    const own = old.replace('/4711-', `/${String(id)}-`);
    linkSync(lab.f.path('cam/1.mp4'), lab.f.path(own));
    rmSync(lab.f.path(old));
    await lab.run();
    expect([lab.there(own), lab.isMade(id, CLAIM)]).toEqual([true, true]);
  });

  it('is left alone before the root was reconciled, and has its turn after that', async () => {
    lab.ended(CLAIM);
    const path = lab.plant(PIN);
    lab.reconciled = false;
    const strays = lab.strays();
    await strays.run();
    expect(lab.there(path)).toBe(true);
    lab.reconciled = true;
    strays.reconciled('nvr');
    await strays.run();
    expect(lab.there(path)).toBe(false);
  });

  it('stays while the clip is under another hold that has no pin of it, and goes when that has', async () => {
    const id = lab.clip();
    lab.ended(CLAIM);
    lab.hold(ORDER);
    const old = lab.pinAs(CLAIM);
    await lab.run();
    expect(lab.there(old)).toBe(true);
    const { ino } = statSync(lab.f.path(old), { bigint: true });
    lab.f.db
      .prepare('INSERT INTO pin (clip_id, hold_id, ino, root_n, state) VALUES (?, ?, ?, 1, 1)')
      .run(id, ORDER, ino);
    await lab.run();
    expect([lab.there(old), lab.there('cam/1.mp4')]).toEqual([false, true]);
  });
});

describe('a pin whose original is gone', () => {
  it('stays while its hold stands, and is told of', async () => {
    lab.hold(CLAIM);
    const path = lab.plant(PIN);
    await lab.run();
    expect([lab.there(path), lab.kept, lab.kinds()]).toEqual([true, 1, []]);
  });

  it('goes when the hold has ended, with intent and record, which name no file', async () => {
    lab.ended(CLAIM);
    const path = lab.plant(PIN);
    await lab.run();
    expect([lab.there(path), lab.kept, lab.kinds()]).toEqual([false, 0, ['stray_intent', 'stray_done']]);
    const done = lab.payloads().at(-1) ?? '';
    expect(JSON.parse(done)).toMatchObject({ deleted: 1, files: [{ outcome: 'deleted', linksLeft: 0 }] });
    expect(done).not.toContain('abc.pin');
  });

  it('stays while the hold cools off', async () => {
    lab.ended(CLAIM, { endsMs: T0 + 1 });
    const path = lab.plant(PIN);
    await lab.run();
    expect([lab.there(path), lab.kept]).toEqual([true, 1]);
  });

  it('stays while its fourteen days are not over', async () => {
    lab.ended(CLAIM);
    const path = lab.plant(PIN, T0 - DAY);
    await lab.run();
    expect([lab.there(path), lab.kept]).toEqual([true, 1]);
  });

  it('stays while another hold may be about it, and goes when that cannot be', async () => {
    lab.ended(CLAIM);
    const other = holdOver(['entrance'], START - HOUR, START + 30 * 60_000, { holdId: ORDER });
    lab.set.add(other);
    const path = lab.plant(PIN);
    await lab.run();
    expect(lab.there(path)).toBe(true);
    lab.set = new HoldSet();
    for (const version of lab.versions) lab.set.add(version);
    lab.set.add(holdOver(['hall'], START - HOUR, START + HOUR, { holdId: ORDER }));
    await lab.run();
    expect(lab.there(path)).toBe(false);
  });

  it('of a hold nobody knows goes, unless there is a hold or a mirror that leaves a doubt', async () => {
    const path = lab.plant(PIN);
    writeFileSync(lab.f.path(`.fortnight/holds/${CLAIM}.json`), 'not ours');
    await lab.run();
    expect(lab.there(path)).toBe(true);
    rmSync(lab.f.path(`.fortnight/holds/${CLAIM}.json`));
    lab.hold(ORDER);
    await lab.run();
    expect(lab.there(path)).toBe(true);
    lab.hold(ORDER, ENDED);
    await lab.run();
    expect(lab.there(path)).toBe(false);
  });

  it('stays while nothing may be deleted from its root', async () => {
    lab.ended(CLAIM);
    const path = lab.plant(PIN);
    lab.blocked = ['recovery'];
    await lab.run();
    expect([lab.there(path), lab.kept]).toEqual([true, 1]);
  });

  it('is kept by a hold that comes between the last look and the intent', async () => {
    lab.ended(CLAIM);
    lab.plant(PIN);
    let looks = 0;
    lab.afterLook = () => {
      looks += 1;
      if (looks === 2) lab.hold(ORDER);
    };
    await lab.run();
    expect([looks, lab.there(PIN), lab.kinds()]).toEqual([2, true, []]);
  });
});

describe('a copy without a row', () => {
  it('stays while any hold of its root binds, and goes after the last', async () => {
    lab.hold(CLAIM);
    lab.plant(COPY);
    await lab.run();
    expect([lab.there(COPY), lab.kept]).toEqual([true, 1]);
    lab.hold(CLAIM, ENDED);
    await lab.run();
    expect([lab.there(COPY), lab.kept, lab.kinds()]).toEqual([false, 0, ['stray_intent', 'stray_done']]);
  });

  it('that was never finished goes at once', async () => {
    lab.hold(CLAIM);
    lab.plant(`${COPY}.new`, T0);
    await lab.run();
    expect(lab.there(`${COPY}.new`)).toBe(false);
  });

  it('goes when its clip has another copy, and not before', async () => {
    const id = lab.clip();
    lab.hold(CLAIM);
    const { ino } = statSync(lab.f.path('cam/1.mp4'), { bigint: true });
    const copy = lab.plant(`.fortnight/copies/4711-${ino.toString(36)}.copy`, START, '\u0001'.repeat(1000));
    await lab.run();
    expect(lab.there(copy)).toBe(true);
    lab.f.db
      .prepare(
        `INSERT INTO copy (clip_id, root_n, source_n, source_ino, size_bytes, state, ino, mtime_ns, sha256)
         VALUES (?, 1, 1, ?, 1000, 1, 1, 1, x'00')`,
      )
      .run(id, ino);
    writeFileSync(lab.f.path(copy), 'x'.repeat(1000));
    await lab.run();
    expect(lab.there(copy)).toBe(true); // the inode was given to another recording
    lab.plant(copy, START, '\u0001'.repeat(1000));
    await lab.run();
    expect(lab.there(copy)).toBe(false);
  });
});

it('a name that is none of ours is told of and never deleted', async () => {
  lab.ended(CLAIM);
  const path = lab.plant(`.fortnight/holds/${CLAIM}/holiday.mp4`);
  await lab.run();
  expect([lab.there(path), lab.kept, lab.kinds()]).toEqual([true, 1, []]);
});

describe('what a crash or a failing disk leaves', () => {
  it('is ended before anything new begins', async () => {
    lab.ended(CLAIM);
    const paths = [lab.plant(PIN), lab.plant(PIN.replace('/1-', '/2-'))];
    lab.durableFailure = 'EIO';
    await lab.run();
    expect(lab.kinds()).toEqual(['stray_intent']);
    lab.plant(paths[1]!); // back after the power cut
    lab.durableFailure = undefined;
    await lab.run();
    expect(lab.kinds()).toEqual(['stray_intent', 'stray_done', 'stray_intent', 'stray_done']);
    const ends = lab.payloads().map((p) => JSON.parse(p) as { files: unknown[] });
    expect(ends[1]?.files).toMatchObject([{ outcome: 'deleted_recovered' }, { outcome: 'withdrawn' }]);
    expect(paths.map((p) => lab.there(p))).toEqual([false, false]);
  });
});
