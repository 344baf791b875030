import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUpState } from '../../src/app/backup.ts';
import { restoreState, type RestoreReport } from '../../src/app/restore.ts';
import { SimulatedClock } from '../../src/base/clock.ts';
import { checkState } from '../../src/cli/check/command.ts';
import { readBackup } from '../../src/db/backup.ts';
import { DAY, startWhole, until, type Whole } from '../support/whole.ts';
import { holdOver } from '../support/sweeping.ts';
import { releaseByTwo } from '../support/two-people.ts';

let w: Whole;
let clock: SimulatedClock;
let file: string;
/** Falls due a day after the backup. */
let expiring: string;
let fresh: string;

beforeEach(async () => {
  clock = new SimulatedClock(Date.now());
  w = await startWhole({
    clock: {
      wallMs: () => clock.wallMs(),
      bootMs: () => clock.bootMs(),
      bootId: () => clock.bootId(),
    },
  });
  expiring = w.record('nvr', clock.wallMs() - 13 * DAY);
  fresh = w.record('nvr', clock.wallMs() - DAY);
  await look();
  file = join(w.dir, 'state.backup');
});
afterEach(async () => {
  await w.close();
});

async function look(): Promise<void> {
  await until(() => w.app.rooms.roots.list().every((r) => r.state === 'online'));
  await w.app.rooms.ingest.reconcile('nvr', { full: true });
}

async function placeHold(fromMs: number): Promise<string> {
  const terms = { ...holdOver(['entrance'], fromMs, fromMs + 60_000).terms, reviewMs: clock.wallMs() + DAY };
  return (await w.app.rooms.holds.place(terms, { by: 'facility', key: undefined })).hold.holdId;
}

const back = (): void => {
  backUpState(w.config.stateDir, file, clock);
};

/** Stops, puts the backup back, starts again. `lose`: what the disk of the state loses before. */
async function putBack(lose: () => void = () => undefined): Promise<RestoreReport> {
  await w.app.stop();
  lose();
  const report = restoreState(w.config.stateDir, file, clock);
  await w.restart();
  return report;
}

const standing = (): string[] =>
  w.app.rooms.holds
    .current()
    .map((h) => h.holdId)
    .sort();
const rows = (sql: string): unknown[] => w.app.rooms.state.db.prepare(sql).all();
const inState = (name: string): string => join(w.config.stateDir, name);

