/** Holds between people: confirming, asking, granting, refusing, taking back, cases; and what a crash makes of each. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClipReader } from '../../src/db/clips/clips.ts';
import { createCoverage } from '../../src/db/clips/coverage.ts';
import { createHoldStore } from '../../src/db/holds/holds.ts';
import type { HoldTerms, HoldVersion, Scope } from '../../src/holds/hold.ts';
import { HoldSet } from '../../src/holds/hold-set.ts';
import type { Act } from '../../src/holds/holds.ts';
import type { HoldStore } from '../../src/holds/hold-store.ts';
import { openJournal, signVersion, type HoldJournal } from '../../src/holds/journal.ts';
import { recoverHolds, takeMirrors } from '../../src/holds/recover.ts';
import { createHolds, type HoldService } from '../../src/holds/service.ts';
import { Gate } from '../../src/retention/gate.ts';
import { DAY, T0, makeFootage, type Footage } from '../support/footage.ts';
import { holdOver } from '../support/sweeping.ts';
import { releaseByTwo } from '../support/two-people.ts';

const KEY = Buffer.alloc(32, 7);
const HOUR = 3_600_000;
const WHY = 'The insurer has answered in writing.';
let f: Footage;
beforeEach(() => {
  f = makeFootage();
});
afterEach(() => {
  f.close();
});

interface Life {
  readonly holds: HoldService;
  readonly journal: HoldJournal;
  readonly set: HoldSet;
  readonly store: HoldStore;
  readonly unparked: () => number;
}

/** Started over what is on the disk; `alone`: one person is enough after a day. */
function start({ alone = false } = {}): Life {
  const store = createHoldStore(f.db, f.audit);
  const journal = openJournal(join(f.stateDir, 'holds.journal'), KEY);
  const set = new HoldSet();
  recoverHolds({ journal, store, set });
  let unparked = 0;
  const holds = createHolds({
    store,
    journal,
    set,
    gate: new Gate(() => new Promise(() => undefined)),
    reader: createClipReader(f.db, createCoverage(f.db)),
    nowMs: () => f.clock.wallMs(),
    rules: { coolingOffMs: DAY, aloneAfterMs: alone ? DAY : undefined },
    cameraIds: new Set(['entrance', 'hall']),
    ...{ pin: () => Promise.resolve(0), pinned: () => 0 },
    mirror: () => Promise.resolve(),
    settle: () => Promise.resolve(),
    unpark: () => {
      unparked += 1;
      return Promise.resolve();
    },
  });
  return { holds, journal, set, store, unparked: () => unparked };
}

const WINDOW = { fromMs: T0 - DAY, toMs: T0 - DAY + HOUR };
const terms = (change: Partial<HoldTerms> = {}): HoldTerms => ({
  ...holdOver(['entrance'], WINDOW.fromMs, WINDOW.toMs).terms,
  reviewMs: T0 + 30 * DAY,
  ...change,
});
const place = async ({ holds }: Life, change: Partial<HoldTerms> = {}): Promise<HoldVersion> =>
  (await holds.place(terms(change), { by: 'm.bakker', key: undefined })).hold;
const by = (who: string, { holdId, version }: HoldVersion, reason = WHY): Act => ({
  holdId,
  version,
  by: who,
  reason,
});
const scope = (change: Partial<Scope> = {}): Scope => ({
  cameraIds: ['entrance'],
  window: WINDOW,
  endMs: null,
  ...change,
});
const HALF = { fromMs: WINDOW.fromMs, toMs: WINDOW.fromMs + HOUR / 2 };
const records = (kind: string): unknown[] => f.db.prepare('SELECT 1 FROM audit WHERE kind = ?').all(kind);

