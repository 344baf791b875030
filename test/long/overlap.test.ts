/** Every kill while two delete batches overlap: at each call, with a slow index, slow footage, and neither. */
import { describe, expect, it } from 'vitest';
import { CALLS, makeOverlap, strace } from '../crash/overlap.ts';

const SLOW = [
  { what: 'nothing', slow: undefined },
  { what: 'the index', slow: 'pwrite64' },
  { what: 'the footage', slow: 'unlink' },
];

describe.each(SLOW)('a kill while batches overlap and $what is slow', ({ slow }) => {
  it.each(CALLS)('at every %s is got over', { timeout: 3_600_000 }, (call) => {
    expect(strace, 'strace is installed').toBe(true);
    // A call has one fault: the one that kills is not slow.
    const delays = slow === undefined || slow === call ? [] : [`${slow}:delay_enter=10000`];
    let most = 0;
    let killed = true;
    for (let at = 1; killed; at += 1) {
      const scene = makeOverlap();
      killed = scene.sweep(...delays, `${call}:signal=KILL:when=${String(at)}`);
      most = Math.max(most, scene.openIntents());
      scene.expectSound();
      scene.remove();
    }
    expect(most, 'never more than two').toBeLessThanOrEqual(2);
    if (call === 'unlink' && slow === 'pwrite64') expect(most, 'two at once').toBe(2);
  });
});
