import { test } from 'vitest';
import { ASKED_SEED, expectNoFailure } from './seeds.ts';

// Four files, so that the cores of a machine can share the two thousand.
test.skipIf(ASKED_SEED !== undefined)(
  'whatever happens to a box, in the second five hundred lives every promise about its footage is kept',
  () => expectNoFailure({ from: 501, to: 1000 }),
  600_000,
);