describe('the second person', () => {
  it('confirms what another has set, once, and again when it was widened', async () => {
    const s = start();
    const hold = await place(s);
    await expect(s.holds.confirm(by('m.bakker', hold, ''))).rejects.toMatchObject({ code: 'forbidden' });
    const confirmed = await s.holds.confirm(by('a.jansen', hold, ''));
    expect(confirmed).toMatchObject({ version: 2, confirmedBy: 'a.jansen' });
    expect(records('hold_confirmed')).toHaveLength(1);
    const both = scope({ cameraIds: ['entrance', 'hall'] });
    const { hold: wide } = await s.holds.widen(by('m.bakker', confirmed), both);
    expect(wide).toMatchObject({ act: 'widened', confirmedBy: null, confirmedMs: null });
    expect(start().set.get(hold.holdId)).toEqual(wide);
  });

  it('grants a release; who asked cannot, whatever their role is by then', async () => {
    const s = start();
    const asked = await s.holds.ask(by('m.bakker', await place(s)), undefined);
    expect(asked).toMatchObject({ releasedMs: null, pending: { what: 'release', by: 'm.bakker' } });
    await expect(s.holds.approve(by('m.bakker', asked))).rejects.toMatchObject({ code: 'forbidden' });
    f.clock.advance(90 * DAY);
    await s.holds.tick();
    expect(s.set.get(asked.holdId)?.releasedMs).toBeNull();
    const done = await s.holds.approve(by('a.jansen', asked));
    expect(done).toMatchObject({ act: 'released', askedBy: 'm.bakker', pending: null });
    expect(done.endsMs).toBe(f.clock.wallMs() + DAY);
  });

  it('refuses, and the hold stands as it was', async () => {
    const s = start();
    const asked = await s.holds.ask(by('m.bakker', await place(s)), undefined);
    const no = await s.holds.refuse(by('a.jansen', asked));
    expect(no).toMatchObject({ pending: null, releasedMs: null, endsMs: null });
    await expect(s.holds.approve(by('a.jansen', no))).rejects.toMatchObject({ code: 'conflict' });
  });

  it('F-D11: acts upon what they saw: another version by now is a conflict, the same act again is not', async () => {
    const s = start();
    const hold = await place(s);
    const asked = await s.holds.ask(by('m.bakker', hold), undefined);
    expect(await s.holds.ask(by('m.bakker', hold), undefined)).toEqual(asked);
    await expect(s.holds.review(by('k.smit', hold), T0 + DAY)).rejects.toMatchObject({ code: 'conflict' });
    expect(s.journal.entries).toHaveLength(2);
  });
});

describe('narrowing', () => {
  it('keeps what is given up until it has cooled off', async () => {
    const s = start();
    const asked = await s.holds.ask(by('m.bakker', await place(s)), scope({ window: HALF }));
    const narrow = await s.holds.approve(by('a.jansen', asked));
    expect(narrow).toMatchObject({ act: 'narrowed', terms: { window: HALF }, releasedMs: null });
    const parts = s.set.ofCamera('entrance');
    expect(parts.map((p) => p.terms.window.toMs)).toEqual([HALF.toMs, WINDOW.toMs]);
    expect(parts[1]?.endsMs).toBe(T0 + DAY);
    f.clock.advance(DAY);
    await s.holds.tick();
    expect(s.unparked()).toBe(1);
  });

  it('is asked for less only, and a widening for more only', async () => {
    const s = start();
    const hold = await place(s);
    const other = scope({ cameraIds: ['hall'] });
    const invalid = { code: 'invalid' };
    await expect(s.holds.ask(by('m.bakker', hold), other)).rejects.toMatchObject(invalid);
    await expect(s.holds.ask(by('m.bakker', hold), scope())).rejects.toMatchObject(invalid);
    await expect(s.holds.widen(by('m.bakker', hold), other)).rejects.toMatchObject(invalid);
    await expect(s.holds.widen(by('m.bakker', hold), scope())).rejects.toMatchObject(invalid);
    const ends = scope({ endMs: T0 + 40 * DAY });
    await expect(s.holds.widen(by('m.bakker', hold), ends)).rejects.toMatchObject(invalid);
    expect((await s.holds.ask(by('m.bakker', hold), ends)).pending?.to.endMs).toBe(T0 + 40 * DAY);
  });
});