describe('a backup of the state', () => {
  it('is one file for this user only, made while the daemon runs, without footage, pictures or sessions', async () => {
    await placeHold(clock.wallMs() - DAY);
    const clip = (rows('SELECT id FROM clip ORDER BY start_ms DESC') as { id: number }[])[0]!;
    const poster = await w.app.rooms.footage.posters.poster(clip.id);
    await w.as('security');
    back();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(w.dir).filter((name) => name.startsWith('state.backup'))).toEqual(['state.backup']);
    const { files, madeMs } = readBackup(file);
    expect(madeMs).toBe(clock.wallMs());
    expect(files.map((f) => f.name)).toEqual(
      expect.arrayContaining(['holds.journal', 'keys/install.id', 'keys/mirror.key', 'keys/path.key']),
    );
    const bytes = readFileSync(file);
    expect(bytes.includes(poster.subarray(0, 64))).toBe(false);
    const session = rows('SELECT token_hash FROM session') as { token_hash: Buffer }[];
    expect(session).toHaveLength(1);
    expect(bytes.includes(session[0]!.token_hash)).toBe(false);
  });

  it('never takes the place of a file that is there', () => {
    writeFileSync(file, 'mine');
    expect(back).toThrow(expect.objectContaining({ code: 'conflict' }) as Error);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('leaves nothing when it cannot be made', async () => {
    await w.app.stop();
    rmSync(inState('index.db'));
    expect(back).toThrow(expect.objectContaining({ code: 'storage_failed' }) as Error);
    expect(existsSync(file)).toBe(false);
  });
});

describe('putting it back', () => {
  it('F-D3: keeps holds made since, and never brings expired footage back', async () => {
    const early = await placeHold(clock.wallMs() - 30 * DAY);
    back();
    const late = await placeHold(clock.wallMs() - DAY);
    clock.advance(2 * DAY);
    await w.job('clock');
    await w.job('sweep');
    expect(w.has('nvr', expiring)).toBe(false);
    const report = await putBack();
    expect(report).toMatchObject({ holdsKept: 1, journalSurvived: true });
    expect(report.recordsAside).toBeGreaterThan(2);
    expect(standing()).toEqual([early, late].sort());
    await look();
    await w.job('sweep');
    expect(rows('SELECT outcome FROM receipt')).toEqual([{ outcome: 'already_gone' }]);
    expect(rows('SELECT 1 FROM clip')).toHaveLength(1);
    expect(w.has('nvr', fresh)).toBe(true);
    expect(rows(`SELECT 1 FROM audit WHERE kind = 'state_restored'`)).toHaveLength(1);
    expect(checkState(w.config, 'hash').findings).toEqual([]);
  });

  it('deletes what fell due meanwhile and is still there, by a clock that does not go back', async () => {
    back();
    clock.advance(2 * DAY);
    await w.job('clock');
    const nowMs = w.app.rooms.retention.nowMs();
    await putBack();
    expect(w.app.rooms.retention.nowMs()).toBeGreaterThanOrEqual(nowMs);
    await look();
    await w.job('sweep');
    expect(w.has('nvr', expiring)).toBe(false);
    expect(rows('SELECT outcome FROM receipt')).toEqual([{ outcome: 'deleted' }]);
  });

  it('takes the clock of the index it replaces, also after a reboot whose wall clock nobody trusts', async () => {
    back();
    clock.advance(2 * DAY);
    await w.job('clock');
    const nowMs = w.app.rooms.retention.nowMs();
    await w.app.stop();
    clock.reboot(0);
    clock.stepWallTo(clock.wallMs() - 20 * DAY);
    restoreState(w.config.stateDir, file, clock);
    await w.restart();
    expect(w.app.rooms.retention.nowMs()).toBeGreaterThanOrEqual(nowMs);
  });

  it('F-D4: writes the journal again from the backup when it is lost', async () => {
    const hold = await placeHold(clock.wallMs() - DAY);
    back();
    const report = await putBack(() => {
      rmSync(inState('holds.journal'));
    });
    expect(report).toMatchObject({ holdsKept: 0, journalSurvived: false });
    expect(standing()).toEqual([hold]);
    expect(w.app.rooms.desk.status().blocked).toContainEqual({ rootId: 'nvr', reason: 'recovery' });
  });

  it('F-D4: keeps every version that can be read of a damaged journal', async () => {
    back();
    const hold = await placeHold(clock.wallMs() - DAY);
    const report = await putBack(() => {
      appendFileSync(inState('holds.journal'), 'damage\n');
      for (const { root } of w.config.sources) rmSync(join(root, '.fortnight/holds'), { recursive: true });
    });
    expect(report).toMatchObject({ holdsKept: 1, journalSurvived: false });
    expect(standing()).toEqual([hold]);
  });

  it('a release that was acknowledged since stays released, and one that is in the backup only stays too', async () => {
    const hold = await placeHold(clock.wallMs() - DAY);
    back();
    await releaseByTwo(w.app.rooms.holds, hold);
    await putBack();
    expect(w.app.rooms.holds.current()).toMatchObject([{ holdId: hold, act: 'released', version: 3 }]);
    rmSync(file);
    back();
    await putBack(() => {
      rmSync(inState('holds.journal'));
    });
    expect(w.app.rooms.holds.current()).toMatchObject([{ holdId: hold, act: 'released', version: 3 }]);
  });

  it('F-D1: on a new disk the roots bring back the holds the backup does not know, before anything is deleted', async () => {
    back();
    const hold = await placeHold(clock.wallMs() - 13 * DAY);
    clock.advance(2 * DAY);
    await putBack(() => {
      rmSync(w.config.stateDir, { recursive: true });
      mkdirSync(w.config.stateDir, { mode: 0o700 });
    });
    expect(standing()).toEqual([hold]);
    expect(w.app.rooms.roots.list().map((r) => r.state)).toEqual(['recovery', 'recovery']);
    await w.job('sweep');
    expect(w.has('nvr', expiring)).toBe(true);
  });

  it('F-D6: an index that lost its log gets the holds back from the journal', async () => {
    w.app.rooms.state.db.pragma('wal_checkpoint(TRUNCATE)');
    copyFileSync(inState('index.db'), join(w.dir, 'older.db'));
    const hold = await placeHold(clock.wallMs() - DAY);
    await w.app.stop();
    copyFileSync(join(w.dir, 'older.db'), inState('index.db'));
    await w.restart();
    expect(standing()).toEqual([hold]);
    expect(rows(`SELECT 1 FROM audit WHERE kind = 'hold_recovered'`)).toHaveLength(1);
  });
});

describe('what is not put back', () => {
  const refused = (code: string): void => {
    const index = readFileSync(inState('index.db'));
    expect(() => restoreState(w.config.stateDir, file, clock)).toThrow(
      expect.objectContaining({ code }) as Error,
    );
    expect(readFileSync(inState('index.db')).equals(index)).toBe(true);
  };

  it('anything, while a daemon runs', () => {
    back();
    refused('state_locked');
  });

  it('half a file, and one that was never finished', async () => {
    back();
    await w.app.stop();
    truncateSync(file, Math.floor(statSync(file).size / 2));
    refused('invalid');
    copyFileSync(inState('index.db'), file);
    refused('invalid');
    rmSync(file);
    refused('not_found');
  });

  it('the state of another installation', async () => {
    back();
    await w.app.stop();
    writeFileSync(inState('keys/install.id'), '11111111-2222-4333-8444-555555555555');
    refused('conflict');
  });
});
