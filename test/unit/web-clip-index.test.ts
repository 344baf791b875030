/** Which clip shows a moment, while the clips themselves grow. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ClipView } from '../../src/http/api/index.ts';
import { ClipIndex } from '../../src/web/player/clip-index.ts';

const HOUR = Date.UTC(2026, 10, 20, 22);
const NOW = HOUR + 10 * 60_000;

const clip = (id: number, of: { startMs: number; endMs: number; state?: ClipView['state'] }): ClipView => ({
  id,
  cameraId: 'hall',
  kind: 'video',
  state: 'live',
  sizeBytes: 1,
  flags: [],
  dueMs: null,
  heldBy: [],
  media: null,
  ...of,
});
/** The clip as it was seen while it was written, and as it was in the end. */
const growing = clip(1, { startMs: NOW - 80_000, endMs: NOW - 34_000, state: 'recording' });
const whole = clip(1, { startMs: NOW - 80_000, endMs: NOW - 20_000 });
const next = clip(2, { startMs: NOW - 20_000, endMs: NOW - 5000, state: 'recording' });
const AT = NOW - 30_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What is found at a moment at once, and when the answer to what was asked for that has come. */
async function found(index: ClipIndex, ms = AT): Promise<string[]> {
  const before = index.ofFootage('hall', ms, NOW).kind;
  await vi.advanceTimersByTimeAsync(1);
  return [before, index.ofFootage('hall', ms, NOW).kind];
}

test('past the end of a growing clip the clips are asked for again, once, and none is told meanwhile', async () => {
  const fetch = vi.fn().mockResolvedValueOnce([growing, next]).mockResolvedValue([whole, next]);
  const index = new ClipIndex(fetch, () => undefined);
  expect(await found(index)).toEqual(['asking', 'none']);
  await vi.advanceTimersByTimeAsync(2000);
  expect([1, 2].map(() => index.ofFootage('hall', AT, NOW).kind)).toEqual(['asking', 'asking']);
  expect(fetch).toHaveBeenCalledTimes(2);
  expect(await found(index)).toEqual(['asking', 'clip']);
});

test('a refusal is an answer: it is not asked again at once', async () => {
  const fetch = vi.fn().mockResolvedValueOnce([growing, next]).mockRejectedValue(new Error('refused'));
  const index = new ClipIndex(fetch, () => undefined);
  await found(index);
  await vi.advanceTimersByTimeAsync(2000);
  expect(await found(index)).toEqual(['asking', 'none']);
  expect(await found(index)).toEqual(['none', 'none']);
  expect(fetch).toHaveBeenCalledTimes(2);
});

test('past the end of a clip that is whole there is none, by an answer of some seconds ago too', async () => {
  const ended = clip(1, { startMs: NOW - 80_000, endMs: NOW - 34_000 });
  const fetch = vi.fn().mockResolvedValue([ended, next]);
  const index = new ClipIndex(fetch, () => undefined);
  await found(index);
  await vi.advanceTimersByTimeAsync(5000);
  expect(await found(index)).toEqual(['none', 'none']);
  expect(fetch).toHaveBeenCalledTimes(1);
});
