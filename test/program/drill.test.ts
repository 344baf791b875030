import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkState } from '../../src/cli/check/command.ts';
import { createDrillStore } from '../../src/db/retention/drill.ts';
import type { DrillResult } from '../../src/retention/drill.ts';
import { verdictOf } from '../../src/retention/drill.ts';
import { DAY, startWhole, until, type Whole } from '../support/whole.ts';
import { holdOver } from '../support/sweeping.ts';

let w: Whole;
let kept: string;
beforeAll(async () => {
  w = await startWhole();
  kept = w.record('nvr', Date.now() - 2 * DAY);
  await w.app.rooms.ingest.reconcile('nvr', { full: true });
  await until(() => w.app.rooms.roots.list().every((r) => r.state === 'online'));
});
afterAll(async () => {
  await w.close();
});

const drillNow = (): Promise<DrillResult> => w.app.rooms.drill.run(() => w.job('sweep'));
const rows = <T>(sql: string): T[] => w.app.rooms.state.db.prepare(sql).all() as T[];
const leftOn = (result: DrillResult, rootId: string): readonly string[] | undefined =>
  result.roots.find((r) => r.rootId === rootId)?.left;

/** Replaces a method of a room for one drill. */
async function drillWith<T extends object, K extends keyof T>(
  room: T,
  method: K,
  other: (own: T[K]) => T[K],
): Promise<DrillResult> {
  const own = room[method];
  room[method] = other(own);
  try {
    return await drillNow();
  } finally {
    room[method] = own;
  }
}

