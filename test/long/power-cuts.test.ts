/** A hundred power cuts and more, spread over a life, and builds in which they must find a violation. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleSubject, type Bundle } from '../crash/bundle.ts';
import { disksMissing } from '../crash/disks.ts';
import { MUTATIONS } from '../crash/mutations.ts';
import { cutAgainAndAgain, makeDir, powerOn } from '../crash/power.ts';
import { straceMissing } from '../crash/strace.ts';
import { report } from './report.ts';

const HOUR = 3_600_000;
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

describe('power cuts', () => {
  it(
    'F-P6, F-P7: after every call that changes what lasts, leave nothing that one restart does not mend',
    { timeout: HOUR },
    async (ctx) => {
      if (missing !== undefined) return ctx.skip(missing);
      const cuts = await cutAgainAndAgain(subject.entry, dir.path, { every: 1, everyWrite: 10 });
      expect(cuts.length).toBeGreaterThanOrEqual(100);
      const wrong: string[] = [];
      for (const cut of cuts) wrong.push(...(await powerOn(subject.entry, cut)));
      report(`power cuts: ${String(cuts.length)}, violations: ${String(wrong.length)}`);
      expect(wrong).toEqual([]);
    },
  );

  it.for(Object.entries(MUTATIONS))(
    'find a violation in a build with %s',
    { timeout: HOUR },
    async ([name, mutation], ctx) => {
      if (missing !== undefined) return ctx.skip(missing);
      const mutant = await bundleSubject(mutation);
      const options = { every: 1, everyWrite: 1000, after: 'placed released' };
      const cuts = await cutAgainAndAgain(mutant.entry, dir.path, options);
      let violating = 0;
      for (const cut of cuts) if ((await powerOn(mutant.entry, cut)).length > 0) violating += 1;
      report(`${name}: ${String(violating)} of ${String(cuts.length)} power cuts show it`);
      expect(violating).toBeGreaterThan(0);
      mutant.remove();
    },
  );
});
