import { expect, test } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import type { RootStore } from '../../src/roots/contract.ts';
import { createRoots } from '../../src/roots/roots.ts';
import type { Observation } from '../../src/roots/state.ts';
import { ENROLLED, NOTHING_TO_REPLACE } from '../support/roots.ts';

test('a look asked for while another is under way follows it, and all who asked have that one', async () => {
  const clock = new SimulatedClock(Date.UTC(2026, 5, 1));
  const looks: PromiseWithResolvers<Observation>[] = [];
  const unused = (): never => {
    throw new Error('nothing of this happens to a root that is not there');
  };
  const store = { all: () => [ENROLLED], changed: () => true } as unknown as RootStore;
  const roots = createRoots({
    store,
    disk: {
      observe: () => {
        looks.push(Promise.withResolvers<Observation>());
        return looks.at(-1)!.promise;
      },
      enrol: unused,
      renumber: unused,
      selfTest: unused,
    },
    clock,
    log: silentLog,
    installId: 'us',
    ...NOTHING_TO_REPLACE,
    nowMs: () => clock.wallMs(),
    holds: { length: () => 0, macAt: () => undefined },
    trail: { beyond: () => undefined, head: () => 'head' },
    lock: unused,
    onTrustNames: unused,
  });
  const answer = (at: number, why: string): void => {
    looks[at]!.resolve({ reach: 'none', why, cause: 'missing' });
  };
  const first = roots.check();
  const others = [roots.check(), roots.check()];
  expect(looks).toHaveLength(1);
  answer(0, 'as it was before');
  await first;
  await expect.poll(() => looks.length).toBe(2);
  // The second is under way as well by now.
  const late = roots.check();
  answer(1, 'as it was then');
  await Promise.all(others);
  expect(roots.list()[0]?.why).toBe('as it was then');
  await expect.poll(() => looks.length).toBe(3);
  answer(2, 'as it is now');
  await late;
  expect(roots.list()[0]?.why).toBe('as it is now');

  const last = [roots.check(), roots.check()];
  roots.stop();
  answer(3, 'as it is at the end');
  await Promise.all(last);
  expect(looks).toHaveLength(4);
});
