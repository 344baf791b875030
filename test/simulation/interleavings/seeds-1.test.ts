import { test } from 'vitest';
import { ASKED, expectNone } from './many.ts';

// Two files, so that the cores of a machine can share the twenty thousand.
test.skipIf(ASKED !== undefined)(
  'whatever comes between what, in the first ten thousand interleavings no hold is broken or forgotten',
  () => expectNone({ from: 1, to: 10000 }),
  600_000,
);
