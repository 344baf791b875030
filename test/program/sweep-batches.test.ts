/** Two delete batches of a root overlap: what must hold at every point between them. */
import { readdirSync, renameSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { everyRecord, verifyChain } from '../../src/audit/verify.ts';
import { createAuditStore } from '../../src/db/audit.ts';
import { MAX_BATCH } from '../../src/retention/batches.ts';
import { DAY, T0, makeFootage, type Footage } from '../support/footage.ts';
import { holdOver, makeSweeping, someTurns, type Sweeping } from '../support/sweeping.ts';

let f: Footage;
let s: Sweeping;
beforeEach(() => {
  f = makeFootage();
  s = makeSweeping(f);
});
afterEach(() => {
  f.close();
});

const start = T0 - 20 * DAY;
/** Due clips of one directory, all of one hour: clip i is in batch floor(i / MAX_BATCH). */
const addDue = (count: number): void => {
  f.db.transaction(() => {
    for (let i = 0; i < count; i += 1)
      f.add(`cam/${String(i)}.mp4`, { startMs: start + i * 1000, endMs: start + (i + 1) * 1000 });
  })();
};
const left = (): number => readdirSync(f.path('cam')).length;
const kinds = (): string[] => [...everyRecord(createAuditStore(f.db))].map((r) => r.kind.slice(9));
const outcomes = (): Record<string, number> =>
  Object.fromEntries(
    f.db.prepare('SELECT outcome, count(*) FROM receipt GROUP BY outcome').raw().all() as [string, number][],
  );
const deleting = (): number =>
  f.db.prepare('SELECT count(*) FROM clip WHERE state = 2').pluck().get() as number;
/** A promise for the erasure number `at`; the others go on as ever. */
const only = (at: number, promise: Promise<unknown>, otherwise = someTurns) => {
  return (n: number): Promise<unknown> => (n === at ? promise : otherwise());
};
const settled = (): Promise<void> => someTurns().then(someTurns);
/** Each intent has one end, each clip one receipt per intent, and the chain is whole. */
const expectSound = (): void => {
  const ended = f.db
    .prepare('SELECT intent_seq, count(DISTINCT terminal_seq) AS ends FROM receipt GROUP BY intent_seq')
    .all() as { intent_seq: number; ends: number }[];
  expect(ended.filter((e) => e.ends !== 1)).toEqual([]);
  expect(kinds().filter((k) => k === 'intent')).toHaveLength(ended.length);
  expect(kinds().filter((k) => k === 'done')).toHaveLength(ended.length);
  expect(verifyChain(everyRecord(createAuditStore(f.db)))).toMatchObject({ ok: true });
};

describe('a sweep of many batches', () => {
  it('begins the next batch when the one before is durable, and unlinks it before that one is recorded', async () => {
    addDue(4 * MAX_BATCH);
    const seen: string[] = [];
    s.beforeUnlink = () => seen.push(kinds().join(' '));
    expect((await s.sweeper.sweep()).deleted).toBe(4 * MAX_BATCH);
    expect(seen.slice(0, 3)).toEqual(['intent', 'intent intent', 'intent intent done intent']);
    expectSound();
  });

  it('makes no intent and unlinks nothing while the directories of the batch before are not durable', async () => {
    addDue(2 * MAX_BATCH);
    const durable = Promise.withResolvers<undefined>();
    s.untilDurable = only(0, durable.promise);
    const sweep = s.sweeper.sweep();
    await settled();
    expect(kinds()).toEqual(['intent']);
    expect(left()).toBe(MAX_BATCH);
    durable.resolve(undefined);
    expect((await sweep).deleted).toBe(2 * MAX_BATCH);
    expectSound();
  });

  it('has at most two batches under way, whoever asks for more', async () => {
    addDue(3);
    const streams = Promise.withResolvers<undefined>();
    s.closeClips = (ids) => (ids.includes(1) ? streams.promise : Promise.resolve());
    const batches = [1, 2, 3].map((id) => s.protocol.batch('nvr', [id]));
    await settled().then(settled).then(settled);
    expect(kinds()).toEqual(['intent', 'intent']);
    expect(left()).toBe(1);
    streams.resolve(undefined);
    await Promise.all(batches);
    expect(outcomes()).toEqual({ deleted: 3 });
    expectSound();
  });

  it('makes a placement wait from the intent to the last unlink, and not for the directories', async () => {
    addDue(2 * MAX_BATCH);
    const [unlinked, durable] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    s.untilUnlinked = only(0, unlinked.promise, () => Promise.resolve());
    s.untilDurable = only(0, durable.promise);
    const sweep = s.sweeper.sweep();
    await settled();
    const seen: string[] = [];
    const placing = s.gate.placement(() => {
      seen.push(`${kinds().join(' ')}, ${String(left())} left`);
      s.holds.push(holdOver(['entrance'], start, start + DAY));
    });
    await settled();
    expect(seen).toEqual([]);
    unlinked.resolve(undefined);
    await placing;
    expect(seen).toEqual([`intent, ${String(MAX_BATCH)} left`]);
    durable.resolve(undefined);
    await sweep;
    expect(left()).toBe(MAX_BATCH);
    expect(outcomes()).toEqual({ deleted: MAX_BATCH });
    expect(kinds()).toEqual(['intent', 'done']);
    expectSound();
  });

  it('lets no placement in between the intent and the unlinks of a batch', async () => {
    addDue(MAX_BATCH);
    const order: string[] = [];
    const begin = Promise.withResolvers<undefined>();
    const other = s.gate.batch(() => begin.promise);
    const sweep = s.sweeper.sweep();
    s.beforeUnlink = () => order.push('unlink');
    await settled();
    const placing = s.gate.placement(() => order.push(`placement, ${String(deleting())} deleting`));
    begin.resolve(undefined);
    await Promise.all([other, placing, sweep]);
    expect(order).toEqual(['placement, 0 deleting', 'unlink']);
  });

  it('judges a stopped batch anew when a hold came, and the batch behind it as well', async () => {
    addDue(3 * MAX_BATCH);
    let erasures = 0;
    s.beforeUnlink = () => {
      if (erasures++ !== 1) return;
      s.abortFirst = true;
      s.holds.push(holdOver(['entrance'], start + 65_000, start + DAY));
    };
    await s.sweeper.sweep();
    // The first batch was unlinked before; the margin of the hold reaches all others.
    expect(outcomes()).toEqual({ deleted: MAX_BATCH, withdrawn_held: MAX_BATCH });
    expect(left()).toBe(2 * MAX_BATCH);
    expectSound();
  });

  it('unlinks nothing more once a directory could not be made durable', async () => {
    addDue(3 * MAX_BATCH);
    s.durableFailure = 'EIO';
    await s.sweeper.sweep();
    expect(left()).toBe(2 * MAX_BATCH);
    expect(outcomes()).toEqual({});
    expect(s.said.filter((line) => line.startsWith('failing'))).toEqual(['failing: EIO']);
    s.durableFailure = undefined;
    s.holds.push(holdOver(['entrance'], start + 2 * MAX_BATCH * 1000 + 60_000, start + DAY));
    await s.sweeper.sweep();
    expect(outcomes()).toEqual({ deleted_recovered: MAX_BATCH, deleted: MAX_BATCH });
    expect(left()).toBe(MAX_BATCH);
    expectSound();
  });

  it('claims the first batch, but not the second, when only the second could not be made durable', async () => {
    addDue(3 * MAX_BATCH);
    const durable = Promise.withResolvers<undefined>();
    s.untilDurable = only(1, durable.promise);
    const sweep = s.sweeper.sweep();
    await settled();
    expect(outcomes()).toEqual({ deleted: MAX_BATCH });
    s.durableFailure = 'EIO';
    durable.resolve(undefined);
    await sweep;
    expect(outcomes()).toEqual({ deleted: MAX_BATCH });
    expect(deleting()).toBe(MAX_BATCH);
    expect(left()).toBe(MAX_BATCH);
  });

  it('tells of a directory that is not durable also when streams do not end', async () => {
    addDue(1);
    const streams = Promise.withResolvers<undefined>();
    s.closeClips = () => streams.promise;
    s.durableFailure = 'EIO';
    const sweep = s.sweeper.sweep();
    await settled();
    expect(s.said).toContain('failing: EIO');
    streams.resolve(undefined);
    await sweep;
  });

  it('ends the streams of a batch at once, whatever the batch before waits for, and the intents in their order', async () => {
    addDue(2 * MAX_BATCH);
    const streams = Promise.withResolvers<undefined>();
    s.closeClips = (ids) => (ids.includes(1) ? streams.promise : Promise.resolve());
    const sweep = s.sweeper.sweep();
    await settled();
    expect(s.said).toHaveLength(2);
    expect(kinds()).toEqual(['intent', 'intent']);
    streams.resolve(undefined);
    await sweep;
    const ends = f.db.prepare('SELECT DISTINCT intent_seq FROM receipt ORDER BY terminal_seq').pluck().all();
    expect(ends).toEqual([1, 2]);
    expectSound();
  });

  it('settles after both batches that are under way', async () => {
    addDue(2 * MAX_BATCH);
    const streams = Promise.withResolvers<undefined>();
    s.closeClips = (ids) => (ids.includes(1) ? streams.promise : Promise.resolve());
    const sweep = s.sweeper.sweep();
    await settled();
    const settling = s.protocol.settle('nvr');
    await settled();
    streams.resolve(undefined);
    expect(await settling).toEqual([]);
    await sweep;
    expect(outcomes()).toEqual({ deleted: 2 * MAX_BATCH });
    expectSound();
  });

  it('does not settle a batch under way because the one behind it failed', async () => {
    addDue(2);
    const streams = Promise.withResolvers<undefined>();
    s.closeClips = () => streams.promise;
    const first = s.protocol.batch('nvr', [1]);
    await settled();
    f.db.exec(
      "CREATE TEMP TRIGGER full BEFORE UPDATE OF state ON clip BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
    );
    const second = s.protocol.batch('nvr', [2]);
    second.catch(() => undefined);
    const settling = s.protocol.settle('nvr');
    await settled();
    f.db.exec('DROP TRIGGER full');
    streams.resolve(undefined);
    await expect(second).rejects.toThrow('the disk is full');
    await Promise.all([first, settling]);
    expect(outcomes()).toEqual({ deleted: 1 });
    expectSound();
  });
});

describe('a sweep that is interrupted between two batches', () => {
  const interrupted = async (interrupt: () => void): Promise<void> => {
    addDue(3 * MAX_BATCH);
    const durable = Promise.withResolvers<undefined>();
    s.untilDurable = only(0, durable.promise);
    const sweep = s.sweeper.sweep();
    await settled();
    interrupt();
    durable.resolve(undefined);
    await sweep;
  };

  it('claims nothing of the second when the root goes away, and finishes it when it is back', async () => {
    await interrupted(() => {
      renameSync(f.path('.fortnight'), f.path('.moved'));
    });
    expect(s.said.some((line) => line.startsWith('doubt'))).toBe(true);
    expect(left()).toBe(2 * MAX_BATCH);
    expect(outcomes()).toEqual({ deleted: MAX_BATCH });
    renameSync(f.path('.moved'), f.path('.fortnight'));
    await s.sweeper.sweep();
    expect(outcomes()).toEqual({ deleted: 3 * MAX_BATCH });
    expectSound();
  });

  it('brings both to their end when the daemon stops, and begins no third', async () => {
    await interrupted(() => {
      s.sweeper.stop();
    });
    expect(outcomes()).toEqual({ deleted: 2 * MAX_BATCH });
    expect(left()).toBe(MAX_BATCH);
    expectSound();
  });

  it('begins no third when the root may not be deleted from any more', async () => {
    await interrupted(() => {
      s.blocked = ['root_failing'];
    });
    expect(left()).toBe(MAX_BATCH);
    expect(f.db.prepare('SELECT last_sweep_ms FROM root').pluck().get()).toBe(null);
    expectSound();
  });

  it('has nothing under way any more when it fails, and the next one ends what it left', async () => {
    addDue(3 * MAX_BATCH);
    const streams = Promise.withResolvers<undefined>();
    let closed = 0;
    s.closeClips = () => (closed++ === 0 ? Promise.reject(new Error('a defect')) : streams.promise);
    let over = false;
    const sweep = s.sweeper.sweep().finally(() => {
      over = true;
    });
    await settled();
    expect(over).toBe(false);
    streams.resolve(undefined);
    await expect(sweep).rejects.toThrow('a defect');
    expect(outcomes()).toEqual({});
    await s.sweeper.sweep();
    expect(outcomes()).toEqual({ deleted_recovered: 2 * MAX_BATCH, deleted: MAX_BATCH });
    expectSound();
  });
});
