import { expect, test } from 'vitest';
import { asked, asksFor, granted, isRepeated, tookEffect } from '../../src/holds/acts.ts';
import type { HoldVersion, Scope } from '../../src/holds/hold.ts';

const T0 = Date.UTC(2026, 10, 1);
const ACTOR = { by: 'm.bakker', reason: 'The claim was settled in writing.', nowMs: T0 };
const RULES = { coolingOffMs: 3_600_000, aloneAfterMs: undefined };
const NARROWER: Scope = { cameraIds: ['hall'], window: { fromMs: T0, toMs: T0 + 60_000 }, endMs: null };

const HOLD: HoldVersion = {
  ...{
    holdId: 'h',
    version: 1,
    act: 'placed',
    by: 'm.bakker',
    atMs: T0,
    why: 'The insurer asks to keep it.',
  },
  case: { id: 'c', version: 1, by: 'm.bakker', atMs: T0 },
  terms: {
    ...{ caseRef: 'Z-1', title: 'A fall', kind: 'legal_claim', ground: 'gdpr_17_3_e', viewers: [] },
    ...{ reason: 'The insurer asks to keep it.', reviewMs: T0, cameraIds: ['hall', 'entrance'], endMs: null },
    window: { fromMs: T0, toMs: T0 + 120_000 },
  },
  ...{ boundBy: 'm.bakker', boundMs: T0, confirmedBy: null, confirmedMs: null, pending: null, leaving: [] },
  ...{ askedBy: null, releasedMs: null, releaseReason: null, endsMs: null },
};

test('a request is the same again only when it asks for the same', () => {
  const release = asked(HOLD, ACTOR, { to: undefined, rules: RULES });
  const repeats = (to: Scope | undefined): boolean => {
    const { by, reason } = ACTOR;
    return isRepeated(release, 1, { acts: ['asked'], says: (made) => asksFor(made, to), by, reason });
  };
  expect(repeats(undefined)).toBe(true);
  expect(repeats(NARROWER)).toBe(false);
});

test('what a narrowing asks for is told apart by its window', () => {
  const narrowing = asked(HOLD, ACTOR, { to: NARROWER, rules: RULES });
  expect(asksFor(narrowing, NARROWER)).toBe(true);
  expect(asksFor(narrowing, { ...NARROWER, cameraIds: ['entrance'] })).toBe(false);
  expect(asksFor(granted(narrowing, { ...ACTOR, by: 'a.jansen' }, 0), NARROWER)).toBe(false);
  expect(asksFor(tookEffect(narrowing, ACTOR, 0), undefined)).toBe(false);
});
