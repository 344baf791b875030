import { test } from 'vitest';
import { expectNoFailure } from '../simulation/seeds.ts';

/** SIM_SEEDS lives from SIM_FROM on: by default another twenty thousand. */
const count = Number(process.env['SIM_SEEDS'] ?? 20_000);
const from = Number(process.env['SIM_FROM'] ?? 2001);

test(
  `in ${String(count)} more lives every promise about the footage is kept`,
  () => expectNoFailure({ from, to: from + count - 1 }),
  4 * 3_600_000,
);
