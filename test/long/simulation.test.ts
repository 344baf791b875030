import { expect, test } from 'vitest';
import { firstFailure, report } from '../simulation/seeds.ts';

/** SIM_SEEDS lives from SIM_FROM on: by default another twenty thousand. */
const count = Number(process.env['SIM_SEEDS'] ?? 20_000);
const from = Number(process.env['SIM_FROM'] ?? 2001);

test(
  `in ${String(count)} more lives every promise about the footage is kept`,
  async () => {
    const failed = await firstFailure({ from, to: from + count - 1 });
    expect(failed && report(failed)).toBeUndefined();
  },
  4 * 3_600_000,
);
