import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClipReader } from '../../src/db/clips/clips.ts';
import { createCoverage } from '../../src/db/clips/coverage.ts';
import { createHoldStore } from '../../src/db/holds/holds.ts';
import type { HoldTerms, HoldVersion } from '../../src/holds/hold.ts';
import { HoldSet } from '../../src/holds/hold-set.ts';
import type { HoldStore } from '../../src/holds/hold-store.ts';
import { openJournal, signVersion, type HoldJournal } from '../../src/holds/journal.ts';
import { recoverHolds, takeMirrors } from '../../src/holds/recover.ts';
import { HoldNotIndexed } from '../../src/holds/record.ts';
import { createHolds, type HoldService } from '../../src/holds/service.ts';
import { Gate } from '../../src/retention/gate.ts';
import { DAY, T0, makeFootage, type Footage } from '../support/footage.ts';
import { holdOver } from '../support/sweeping.ts';
import { releaseByTwo } from '../support/two-people.ts';

const KEY = Buffer.alloc(32, 7);
let f: Footage;
let journalPath: string;
beforeEach(() => {
  f = makeFootage();
  journalPath = join(f.stateDir, 'holds.journal');
});
afterEach(() => {
  f.close();
});

interface Fixture {
  readonly holds: HoldService;
  readonly journal: HoldJournal;
  readonly set: HoldSet;
  readonly store: HoldStore;
  readonly mirrored: string[];
}

interface Change {
  readonly store?: (s: HoldStore) => HoldStore;
  readonly coolingOffMs?: number;
  readonly aloneAfterMs?: number;
  readonly mirror?: () => Promise<undefined>;
}

function start(change: Change = {}): Fixture {
  const plain = createHoldStore(f.db, f.audit);
  const store = change.store?.(plain) ?? plain;
  const journal = openJournal(journalPath, KEY);
  const set = new HoldSet();
  recoverHolds({ journal, store: plain, set });
  const mirrored: string[] = [];
  const holds = createHolds({
    store,
    journal,
    set,
    gate: new Gate(() => new Promise(() => undefined)),
    reader: createClipReader(f.db, createCoverage(f.db)),
    nowMs: () => f.clock.wallMs(),
    rules: { coolingOffMs: change.coolingOffMs ?? DAY, aloneAfterMs: change.aloneAfterMs },
    cameraIds: new Set(['entrance', 'hall']),
    mirror: (entry) => {
      mirrored.push(signVersion(entry, KEY));
      return change.mirror?.() ?? Promise.resolve();
    },
    ...{ pin: () => Promise.resolve(0), pinned: () => 0 },
    settle: () => Promise.resolve(),
    unpark: () => Promise.resolve(void mirrored.push('unpark')),
  });
  return { holds, journal, set, store: plain, mirrored };
}

const terms = (change: Partial<HoldTerms> = {}): HoldTerms => ({
  ...holdOver(['entrance'], T0 - DAY, T0 - DAY + 3_600_000).terms,
  reviewMs: T0 + 30 * DAY,
  ...change,
});
const by = { by: 'm.bakker', key: undefined };

