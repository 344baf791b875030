/**
 * The whole enumeration: every relevant system call of a life killed once, and answered with errors. Takes an hour or two.
 * The parts bear F-P1 (sweep), F-P2 (ingest), F-P3 and F-P4 (holds), F-P7 and F-D7 (first start).
 * CRASH_SLICE=2/8 does the second of eight slices of each list, CRASH_WIDTH=1 one point at a time.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleSubject, type Bundle } from '../crash/bundle.ts';
import { aimUntilHit, errorsOf, killAt, sliceOf, tally, without, type Fault } from '../crash/faults.ts';
import { PARTS, callsOf, comeBack, suffer } from '../crash/kills.ts';
import { KILL_MUTATIONS } from '../crash/mutations.ts';
import { RestartedInOne } from '../crash/restarts.ts';
import { straceMissing, type Call } from '../crash/strace.ts';
import { report } from './report.ts';

const HOURS = 3_600_000;
const WIDTH = Number(process.env['CRASH_WIDTH'] ?? 2);
const SLICE = process.env['CRASH_SLICE'] ?? '1/1';
const missing = straceMissing();
let bundle: Bundle;
let subject: RestartedInOne;
let calls: readonly Call[] = [];

beforeAll(async () => {
  bundle = await bundleSubject();
  subject = new RestartedInOne(bundle.entry);
  if (missing !== undefined) return;
  await callsOf(bundle.entry); // fills the compile cache, so that every later run opens the same files
  calls = await callsOf(bundle.entry);
});
afterAll(() => {
  subject.end();
  bundle.remove();
});

/** What is struck with, which faults there are of that kind, and which of them are known already. */
interface Strike {
  readonly what: string;
  readonly faults: readonly Fault[];
  readonly known?: readonly Fault[];
  readonly strike?: typeof suffer;
}

/** Does the slice of the faults, tells of it, and expects that each came and none did harm. Returns after which no call came. */
async function expectSurvival({
  what,
  faults,
  known = [],
  strike = suffer,
}: Strike): Promise<readonly Fault[]> {
  const slice = sliceOf(faults, SLICE);
  const here = without(known, slice);
  const began = performance.now();
  const { missed, violations, last } = await aimUntilHit(here, WIDTH, (fault) => strike(subject, fault));
  const each = (performance.now() - began) / here.length;
  report(
    `${what}, slice ${SLICE} of ${String(faults.length)} at ${tally([...new Set(faults.map((f) => f.call))])}: ` +
      `${String(here.length - missed.length)} of ${String(here.length)} came, ` +
      `${String(slice.length - here.length)} more are known, ` +
      `${String(violations.length)} violations, ${each.toFixed(0)} ms each`,
  );
  expect(violations).toEqual([]);
  expect(missed).toEqual([]);
  return last;
}

describe('every relevant system call', () => {
  it.for(PARTS)(
    '$row: of $part is killed once, without a violation',
    { timeout: 2 * HOURS },
    async ({ part, said }, ctx) => {
      if (missing !== undefined) return ctx.skip(missing);
      const here = calls.filter((call) => said.some((n) => n === call.said));
      await expectSurvival({ what: `killed during ${part}`, faults: here.map(killAt) });
    },
  );

  it(
    'F-P5: of a person who comes and goes is killed once, without a violation',
    { timeout: HOURS },
    async (ctx) => {
      if (missing !== undefined) return ctx.skip(missing);
      const here = (await callsOf(bundle.entry, 'person')).filter((call) => call.said > 0);
      await expectSurvival({
        what: 'killed while a person comes and goes',
        faults: here.map(killAt),
        strike: comeBack,
      });
    },
  );

  it('was said before, during or after one of the parts', (ctx) => {
    if (missing !== undefined) return ctx.skip(missing);
    const parts = new Set<number>(PARTS.flatMap((p) => p.said));
    report(`strace counts ${tally(calls)}`);
    expect(calls.filter((call) => !parts.has(call.said))).toEqual([]);
  });

  /** Errors after which a life came to no other call of the name: from there on, they are the same. */
  let last: readonly Fault[] = [];

  it.for(['once', 'from there on'])(
    'F-P8, F-S3, F-S5, F-S12: that fails with each error it can have, %s, is survived',
    { timeout: 4 * HOURS },
    async (how, ctx) => {
      if (missing !== undefined) return ctx.skip(missing);
      const on = how !== 'once';
      const faults = calls.flatMap((call) =>
        errorsOf(call).map((e): Fault => ({ call, what: `error=${e}`, on })),
      );
      last = await expectSurvival({ what: `errors ${how}`, faults, known: on ? last : [] });
    },
  );
});

describe('the enumeration notices', () => {
  it.for(Object.entries(KILL_MUTATIONS))('that %s', { timeout: HOURS }, async ([, mutation], ctx) => {
    if (missing !== undefined) return ctx.skip(missing);
    const mutant = await bundleSubject(mutation);
    const restarted = new RestartedInOne(mutant.entry);
    const sweep = (await callsOf(mutant.entry)).filter((call) => call.said === 7);
    let found: readonly string[] = [];
    for (const call of sweep) {
      found = (await suffer(restarted, killAt(call))).violations;
      if (found.length > 0) break;
    }
    expect(found).not.toEqual([]);
    restarted.end();
    mutant.remove();
  });
});
