import { test } from 'vitest';
import { ASKED, expectNone } from './many.ts';

// Two files, so that the cores of a machine can share the twenty thousand.
test.skipIf(ASKED !== undefined)(
  'whatever comes between what, in the second ten thousand interleavings no hold is broken or forgotten',
  () => expectNone({ from: 10001, to: 20000 }),
  600_000,
);
