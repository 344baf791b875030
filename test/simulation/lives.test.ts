import { expect, test } from 'vitest';
import { ASKED_SEED, expectNoFailure } from './seeds.ts';
import { simulate } from './simulation.ts';

test.skipIf(ASKED_SEED === undefined)(
  'the life that was asked for',
  () => expectNoFailure({ from: ASKED_SEED ?? 0, to: ASKED_SEED ?? 0 }),
  600_000,
);

test('a seed is lived the same way each time', async () => {
  for (const seed of [3, 7, 19]) {
    const [once, again] = [await simulate(seed), await simulate(seed)];
    expect(again.story).toEqual(once.story);
    expect(again.steps).toBe(once.steps);
    expect(once.steps).toBeGreaterThan(200);
  }
});

const EVENTS = [
  ...['acknowledged', 'released', 'withdrawn_held', 'deleted_recovered', 'identity_changed'],
  ...['ended by kill', 'ended by power_cut', 'ended by shutdown', 'came back', 'lost: '],
  ...['hollow', 'vanished', 'another disk', 'fsync that fails', 'unlinks refused', 'read-only', 'adopting'],
  ...['the wall clock is set by', 'by a time server', 'by a person'],
];

test('lives are full: clips go, holds are placed, daemons die, disks and clocks make trouble', async () => {
  let story = '';
  let unlinks = 0;
  for (let seed = 1; seed <= 100; seed += 1) {
    const life = await simulate(seed);
    unlinks += life.unlinks;
    story += life.story.join('\n');
  }
  expect(unlinks).toBeGreaterThan(1000);
  expect(EVENTS.filter((event) => !story.includes(event))).toEqual([]);
});