describe('taking back', () => {
  it('a release that cools off: the hold stands again, and once it has ended it does not', async () => {
    const s = start();
    const { holdId } = await place(s);
    const released = await releaseByTwo(s.holds, holdId);
    f.clock.advance(DAY - 1);
    const again = await s.holds.withdraw(by('a.jansen', released));
    expect(again).toMatchObject({ act: 'withdrawn', releasedMs: null, endsMs: null });
    expect(start().set.get(holdId)).toEqual(again);
    const gone = await releaseByTwo(s.holds, holdId);
    f.clock.advance(DAY);
    await expect(s.holds.withdraw(by('m.bakker', gone))).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('an end of its own', () => {
  it('F-D12: is as a release at that moment, also when nobody was there', async () => {
    const s = start();
    const hold = await place(s, { endMs: T0 + 10 * DAY });
    expect(hold.endsMs).toBe(T0 + 11 * DAY);
    f.clock.advance(10 * DAY);
    const later = start();
    const released = { code: 'conflict', message: 'the hold is released already' };
    await expect(later.holds.ask(by('m.bakker', hold), undefined)).rejects.toMatchObject(released);
    f.clock.advance(DAY);
    await later.holds.tick();
    expect(later.unparked()).toBe(1);
  });
});

describe('where one person is enough', () => {
  it('what was asked happens a day later, unless it is taken back', async () => {
    const s = start({ alone: true });
    const kept = await s.holds.ask(by('m.bakker', await place(s)), undefined);
    const goes = await s.holds.ask(by('m.bakker', await place(s)), undefined);
    await s.holds.withdraw(by('m.bakker', kept, 'The other party has appealed now.'));
    f.clock.advance(DAY - 1);
    await s.holds.tick();
    expect(s.set.get(goes.holdId)?.releasedMs).toBeNull();
    f.clock.advance(1);
    await s.holds.tick();
    expect(s.set.get(goes.holdId)).toMatchObject({ act: 'released', by: 'm.bakker', endsMs: T0 + 2 * DAY });
    expect(s.set.get(kept.holdId)?.releasedMs).toBeNull();
  });

  it('a request from that time waits for a second person when two are asked for by now', async () => {
    const asked = await (async () => {
      const s = start({ alone: true });
      return s.holds.ask(by('m.bakker', await place(s)), undefined);
    })();
    f.clock.advance(2 * DAY);
    const strict = start();
    await strict.holds.tick();
    expect(strict.set.get(asked.holdId)?.releasedMs).toBeNull();
  });
});

describe('a case', () => {
  it('says the same of itself in all its holds, by one version of one of them', async () => {
    const s = start();
    const first = await place(s);
    const joined = await s.holds.place(terms({ caseRef: 'ignored', cameraIds: ['hall'] }), {
      by: 'k.smit',
      key: undefined,
      caseId: first.case.id,
    });
    expect(joined.hold).toMatchObject({ case: first.case, terms: { caseRef: first.terms.caseRef } });
    const change = { version: 1, by: 'm.bakker', reason: WHY, title: 'A fall', viewers: ['s.security'] };
    const changed = await s.holds.changeCase(first.case.id, change);
    expect(changed).toMatchObject({ title: 'A fall', mark: { version: 2, by: 'm.bakker' } });
    expect(await s.holds.changeCase(first.case.id, change)).toEqual(changed);
    const stale = { ...change, title: 'Another' };
    await expect(s.holds.changeCase(first.case.id, stale)).rejects.toMatchObject({ code: 'conflict' });
    for (const hold of [...s.holds.current(), ...start().holds.current()])
      expect(hold.terms).toMatchObject({ title: 'A fall', viewers: ['s.security'] });
    expect(s.journal.entries).toHaveLength(3);
  });
});

describe('what lessens a hold counts from the journal only', () => {
  it('a request, a narrowing, a release that reached the index alone are withdrawn at the next start', async () => {
    for (const act of ['asked', 'narrowed', 'released'] as const) {
      const s = start();
      const hold = await place(s);
      const less: HoldVersion = { ...hold, version: 2, act, terms: { ...hold.terms, window: HALF } };
      s.store.insert(s.journal.entries.length + 1, less, { recovered: false });
      expect(start().set.get(hold.holdId), act).toEqual(hold);
    }
  });

  it('F-D4: of a journal that was lost, the index gives back all that was ever bound', async () => {
    const s = start();
    const asked = await s.holds.ask(by('m.bakker', await place(s)), scope({ window: HALF }));
    const narrow = await s.holds.approve(by('a.jansen', asked));
    await s.holds.review(by('m.bakker', narrow), T0 + 20 * DAY);
    writeFileSync(join(f.stateDir, 'holds.journal'), '');
    const back = start().set.get(asked.holdId);
    expect(back).toMatchObject({ act: 'reviewed', terms: { window: WINDOW, endMs: null }, leaving: [] });
    expect(start().set.get(asked.holdId)).toEqual(back);
  });

  it('a mirror of a narrowing or of an end adds, and takes nothing away', async () => {
    const s = start();
    const hold = await place(s, { cameraIds: ['entrance', 'hall'] });
    const narrow: HoldVersion = {
      ...hold,
      version: 7,
      act: 'narrowed',
      terms: {
        ...hold.terms,
        window: { fromMs: HALF.fromMs - HOUR, toMs: HALF.toMs },
        cameraIds: ['hall'],
        endMs: T0,
      },
      endsMs: T0,
    };
    const texts = [signVersion({ seq: 7, version: narrow }, KEY)];
    expect(takeMirrors({ ...s, key: KEY }, texts)).toMatchObject({ added: 1 });
    expect(s.set.get(hold.holdId)).toMatchObject({
      version: 7,
      terms: { cameraIds: expect.arrayContaining(['hall', 'entrance']) as string[] },
      endsMs: null,
    });
    const { window } = s.set.get(hold.holdId)!.terms;
    expect(window).toEqual({ fromMs: HALF.fromMs - HOUR, toMs: WINDOW.toMs });
  });

  it('every version is in the journal with its act, its case and its reason', async () => {
    const s = start();
    await releaseByTwo(s.holds, (await place(s)).holdId);
    const lines = readFileSync(join(f.stateDir, 'holds.journal'), 'utf8').trim().split('\n');
    const versions = lines.map(
      (l) => (JSON.parse((JSON.parse(l) as { version: string }).version) as { version: HoldVersion }).version,
    );
    expect(versions.map((v) => v.act)).toEqual(['placed', 'asked', 'released']);
    for (const v of versions) expect([v.case.version, v.why.length > 19]).toEqual([1, true]);
  });
});
