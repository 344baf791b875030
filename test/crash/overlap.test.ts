import { afterAll, beforeAll, expect, test } from 'vitest';
import { HANG_MS } from '../support/hang.ts';
import { bundleSubject, type Bundle } from './bundle.ts';
import { makeOverlap, strace } from './overlap.ts';

let subject: Bundle;
beforeAll(async () => {
  subject = await bundleSubject([], 'overlap');
});
afterAll(() => {
  subject.remove();
});

/** The index is slow, so that the first batch (unlinks 1 and 2) has no receipt yet when the second is unlinked. */
test.each([3, 4])(
  'a kill at unlink %i, with two batches under way, is got over',
  { timeout: HANG_MS },
  (at) => {
    expect(strace, 'strace is installed').toBe(true);
    const scene = makeOverlap(subject.entry);
    expect(scene.sweep('pwrite64:delay_enter=10000', `unlink:signal=KILL:when=${String(at)}`)).toBe(true);
    expect(scene.openIntents()).toBe(2);
    scene.expectSound();
    scene.remove();
  },
);
