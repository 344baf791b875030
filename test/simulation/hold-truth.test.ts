/** The model's own memory of a hold: of two attempts at one version only the one that is in the journal counts. */
import { expect, test } from 'vitest';
import { HoldTruth } from './hold-truth.ts';
import type { Line } from './journal-lines.ts';

const COOLING_OFF_MS = 100;
const WINDOW = { fromMs: 1_000_000, toMs: 2_000_000 };
const SCOPE = { cameraIds: ['hall'], window: WINDOW, endMs: null };
const HALF = { ...SCOPE, window: { ...WINDOW, toMs: 1_500_000 } };
const IN_BOTH = { cameraId: 'hall', intervals: [{ fromMs: 1_200_000, toMs: 1_210_000 }] };

const PLACED: Line = {
  ...{ holdId: 'a', version: 1, act: 'placed', by: 'm.bakker', releasedMs: null, title: 'A fall' },
  ...{ ...SCOPE, recovered: false, aloneR: null, leaves: null },
};

/** The hold after a crash: a release and a narrowing were asked for at once, and the journal has one of them. */
function afterCrash(leaves: Line['leaves']): HoldTruth {
  const terms = { caseRef: '', title: '', kind: 'legal_claim', ground: 'gdpr_17_3_e' } as const;
  const truth = new HoldTruth(
    'first',
    { ...terms, ...SCOPE, viewers: [], reason: '', reviewMs: 0 },
    COOLING_OFF_MS,
  );
  truth.acknowledged(PLACED);
  truth.askingAlone(2, undefined, 10);
  truth.askingAlone(2, HALF, 10);
  truth.recovered([PLACED, { ...PLACED, version: 2, act: 'asked', aloneR: 10, leaves }]);
  return truth;
}

test('a narrowing that never came to be leaves nothing to bind', () => {
  expect(afterCrash(null).mustBind(IN_BOTH, 109)).toBe(true);
  expect(afterCrash(null).mustBind(IN_BOTH, 110)).toBe(false);
});

test('a release that never came to be lets nothing go', () => {
  expect(afterCrash(HALF).mustBind(IN_BOTH, 110)).toBe(true);
});

test('of two narrowings sent at once the one that was refused leaves the other', () => {
  const truth = afterCrash(null);
  const other = { ...SCOPE, window: { ...WINDOW, fromMs: 1_900_000 } };
  const refused = truth.askingAlone(3, HALF, 10);
  truth.askingAlone(3, other, 10);
  truth.undone(refused);
  expect(truth.mustBind(IN_BOTH, 110)).toBe(false);
  expect(truth.mustBind({ ...IN_BOTH, intervals: [other.window] }, 110)).toBe(true);
});