describe('placing a hold', () => {
  it('is in the journal, in the index and on the mirrors when it is answered', async () => {
    const s = start();
    const placed = await s.holds.place(terms(), by);
    expect(readFileSync(journalPath, 'utf8')).toContain(placed.hold.holdId);
    expect(f.db.prepare('SELECT hold_id FROM hold_version').all()).toEqual([{ hold_id: placed.hold.holdId }]);
    expect(s.mirrored).toHaveLength(1);
    expect(f.db.prepare("SELECT count(*) AS n FROM audit WHERE kind = 'hold_placed'").get()).toEqual({
      n: 1,
    });
  });

  it('F-D8: tells what is covered, what is missing and what is gone already', async () => {
    const from = T0 - DAY;
    for (let i = 0; i < 180; i += 1) {
      f.add(`a/${String(i)}.mp4`, {
        startMs: from + i * 10_000,
        endMs: from + (i + 1) * 10_000,
        sizeBytes: 10,
      });
    }
    f.db
      .prepare(
        `INSERT INTO receipt (clip_id, camera_n, start_ms, end_ms, due_ms, size_bytes, outcome, reason, path_hash, intent_seq,
           terminal_seq, at_ms) VALUES (9999, 1, ?, ?, 0, 5, 'deleted', 'retention', x'00', 1, 2, 3)`,
      )
      .run(from + 1_800_000, from + 1_860_000);
    const { coverage } = await start().holds.place(terms(), by);
    expect(coverage.clips).toBe(180);
    expect(coverage.bytes).toBe(1800);
    expect(coverage.percent).toBe(50);
    expect(coverage.deletedClips).toBe(1);
    const [camera] = coverage.cameras;
    expect(camera?.covered).toEqual([{ fromMs: from, toMs: from + 1_800_000 }]);
    expect(camera?.deleted).toEqual([{ fromMs: from + 1_800_000, toMs: from + 1_860_000 }]);
    expect(camera?.gaps).toEqual([{ fromMs: from + 1_860_000, toMs: from + 3_600_000 }]);
  });

  it('F-D9: binds footage that is not recorded yet', async () => {
    const { coverage } = await start().holds.place(terms({ window: { fromMs: T0, toMs: T0 + DAY } }), by);
    expect(coverage.percent).toBeNull();
    expect(coverage.cameras[0]?.future).toEqual([{ fromMs: T0, toMs: T0 + DAY }]);
  });

  it('is answered the same for the same idempotency key, and refused for other terms under it', async () => {
    const s = start();
    const first = await s.holds.place(terms(), { by: 'm.bakker', key: 'k1' });
    const again = await s.holds.place(terms(), { by: 'm.bakker', key: 'k1' });
    expect(again).toMatchObject({ replayed: true, hold: { holdId: first.hold.holdId } });
    await expect(
      s.holds.place(terms({ title: 'another' }), { by: 'm.bakker', key: 'k1' }),
    ).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(s.holds.current()).toHaveLength(1);
  });

  it.each([
    ['a short reason', { reason: 'because' }],
    ['an empty window', { window: { fromMs: T0, toMs: T0 } }],
    ['a window turned round', { window: { fromMs: T0, toMs: T0 - 1 } }],
    ['a century', { window: { fromMs: T0, toMs: T0 + 36500 * DAY } }],
    ['an unknown camera', { cameraIds: ['roof'] }],
    ['no camera', { cameraIds: [] }],
    ['a review after 90 days', { reviewMs: T0 + 91 * DAY }],
  ])('refuses %s and records nothing', async (_what, change) => {
    const s = start();
    await expect(s.holds.place(terms(change), by)).rejects.toMatchObject({ code: 'invalid' });
    expect(s.journal.entries).toHaveLength(0);
  });

  it('answers a repeated request only when the first is answered', async () => {
    const first = Promise.withResolvers<undefined>();
    const s = start({ mirror: () => first.promise });
    const asked = { by: 'm.bakker', key: 'k1' };
    const order: string[] = [];
    const both = ['first', 'again'].map((name) =>
      s.holds.place(terms(), asked).then(({ replayed }) => order.push(`${name} ${String(replayed)}`)),
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(order).toEqual([]);
    first.resolve(undefined);
    await Promise.all(both);
    expect(order.sort()).toEqual(['again true', 'first false']);
  });

  it('binds from the journal when the index fails, says so, and follows', async () => {
    let broken = true;
    const s = start({
      store: (plain) => ({
        ...plain,
        insert: (...args) => {
          if (broken) throw new Error('disk full');
          plain.insert(...args);
        },
      }),
    });
    const failure = await s.holds.place(terms(), { by: 'm.bakker', key: 'k1' }).catch((e: unknown) => e);
    expect(failure).toBeInstanceOf(HoldNotIndexed);
    expect(s.set.all()).toHaveLength(1);
    broken = false;
    const again = await s.holds.place(terms(), { by: 'm.bakker', key: 'k1' });
    expect(again.hold.holdId).toBe((failure as HoldNotIndexed).holdId);
    expect(s.store.all()).toHaveLength(1);
  });
});

describe('releasing a hold', () => {
  it('F-D12: keeps binding until the cooling-off is over', async () => {
    const s = start();
    const { hold } = await s.holds.place(terms(), by);
    const done = await releaseByTwo(s.holds, hold.holdId);
    expect(done).toMatchObject({ version: 3, askedBy: 'm.bakker', by: 'a.jansen', endsMs: T0 + DAY });
    await s.holds.tick();
    expect(s.mirrored).not.toContain('unpark');
    f.clock.advance(DAY);
    await s.holds.tick();
    expect(s.mirrored).toContain('unpark');
  });

  it('leaves the hold standing when it reached the index but not the journal', async () => {
    const s = start();
    const { hold } = await s.holds.place(terms(), by);
    const released: HoldVersion = {
      ...hold,
      version: 2,
      act: 'released',
      releasedMs: T0,
      releaseReason: 'x',
      endsMs: T0,
    };
    s.store.insert(2, released, { recovered: false });
    const again = start();
    expect(again.set.get(hold.holdId)).toMatchObject({ version: 1, releasedMs: null });
    expect(again.store.all()).toHaveLength(1);
  });
});

describe('recovering holds', () => {
  it('takes from the journal what the index lost', async () => {
    const { hold } = await start().holds.place(terms(), by);
    f.db.prepare('DELETE FROM hold_version').run();
    const again = start();
    expect(again.set.get(hold.holdId)).toMatchObject({ version: 1 });
    expect(again.store.history(hold.holdId)).toHaveLength(1);
  });

  it('F-D4: rewrites a lost journal from the index', async () => {
    const { hold } = await start().holds.place(terms(), by);
    writeFileSync(journalPath, '');
    start();
    expect(readFileSync(journalPath, 'utf8')).toContain(hold.holdId);
    expect(start().set.get(hold.holdId)).toBeDefined();
  });

  it('cuts off a torn last line, which nobody was told about', async () => {
    const { hold } = await start().holds.place(terms(), by);
    appendFileSync(journalPath, '{"mac":"12');
    expect(
      start()
        .set.all()
        .map((h) => h.holdId),
    ).toEqual([hold.holdId]);
    expect(readFileSync(journalPath, 'utf8').endsWith('\n')).toBe(true);
  });

  it('loses nothing and starts again after an append that failed half way', async () => {
    const s = start();
    const { hold } = await s.holds.place(terms(), by);
    const size = statSync(journalPath).size;
    const full = openJournal(journalPath, KEY);
    mkdirSync(join(f.stateDir, 'away'));
    renameSync(journalPath, join(f.stateDir, 'away', 'journal'));
    expect(() => full.append({ ...hold, version: 2 })).toThrow(/cannot be written/);
    renameSync(join(f.stateDir, 'away', 'journal'), journalPath);
    expect(statSync(journalPath).size).toBe(size);
    expect(() => full.append({ ...hold, version: 2 })).toThrow(/cannot be written/);
    expect(start().set.get(hold.holdId)).toMatchObject({ version: 1 });
  });

  it('refuses what it could not read back', () => {
    const journal = openJournal(journalPath, KEY);
    const long = holdOver(['hall'], T0, T0 + 1);
    expect(() => journal.append({ ...long, terms: { ...long.terms, reason: 'x'.repeat(5000) } })).toThrow(
      /too long/,
    );
    expect(openJournal(journalPath, KEY).entries).toHaveLength(0);
  });

  it('keeps a hold whose release is all that a mirror still knows', () => {
    const s = start();
    const other = holdOver(['hall'], T0 - DAY, T0);
    const released = { ...other, version: 2, releasedMs: T0, releaseReason: 'x', endsMs: T0 + DAY };
    const texts = [signVersion({ seq: 2, version: released }, KEY)];
    expect(takeMirrors({ ...s, key: KEY }, texts)).toMatchObject({ added: 1, unsigned: 0 });
    expect(s.set.get(other.holdId)).toMatchObject({ releasedMs: null, endsMs: null });
  });

  it('refuses to start on a journal that was changed', async () => {
    await start().holds.place(terms(), by);
    writeFileSync(journalPath, readFileSync(journalPath, 'utf8').replace('entrance', 'entrancf'));
    expect(() => openJournal(journalPath, KEY)).toThrow(/damaged at line 1/);
  });

  it('takes a signed mirror in, ignores one that somebody planted, and never lets a mirror end a hold', async () => {
    const s = start();
    const { hold } = await s.holds.place(terms(), by);
    const other = holdOver(['hall'], T0 - DAY, T0);
    const planted = signVersion({ seq: 9, version: other }, Buffer.alloc(32, 1));
    const ended = { ...hold, version: 5, releasedMs: T0, releaseReason: 'x', endsMs: T0 };
    const result = takeMirrors({ ...s, key: KEY }, [
      planted,
      'rubbish',
      signVersion({ seq: 9, version: ended }, KEY),
      signVersion({ seq: 9, version: other }, KEY),
    ]);
    expect(result).toMatchObject({ added: 1, unsigned: 2 });
    expect([...result.present]).toEqual([`9 ${ended.holdId} 5`, `9 ${other.holdId} 1`]);
    expect(s.set.get(hold.holdId)?.releasedMs).toBeNull();
    expect(s.set.get(other.holdId)).toBeDefined();
  });
});
