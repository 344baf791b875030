import { test } from 'vitest';
import { ASKED_SEED, expectNoFailure } from './seeds.ts';

// Four files, so that the cores of a machine can share the two thousand.
test.skipIf(ASKED_SEED !== undefined)(
  'whatever happens to a box, in the third five hundred lives every promise about its footage is kept',
  () => expectNoFailure({ from: 1001, to: 1500 }),
  600_000,
);
