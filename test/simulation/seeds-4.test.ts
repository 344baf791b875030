import { test } from 'vitest';
import { ASKED_SEED, expectNoFailure } from './seeds.ts';

// Four files, so that the cores of a machine can share the two thousand.
test.skipIf(ASKED_SEED !== undefined)(
  'whatever happens to a box, in the fourth five hundred lives every promise about its footage is kept',
  () => expectNoFailure({ from: 1501, to: 2000 }),
  600_000,
);
