/** Every kill while two delete batches overlap: at each call, with a slow index, slow footage, and neither. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleSubject, type Bundle } from '../crash/bundle.ts';
import { CALLS, makeOverlap, strace } from '../crash/overlap.ts';
import { report } from './report.ts';

let subject: Bundle;
beforeAll(async () => {
  subject = await bundleSubject([], 'overlap');
});
afterAll(() => {
  subject.remove();
});

const SLOW = [
  { what: 'nothing', slow: undefined },
  { what: 'the index', slow: 'pwrite64' },
  { what: 'the footage', slow: 'unlink' },
];

describe.each(SLOW)('a kill while batches overlap and $what is slow', ({ what, slow }) => {
  // A call has one fault: the one that kills is not slow, which is what the first scenario does.
  it.each(CALLS.filter((call) => call !== slow))(
    'at every %s is got over',
    { timeout: 3_600_000 },
    (call) => {
      expect(strace, 'strace is installed').toBe(true);
      const delays = slow === undefined ? [] : [`${slow}:delay_enter=10000`];
      let most = 0;
      let at = 0;
      for (let killed = true; killed;) {
        at += 1;
        const scene = makeOverlap(subject.entry);
        killed = scene.sweep(...delays, `${call}:signal=KILL:when=${String(at)}`);
        most = Math.max(most, scene.openIntents());
        scene.expectSound();
        scene.remove();
      }
      report(`killed while batches overlap and ${what} is slow: ${String(at - 1)} times at ${call}`);
      expect(most, 'never more than two').toBeLessThanOrEqual(2);
      if (call === 'unlink' && slow === 'pwrite64') expect(most, 'two at once').toBe(2);
    },
  );
});
