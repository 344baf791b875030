/** A mirror of a later version than the journal has, as after the state directory was put back from a backup. */
import { expect, test } from 'vitest';
import { HoldSet } from '../../src/holds/hold-set.ts';
import type { HoldVersion } from '../../src/holds/hold.ts';
import { signVersion, type HoldJournal, type JournaledVersion } from '../../src/holds/journal.ts';
import { takeMirrors } from '../../src/holds/recover.ts';

const KEY = Buffer.alloc(32, 3);
const T0 = Date.UTC(2026, 10, 1);
const HOLD: HoldVersion = {
  ...{ holdId: '3f0c1f1e-6f0a-4c3b-9d5e-0a1b2c3d4e5f', version: 1, act: 'placed', by: 'm.bakker', atMs: T0 },
  case: { id: '4f0c1f1e-6f0a-4c3b-9d5e-0a1b2c3d4e5f', version: 1, by: 'm.bakker', atMs: T0 },
  terms: {
    ...{ caseRef: 'Z-1', title: 'A fall', kind: 'legal_claim', ground: 'gdpr_17_3_e', viewers: [] },
    ...{ reason: 'The insurer asks to keep it.', reviewMs: T0, cameraIds: ['hall'], endMs: null },
    window: { fromMs: T0, toMs: T0 + 1000 },
  },
  ...{ why: 'The insurer asks to keep it.', boundBy: 'm.bakker', boundMs: T0 },
  ...{ confirmedBy: null, confirmedMs: null, pending: null, leaving: [] },
  ...{ askedBy: null, releasedMs: null, releaseReason: null, endsMs: null },
};
const released = (version: number): HoldVersion => {
  return { ...HOLD, version, act: 'released', releasedMs: T0, releaseReason: 'It was settled.', endsMs: T0 };
};

/** What counts when the journal has `known` and a root a mirror of `mirrored`. */
function counts(known: HoldVersion, mirrored: HoldVersion): HoldVersion | undefined {
  const set = new HoldSet();
  set.add(known);
  const entries: JournaledVersion[] = [{ seq: 1, version: known }];
  const append = (version: HoldVersion): number => entries.push({ seq: entries.length + 1, version });
  const journal: HoldJournal = { entries, append };
  const nothing = (): void => undefined;
  const store = { insert: nothing, withdraw: nothing, all: () => [], history: () => [] };
  takeMirrors({ journal, store, set, key: KEY }, [signVersion({ seq: 9, version: mirrored }, KEY)]);
  return set.get(HOLD.holdId);
}

test('an end that only a backup knows was overtaken by a later version: the hold stands again', () => {
  expect(counts(released(3), released(6))).toMatchObject({ version: 6, releasedMs: null, endsMs: null });
});

test('of a hold that stands the mirror of a release tells nothing', () => {
  expect(counts(HOLD, released(6))).toBe(HOLD);
});

const HALF = { fromMs: T0, toMs: T0 + 500 };
const narrowed = (version: number, endsMs: number): HoldVersion => {
  const { cameraIds, window } = HOLD.terms;
  const leaving = [{ cameraIds, window, sinceMs: T0, endsMs }];
  return { ...HOLD, version, act: 'narrowed', terms: { ...HOLD.terms, window: HALF }, leaving };
};

test('what a narrowing that only a backup knows gave up was bound anew before the release: the hold binds it again', () => {
  expect(counts(narrowed(3, T0 + 10), released(6))).toMatchObject({
    version: 6,
    terms: HOLD.terms,
    leaving: [],
    releasedMs: null,
    endsMs: null,
  });
});

test('an end of its own that only a backup knows was put off before the release: the hold stands without one', () => {
  const ending = { ...HOLD, terms: { ...HOLD.terms, endMs: T0 + 10 }, endsMs: T0 + 20 };
  expect(counts(ending, released(6))).toMatchObject({ version: 6, terms: { endMs: null }, endsMs: null });
});

test('what a narrowing gave up is bound until its end: only a later one is news', () => {
  const [known, once, again] = [narrowed(3, T0 + 10), narrowed(4, T0 + 10), narrowed(5, T0 + 20)];
  const end = { act: 'released', releasedMs: T0, endsMs: T0 } as const;
  expect(counts(known, { ...once, ...end })).toBe(known);
  expect(counts(known, { ...again, ...end })).toMatchObject({ terms: HOLD.terms, leaving: [], endsMs: null });
});
