/**
 * Short form of the enumeration: the rooms of the daemon killed or hindered at a few calls of each part of a life.
 * The parts bear F-P1 (sweep), F-P2 (ingest), F-P3 and F-P4 (holds), F-P7 and F-D7 (first start).
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HANG_MS } from '../support/hang.ts';
import { bundleSubject, type Bundle } from './bundle.ts';
import { errorsOf, inParallel, killAt, type Fault } from './faults.ts';
import { PARTS, callsOf, comeBack, suffer } from './kills.ts';
import { KILL_MUTATIONS, MUTATIONS } from './mutations.ts';
import { RestartedInOne, restartedAnew } from './restarts.ts';
import { live, makeScene } from './scene.ts';
import { afterTheCrash, afterTheRestart } from './oracle.ts';
import { straceMissing, type Call } from './strace.ts';

/** What sweeps say when a life before has done it all. */
const NOTHING_LEFT: Record<string, string> = { 'swept 3 0': 'swept 0 0', 'ended 2 0': 'ended 0 0' };
vi.setConfig({ testTimeout: HANG_MS, hookTimeout: HANG_MS });
const missing = straceMissing();
let subject: Bundle;
let calls: readonly Call[] = [];

beforeAll(async () => {
  subject = await bundleSubject();
  if (missing === undefined) calls = await callsOf(subject.entry);
});
afterAll(() => {
  subject.remove();
});

describe('a life', () => {
  it('is as it should be when nothing happens to it, and again when it is taken up', async () => {
    const scene = makeScene();
    const { places } = scene;
    const acted = await live(subject.entry, 'act', { places });
    expect(acted.out, acted.err).toEqual([
      ...['started', 'indexed done', 'placed standing', 'placed released'],
      ...['confirmed', 'withdrawn', 'narrowed', 'swept 3 0', 'copied', 'released'],
      ...['ended 2 0', 'indexed done', 'again 0 0', 'done'],
    ]);
    expect(afterTheCrash(places, acted.out)).toEqual([]);
    const again = await live(subject.entry, 'recover', { places });
    expect(afterTheRestart(places, again.out), again.err).toEqual([]);
    scene.remove();
  });

  it.for(PARTS)(
    '$row: a kill during $part leaves nothing that one restart does not bring to its end',
    async ({ said }, ctx) => {
      if (missing !== undefined) return ctx.skip(missing);
      const here = calls.filter((call) => said.some((n) => n === call.said));
      const faults = lastingOnes(here).map(killAt);
      await expectNoViolation(faults);
    },
  );

  it.for(PARTS)(
    'F-P8, F-S3, F-S5, F-S12: an error during $part is survived, or ends the daemon before it claims anything',
    async ({ said }, ctx) => {
      if (missing !== undefined) return ctx.skip(missing);
      const here = lastingOnes(calls.filter((call) => said.some((n) => n === call.said)));
      const faults = here.map((call, i): Fault => {
        const errors = errorsOf(call);
        return { call, what: `error=${errors[i % errors.length]!}`, on: i % 2 === 1 };
      });
      await expectNoViolation(faults.slice(0, 4));
    },
  );
});

describe('restarts that share a process', () => {
  it('are as those with a process of their own, also after one that ended badly', async () => {
    const restarts = new RestartedInOne(subject.entry);
    const [whole, broken] = [makeScene(), makeScene()];
    writeFileSync(
      join(broken.places.state, 'index.db'),
      'no database, but long enough to be taken for one'.repeat(99),
    );
    const own = await live(subject.entry, 'recover', { places: whole.places });
    expect(afterTheRestart(whole.places, own.out), own.err).toEqual([]);
    for (let i = 0; i < 2; i += 1) {
      const shared = await restarts.restart('recover', { places: whole.places });
      expect(shared, shared.err).toMatchObject({ status: 0, out: own.out.map((l) => NOTHING_LEFT[l] ?? l) });
      expect(afterTheRestart(whole.places, shared.out)).toEqual([]);
      const ended = await restarts.restart('recover', { places: broken.places });
      expect(ended.status).not.toBe(0);
      expect(ended.err).toMatch(/database|index/);
    }
    restarts.end();
    for (const scene of [whole, broken]) scene.remove();
  });
});

describe('F-P5: a person', () => {
  it('is known by one password, and out when told so, whenever the daemon is killed', async (ctx) => {
    if (missing !== undefined) return ctx.skip(missing);
    const here = (await callsOf(subject.entry, 'person')).filter((call) => call.said > 0);
    const verdicts = await inParallel(lastingOnes(here), 2, (call) =>
      comeBack(restartedAnew(subject.entry), killAt(call)),
    );
    expect(verdicts.filter((v) => v.hit === undefined)).toEqual([]);
    expect(verdicts.flatMap((v) => v.violations)).toEqual([]);
  });
});

describe('the builds that must be found out', () => {
  it.for(Object.entries({ ...MUTATIONS, ...KILL_MUTATIONS }))('can be made: %s', async ([, mutation]) => {
    const mutant = await bundleSubject(mutation);
    mutant.remove();
  });
});

/** The first, the middle and the last of the calls that change what lasts, of different kinds where there are. */
function lastingOnes(list: readonly Call[]): Call[] {
  const names = ['unlink', 'fsync', 'rename', 'pwrite64'];
  const picked = names.flatMap((name) => {
    const same = list.filter((call) => call.name === name);
    return [same[Math.floor(same.length / 2)], name === 'pwrite64' ? undefined : same.at(-1)];
  });
  return [...new Set(picked)].filter((call) => call !== undefined);
}

async function expectNoViolation(faults: readonly Fault[]): Promise<void> {
  expect(faults.length).toBeGreaterThan(0);
  const verdicts = await inParallel(faults, 2, (fault) => suffer(restartedAnew(subject.entry), fault));
  expect(verdicts.filter((v) => v.hit === undefined).map((v) => v.fault)).toEqual([]);
  expect(verdicts.flatMap((v) => v.violations)).toEqual([]);
}
