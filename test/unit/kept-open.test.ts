import { beforeEach, expect, test } from 'vitest';
import { KEEP_MS, KeptOpen, MAX_KEPT } from '../../src/clips/kept-open.ts';
import type { OpenedClip } from '../../src/clips/opened.ts';

let opened: number;
let closed: number[];
let current: boolean;
let timers: Map<number, () => void>;
let kept: KeptOpen;
beforeEach(() => {
  opened = 0;
  closed = [];
  current = true;
  timers = new Map();
  kept = new KeptOpen({
    open: () => {
      const fd = (opened += 1);
      const close = (): Promise<void> => Promise.resolve(void closed.push(fd));
      return Promise.resolve({ fd, sizeBytes: 9, ino: 1n, mtimeNs: 2n, close });
    },
    isCurrent: () => current,
    after: (ms, work) => {
      expect(ms).toBe(KEEP_MS);
      const n = timers.size + 1;
      timers.set(n, work);
      return () => timers.delete(n);
    },
  });
});

const open = async (clipId = 7): Promise<OpenedClip> => (await kept.open(clipId))!;
const timeIsOver = (): void => {
  for (const [n, work] of timers) {
    timers.delete(n);
    work();
  }
};

test('the next range of a clip gets the descriptor of the one before, another clip its own', async () => {
  const first = await open();
  await first.close();
  expect([(await open()).fd, (await open(8)).fd]).toEqual([1, 2]);
  expect(closed).toEqual([]);
});

test('two at once never share a descriptor', async () => {
  const [a, b] = [await open(), await open()];
  expect([a.fd, b.fd]).toEqual([1, 2]);
});

test('its time begins at the opening: it is closed then, or when its user leaves it', async () => {
  const idle = await open();
  await idle.close();
  const used = await open(8);
  timeIsOver();
  expect(closed).toEqual([1]);
  expect((await open(8)).fd).toBe(3);
  await used.close();
  expect(closed).toEqual([1, 2]);
});

test('when the index says otherwise of the clip it is opened anew', async () => {
  await (await open()).close();
  current = false;
  const again = await open();
  expect([again.fd, closed]).toEqual([2, [1]]);
  await again.close();
  expect([closed, timers.size]).toEqual([[1, 2], 0]);
});

test('when a deletion asks for it nothing waits any more, and what is in use is closed by its user', async () => {
  const used = await open();
  await (await open()).close();
  await (await open(8)).close();
  await kept.closeForClips([7]);
  expect(closed).toEqual([2]);
  await used.close();
  expect(closed).toEqual([2, 1]);
  await kept.closeAll();
  expect([closed, timers.size]).toEqual([[2, 1, 3], 0]);
});

test('no more than its limit is kept', async () => {
  const files = [];
  for (let i = 0; i <= MAX_KEPT; i += 1) files.push(await open(i));
  for (const file of files) await file.close();
  expect(closed).toEqual([MAX_KEPT + 1]);
});