describe('the deletion drill', () => {
  it('finds nothing of a planted clip after its whole life, on every disk', async () => {
    const result = await drillNow();
    expect(result.roots).toEqual([
      { rootId: 'nvr', skipped: null, left: [] },
      { rootId: 'media', skipped: null, left: [] },
    ]);
    expect(
      rows(
        `SELECT outcome, reason FROM receipt JOIN camera ON camera.n = receipt.camera_n WHERE camera.id = 'drill'`,
      ),
    ).toEqual([
      { outcome: 'deleted', reason: 'retention' },
      { outcome: 'deleted', reason: 'retention' },
    ]);
    expect(rows(`SELECT 1 FROM audit WHERE kind = 'drill' AND payload LIKE '%"verdict":"ok"%'`)).toHaveLength(
      1,
    );
    expect(existsSync(w.path('nvr', '.fortnight/drill'))).toBe(false);
    expect(readdirSync(`${w.dir}/state/derived`)).toEqual([]);
    expect(w.has('nvr', kept)).toBe(true);
    expect(checkState(w.config, 'hash').findings).toEqual([]);
  });

  it('tells its result on the status page and in the metrics, and names no camera of its own', async () => {
    const status = w.app.rooms.desk.status();
    expect(status.drill).toMatchObject({ verdict: 'ok', roots: [{ rootId: 'nvr' }, { rootId: 'media' }] });
    expect(status.cameras.map((c) => c.id)).toEqual(['entrance', 'hall']);
    const metrics = await (await fetch(`http://127.0.0.1:${String(w.metricsPort)}/metrics`)).text();
    expect(metrics).toMatch(/^fortnight_drill\{verdict="ok"\} 1$/m);
    expect(metrics).toMatch(
      /^fortnight_drill_timestamp_seconds 1\.\d+e\+?9|^fortnight_drill_timestamp_seconds \d{10}/m,
    );
    expect(metrics).not.toContain('camera="drill"');
  });

  it('is owed once in the configured time', () => {
    expect(w.app.rooms.drill.isOwed()).toBe(false);
  });

  it('fails when deleted rows stay in the pages of the index', async () => {
    w.app.rooms.state.db.pragma('secure_delete = OFF');
    const result = await drillNow();
    w.app.rooms.state.db.pragma('secure_delete = ON');
    expect(verdictOf(result)).toBe('failed');
    expect(leftOn(result, 'nvr')).toEqual(['pages']);
  });

  it('raises an alarm that stands until a drill finds nothing again', async () => {
    await w.job('alarms');
    const standing = (): string[] =>
      w.app.rooms.alarms.all().flatMap((a) => (a.code === 'drill_failed' ? [a.subject] : []));
    expect(standing()).toContain('nvr');
    // What the pages still have of the last drill has other names: this one is judged by its own.
    expect(verdictOf(await drillNow())).toBe('ok');
    await w.job('alarms');
    expect(standing()).toEqual([]);
  });

  it('fails when the picture of the clip is left behind', async () => {
    const result = await drillWith(w.app.rooms.footage, 'close', (own) => (ids) => own(ids, []));
    expect(leftOn(result, 'nvr')).toEqual(['picture']);
    await w.app.rooms.footage.posters.tidy();
  });

  it('fails when the service keeps the clip open', async () => {
    const { footage } = w.app.rooms;
    const open: { close(): Promise<void> }[] = [];
    const result = await drillWith(footage.posters, 'poster', (own) => async (clipId) => {
      open.push((await footage.open(clipId))!);
      return own(clipId);
    });
    for (const file of open) await file.close();
    expect(leftOn(result, 'nvr')).toEqual(['descriptor']);
  });

  it('fails when a child of the service keeps the clip open', async () => {
    const { footage } = w.app.rooms;
    const children: ReturnType<typeof spawn>[] = [];
    const result = await drillWith(footage.posters, 'poster', (own) => async (clipId) => {
      const file = (await footage.open(clipId))!;
      children.push(spawn('sleep', ['600'], { stdio: ['ignore', 'ignore', 'ignore', file.fd] }));
      await file.close();
      return own(clipId);
    });
    for (const child of children) child.kill();
    expect(leftOn(result, 'nvr')).toEqual(['descriptor']);
  });

  it('fails when no sweep comes, and leaves the clip to the next one', async () => {
    const result = await w.app.rooms.drill.run(() => Promise.resolve());
    expect(leftOn(result, 'nvr')).toEqual(['not_deleted', 'name', 'picture', 'index', 'pages']);
    await w.job('sweep');
    expect(
      rows(`SELECT 1 FROM clip JOIN camera ON camera.n = clip.camera_n WHERE camera.id = 'drill'`),
    ).toEqual([]);
  });

  it('is bound by no hold: none can name its camera, and one of another time is not asked', async () => {
    const { holds, state } = w.app.rooms;
    const terms = {
      ...holdOver(['drill'], Date.now() - DAY, Date.now() + DAY).terms,
      reviewMs: Date.now() + DAY,
    };
    await expect(holds.place(terms, { by: 'facility', key: undefined })).rejects.toMatchObject({
      code: 'invalid',
    });
    state.holdSet.add(holdOver(['drill', 'hall'], Date.now() - DAY, Date.now() + DAY));
    expect(verdictOf(await drillNow())).toBe('ok');
  });

  it('leaves a root alone from which nothing may be deleted now, and drills the other', async () => {
    const { store } = w.app.rooms.sweeping;
    store.setBreaker('nvr', { open: true, by: 'system', nowMs: Date.now(), dueClips: 0 });
    const result = await drillNow();
    store.setBreaker('nvr', { open: false, by: 'system', nowMs: Date.now(), dueClips: 0 });
    expect(result.roots).toContainEqual({ rootId: 'nvr', skipped: 'deletion_blocked', left: [] });
    expect(verdictOf(result)).toBe('ok');
    expect(verdictOf({ roots: result.roots.filter((r) => r.rootId === 'nvr') })).toBe('skipped');
  });

  it('clears what an interrupted drill left, and nothing that somebody else put there makes a clip', async () => {
    mkdirSync(w.path('nvr', '.fortnight/drill'));
    writeFileSync(w.path('nvr', '.fortnight/drill/planted.mp4'), 'x');
    await w.app.rooms.ingest.lookNow('nvr', ['.fortnight/drill/planted.mp4']);
    expect(rows(`SELECT 1 FROM clip WHERE name = 'planted.mp4'`)).toEqual([]);
    expect(verdictOf(await drillNow())).toBe('ok');
    expect(existsSync(w.path('nvr', '.fortnight/drill'))).toBe(false);
  });

  it('makes no other clip due, whatever its camera or its directory', () => {
    const { state } = w.app.rooms;
    const { db } = state;
    const due = (): unknown[] => rows('SELECT id, due_ms FROM clip ORDER BY id');
    const before = due();
    const expire = (): void => {
      createDrillStore(db, state.audit, state.auditStore).expire('nvr', Date.now());
    };
    expire();
    expect(due()).toEqual(before);
    db.exec('BEGIN');
    db.exec(`UPDATE clip SET camera_n = (SELECT n FROM camera WHERE id = 'drill')`);
    expire();
    expect(due()).toEqual(before);
    db.exec('ROLLBACK; BEGIN');
    db.exec(`UPDATE dir SET path = '.fortnight/drill' WHERE id = (SELECT dir_id FROM clip LIMIT 1)`);
    expire();
    expect(due()).toEqual(before);
    db.exec(`UPDATE clip SET camera_n = (SELECT n FROM camera WHERE id = 'drill')`);
    expire();
    expect(due()).not.toEqual(before);
    db.exec('ROLLBACK');
  });
});
