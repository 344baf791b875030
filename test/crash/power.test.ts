/** Short form of the power cuts, and what shows that they would notice: builds with a step of the protocol left out. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HANG_MS } from '../support/hang.ts';
import { bundleSubject, type Bundle } from './bundle.ts';
import { disksMissing } from './disks.ts';
import { MUTATIONS } from './mutations.ts';
import { cutAgainAndAgain, makeDir, powerOn } from './power.ts';
import { straceMissing } from './strace.ts';

vi.setConfig({ hookTimeout: HANG_MS });
const dir = makeDir();
const missing = straceMissing() ?? disksMissing(dir.path);
let subject: Bundle;

beforeAll(async () => {
  subject = await bundleSubject();
});
afterAll(() => {
  subject.remove();
  dir.remove();
});

describe('a power cut', () => {
  it(
    'F-P6, F-P7: leaves nothing that one restart does not bring to its end',
    { timeout: HANG_MS },
    async (ctx) => {
      if (missing !== undefined) return ctx.skip(missing);
      const cuts = await cutAgainAndAgain(subject.entry, dir.path, { every: 14, everyWrite: 60 });
      expect(cuts.length).toBeGreaterThanOrEqual(10);
      for (const cut of cuts) expect(await powerOn(subject.entry, cut)).toEqual([]);
    },
  );

  it('is noticed when no directory is made durable', { timeout: HANG_MS }, async (ctx) => {
    if (missing !== undefined) return ctx.skip(missing);
    const mutant = await bundleSubject(MUTATIONS['no directory fsync']);
    const after = 'swept 3 0';
    const [swept] = await cutAgainAndAgain(mutant.entry, dir.path, { every: 1000, everyWrite: 1000, after });
    expect(await powerOn(mutant.entry, swept!)).toContainEqual(
      expect.stringContaining('is called deleted and is there') as string,
    );
    mutant.remove();
  });
});
