import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { everyRecord, verifyChain } from '../../src/audit/verify.ts';
import { createAuditStore } from '../../src/db/audit.ts';
import { hashReceipts } from '../../src/db/retention/sweep.ts';
import { DAY, T0, makeFootage, type Footage } from '../support/footage.ts';
import { holdOver, makeSweeping, type Sweeping } from '../support/sweeping.ts';

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
const add = (name: string, i = 0, camera = 'entrance'): number =>
  f.add(name, { startMs: start + i * 10_000, endMs: start + (i + 1) * 10_000, camera });
const rows = (): number => (f.db.prepare('SELECT count(*) AS n FROM clip').get() as { n: number }).n;
const receipts = (): Record<string, unknown>[] =>
  f.db.prepare('SELECT * FROM receipt ORDER BY id').all() as Record<string, unknown>[];
const kinds = (): string[] => [...everyRecord(createAuditStore(f.db))].map((r) => r.kind);

describe('the sweep', () => {
  it('deletes a due clip with its sidecar and leaves a receipt, an intent and a terminal record', async () => {
    const id = add('cam/a.mp4');
    f.addSidecar(id, 'cam/a.mp4.thumb');
    const report = await s.sweeper.sweep();
    expect(report.deleted).toBe(1);
    expect(existsSync(f.path('cam/a.mp4'))).toBe(false);
    expect(existsSync(f.path('cam/a.mp4.thumb'))).toBe(false);
    expect(rows()).toBe(0);
    expect(receipts()).toMatchObject([
      { clip_id: id, outcome: 'deleted', reason: 'retention', intent_seq: 1, terminal_seq: 2 },
    ]);
    expect(kinds()).toEqual(['deletion_intent', 'deletion_done']);
  });

  it('F-C13: deletes exactly at the due moment and not one millisecond before', async () => {
    f.add('cam/edge.mp4', { startMs: T0 - 14 * DAY - 10_000, endMs: T0 - 14 * DAY + 1 });
    await s.sweeper.sweep();
    expect(existsSync(f.path('cam/edge.mp4'))).toBe(true);
    f.clock.advance(1);
    await s.sweeper.sweep();
    expect(existsSync(f.path('cam/edge.mp4'))).toBe(false);
  });

  it('leaves no path or file name of a deleted clip in the database file', async () => {
    add('secret_camera_dir/unmistakable-name-4711.mp4');
    await s.sweeper.sweep();
    const bytes = Buffer.concat(
      ['index.db', 'index.db-wal']
        .map((n) => f.stateDir + '/' + n)
        .filter(existsSync)
        .map((p) => readFileSync(p)),
    );
    expect(bytes.includes('unmistakable-name-4711')).toBe(false);
    expect(bytes.includes('secret_camera_dir')).toBe(false);
  });

  it('binds the receipts to the terminal record', async () => {
    add('cam/a.mp4');
    add('cam/b.mp4', 1);
    await s.sweeper.sweep();
    const done = [...everyRecord(createAuditStore(f.db))].find((r) => r.kind === 'deletion_done');
    const stored = receipts().map((r) => ({
      clipId: Number(r['clip_id']),
      startMs: Number(r['start_ms']),
      endMs: Number(r['end_ms']),
      sizeBytes: Number(r['size_bytes']),
      outcome: String(r['outcome']),
      pathHash: r['path_hash'] as Buffer,
    }));
    expect(JSON.parse(done?.payload ?? '{}')).toMatchObject({ receipts: hashReceipts(stored) });
    expect(hashReceipts(stored.map((r) => ({ ...r, sizeBytes: 1 })))).not.toBe(hashReceipts(stored));
    expect(verifyChain(everyRecord(createAuditStore(f.db)))).toMatchObject({ ok: true, records: 2 });
  });

  it('never touches a clip under a hold, and parks it so that the next sweep need not look', async () => {
    const id = add('cam/held.mp4');
    add('cam/free.mp4', 1000);
    s.holds.push(holdOver(['entrance'], start - 1000, start + 1000));
    expect((await s.sweeper.sweep()).deleted).toBe(1);
    expect(existsSync(f.path('cam/held.mp4'))).toBe(true);
    expect(f.db.prepare('SELECT parked, state FROM clip WHERE id = ?').get(id)).toEqual({
      parked: 1,
      state: 1,
    });
  });

  it('keeps a clip that ends within 60 s before the window of a hold', async () => {
    add('cam/near.mp4'); // ends at start + 10 s
    s.holds.push(holdOver(['entrance'], start + 65_000, start + 100_000));
    await s.sweeper.sweep();
    expect(existsSync(f.path('cam/near.mp4'))).toBe(true);
    s.holds[0] = holdOver(['entrance'], start + 70_000, start + 100_000);
    f.db.prepare('UPDATE clip SET parked = 0').run();
    await s.sweeper.sweep();
    expect(existsSync(f.path('cam/near.mp4'))).toBe(false);
  });

  it('deletes after release and cooling-off with the reason hold_released', async () => {
    add('cam/a.mp4');
    const released = { version: 2, releasedMs: T0 - DAY, releaseReason: 'x', endsMs: T0 + 1000 };
    s.holds.push(holdOver(['entrance'], start, start + 1000, released));
    await s.sweeper.sweep();
    expect(existsSync(f.path('cam/a.mp4'))).toBe(true);
    f.clock.advance(1000);
    f.db.prepare('UPDATE clip SET parked = 2').run();
    await s.sweeper.sweep();
    expect(receipts()).toMatchObject([{ outcome: 'deleted', reason: 'hold_released' }]);
  });

  it('F-S19: does not unlink a file that took the name of the clip, and asks for a new look', async () => {
    const id = add('cam/a.mp4');
    s.beforeUnlink = () => {
      writeFileSync(f.path('cam/other'), 'another recording');
      renameSync(f.path('cam/other'), f.path('cam/a.mp4'));
    };
    await s.sweeper.sweep();
    expect(existsSync(f.path('cam/a.mp4'))).toBe(true);
    expect(receipts()).toMatchObject([{ outcome: 'identity_changed' }]);
    expect(s.said).toContain(`relook ${String(id)}`);
    expect(f.db.prepare('SELECT state FROM clip').get()).toEqual({ state: 1 });
  });

  it('notices a touched file by its mtime', async () => {
    add('cam/a.mp4');
    utimesSync(f.path('cam/a.mp4'), 1_700_000_000, 1_700_000_000);
    await s.sweeper.sweep();
    expect(existsSync(f.path('cam/a.mp4'))).toBe(true);
    expect(receipts()).toMatchObject([{ outcome: 'identity_changed' }]);
  });

  it('F-S16: does not follow a directory that became a link between decision and unlink', async () => {
    add('cam/a.mp4');
    mkdirSync(f.path('../victim'));
    writeFileSync(f.path('../victim/a.mp4'), 'not ours');
    s.beforeUnlink = () => {
      renameSync(f.path('cam'), f.path('cam.moved'));
      symlinkSync(f.path('../victim'), f.path('cam'));
    };
    await s.sweeper.sweep();
    expect(existsSync(f.path('../victim/a.mp4'))).toBe(true);
    expect(receipts()).toMatchObject([{ outcome: 'failed' }]);
  });

  it('says already_gone for a file that somebody removed', async () => {
    add('cam/a.mp4');
    rmSync(f.path('cam'), { recursive: true });
    await s.sweeper.sweep();
    expect(receipts()).toMatchObject([{ outcome: 'already_gone' }]);
    expect(rows()).toBe(0);
  });

  it('claims nothing and keeps the rows when the root is not the enrolled one', async () => {
    add('cam/a.mp4');
    renameSync(f.path('.fortnight'), f.path('.moved'));
    await s.sweeper.sweep();
    expect(rows()).toBe(1);
    expect(receipts()).toEqual([]);
    expect(s.said[0]).toMatch(/^doubt: .*marker is missing/);
    renameSync(f.path('.moved'), f.path('.fortnight'));
    await s.sweeper.sweep();
    expect(receipts()).toMatchObject([{ outcome: 'deleted', intent_seq: 1, terminal_seq: 2 }]);
  });

  it('leaves the batch as deleting when a directory could not be made durable, and says so later as recovered', async () => {
    add('cam/a.mp4');
    s.durableFailure = 'EIO';
    await s.sweeper.sweep();
    expect(s.said).toContain('failing: EIO');
    expect(f.db.prepare('SELECT state FROM clip').get()).toEqual({ state: 2 });
    s.durableFailure = undefined;
    await s.sweeper.sweep();
    expect(receipts()).toMatchObject([{ outcome: 'deleted_recovered', intent_seq: 1 }]);
    expect(kinds()).toEqual(['deletion_intent', 'deletion_done']);
  });

  it('withdraws what a hold covers by the time it is settled', async () => {
    const id = add('cam/a.mp4');
    renameSync(f.path('.fortnight'), f.path('.moved'));
    await s.sweeper.sweep();
    s.holds.push(holdOver(['entrance'], start, start + 1000));
    renameSync(f.path('.moved'), f.path('.fortnight'));
    await s.sweeper.sweep();
    expect(existsSync(f.path('cam/a.mp4'))).toBe(true);
    expect(receipts()).toMatchObject([{ clip_id: id, outcome: 'withdrawn_held' }]);
  });

  it('ends each intent once when a settling comes while a batch is being concluded', async () => {
    add('cam/a.mp4');
    const concluding = Promise.withResolvers<undefined>();
    const reached = Promise.withResolvers<undefined>();
    s.closeClips = async () => {
      reached.resolve(undefined);
      await concluding.promise;
    };
    const sweep = s.sweeper.sweep();
    await reached.promise;
    const settlings = [s.protocol.settle('nvr'), s.protocol.settle('nvr')];
    concluding.resolve(undefined);
    await Promise.all([sweep, ...settlings]);
    expect(kinds()).toEqual(['deletion_intent', 'deletion_done']);
    expect(receipts()).toMatchObject([{ outcome: 'deleted' }]);
  });

  it('goes on with other clips when the disk does not say what became of one', async () => {
    const odd = add('cam/a.mp4');
    add('cam/b.mp4', 1);
    s.unknown.add(odd);
    await s.sweeper.sweep();
    expect(receipts()).toMatchObject([{ outcome: 'deleted' }]);
    expect(f.db.prepare('SELECT id, state FROM clip').all()).toEqual([{ id: odd, state: 2 }]);
    expect(kinds()).toEqual(['deletion_intent', 'deletion_done', 'deletion_intent']);
    add('cam/c.mp4', 2);
    await s.sweeper.sweep();
    expect(existsSync(f.path('cam/c.mp4'))).toBe(false);
    s.unknown.clear();
    await s.sweeper.sweep();
    expect(rows()).toBe(0);
    expect(new Set(receipts().map((r) => r['intent_seq'])).size).toBe(3);
  });

  it('leaves the sidecar too when it is told to stop', async () => {
    const id = add('cam/a.mp4');
    f.addSidecar(id, 'cam/a.mp4.thumb');
    s.abortFirst = true;
    s.beforeUnlink = () => {
      s.holds.push(holdOver(['entrance'], start, start + 1000));
    };
    await s.sweeper.sweep();
    expect(existsSync(f.path('cam/a.mp4.thumb'))).toBe(true);
    expect(existsSync(f.path('cam/a.mp4'))).toBe(true);
    expect(receipts()).toMatchObject([{ outcome: 'withdrawn_held' }]);
  });

  it('ends streams before the row goes', async () => {
    const id = add('cam/a.mp4');
    await s.sweeper.sweep();
    expect(s.said).toEqual([`closed ${String(id)}`]);
  });

  it('does nothing the second time', async () => {
    for (let i = 0; i < 200; i += 1) add(`cam/${String(i)}.mp4`, i);
    expect((await s.sweeper.sweep()).deleted).toBe(200);
    const records = kinds().length;
    expect((await s.sweeper.sweep()).deleted).toBe(0);
    expect(kinds().length).toBe(records);
  });

  it('F-S25: deletes names that are not text', async () => {
    const name = 'cam/not\xff\xfe\n-rf.mp4';
    add('cam/plain.mp4');
    renameSync(f.path('cam/plain.mp4'), Buffer.from(`${f.root}/${name}`, 'latin1'));
    f.db.prepare('UPDATE clip SET name = ?').run(name.slice(4));
    expect((await s.sweeper.sweep()).deleted).toBe(1);
    expect(receipts()).toMatchObject([{ outcome: 'deleted' }]);
  });

  it('F-S13: ends the intent as failed when the directory refuses, backs off, and tries again', async (ctx) => {
    add('cam/a.mp4');
    const chattr = (flag: string): boolean => spawnSync('chattr', [flag, f.path('cam')]).status === 0;
    if (!chattr('+i')) ctx.skip('no immutable directory can be made here: needs root and ext4');
    try {
      await s.sweeper.sweep();
      await s.sweeper.sweep();
    } finally {
      chattr('-i');
    }
    expect(receipts()).toMatchObject([{ outcome: 'failed' }]);
    expect(existsSync(f.path('cam/a.mp4'))).toBe(true);
    f.clock.advance(61_000);
    await s.sweeper.sweep();
    expect(receipts()).toMatchObject([{ outcome: 'failed' }, { outcome: 'deleted' }]);
  });
});
